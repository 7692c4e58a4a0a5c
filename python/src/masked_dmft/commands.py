"""A function for each command of the program; its options are keyword arguments.

``dmft COMMAND --help`` says what they mean, ``dmft list`` which keys a problem has. The program
checks both. A value that is a list stands for one with commas, ``True`` for an option without a
value.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from masked_dmft.arguments import option_arguments, problem_text, set_arguments
from masked_dmft.folders import Folder
from masked_dmft.program import call, execute
from masked_dmft.runs import Run
from masked_dmft.tables import read_table
from masked_dmft.yaml import parse_yaml

if TYPE_CHECKING:
    import pandas as pd

Problem: TypeAlias = str | os.PathLike[str] | Mapping[str, Any]
"""A problem file, or a problem as a dict."""

DISAGREE = 1
"""The exit code of a run whose theory and training disagree, which is a result."""


def command(
    name: str,
    problem: Problem,
    changes: Mapping[str, Any] | None = None,
    *,
    output: str | os.PathLike[str] | None = None,
    progress: bool | None = None,
    **options: Any,
) -> Run:
    """Run a command that writes a folder, and return what it wrote.

    Args:
        name: The command, such as ``"aging"``.
        problem: The problem file, or a problem as a dict.
        changes: Changes to it, as dicts in dicts or with dotted keys. A dict with a key ``kind``
            replaces an ingredient; any other changes the keys that it names.
        output: The folder for the results; by default a temporary one, which is deleted with the
            last reference to the run.
        progress: Whether to show progress; by default in notebooks and terminals.
        options: Options of the command, such as ``threads=2`` or ``force=True``.

    Raises:
        DmftError: The program refuses the problem or an option, or cannot solve it.
        ProgramNotFoundError: There is no program.

    >>> run = command("aging", example(), {"steps": 8, "theory.trajectories": 400},
    ...               waiting=[0, 4], stationary=False)
    >>> run.tables["aging"].groupby("waiting_step").lag.max().to_dict()
    {0: 8, 4: 4}
    """
    folder = Folder.temporary() if output is None else Folder(Path(output))
    text = problem_text(problem) if isinstance(problem, Mapping) else ""
    arguments = [
        name,
        "-" if isinstance(problem, Mapping) else os.fspath(problem),
        *set_arguments(changes or {}),
        *option_arguments(options),
        f"--output={folder.path}",
    ]
    finished = execute(arguments, stdin=text, progress=progress, accepted=(0, DISAGREE))
    return Run(folder, report=finished.output)


def solve(problem: Problem, changes: Mapping[str, Any] | None = None, **options: Any) -> Run:
    """Solve the mean-field theory; arguments as in `command`.

    >>> run = solve(example(), {"steps": 5})
    >>> run.kernels["correlation"].shape
    (6, 6, 1, 1)
    """
    return command("solve", problem, changes, **options)


def train(problem: Problem, changes: Mapping[str, Any] | None = None, **options: Any) -> Run:
    """Train directly at finite dimension; arguments as in `command`.

    >>> run = train(example(), {"steps": 5, "training": {"dimension": 50, "runs": 4}})
    >>> run.problem["training"]["dimension"]
    50
    """
    return command("train", problem, changes, **options)


def compare(problem: Problem, changes: Mapping[str, Any] | None = None, **options: Any) -> Run:
    """Solve, train, and compare; arguments as in `command`.

    Theory and training that disagree are no error: see `Run.agree`.

    >>> run = compare(example(), {"steps": 5, "training.dimension": 200})
    >>> run.agree
    True
    >>> list(run.tables)
    ['comparison']
    """
    return command("compare", problem, changes, **options)


def rules(problem: Problem, changes: Mapping[str, Any] | None = None, **options: Any) -> Run:
    """Rank learning rules by performance and synaptic energy; arguments as in `command`.

    >>> run = rules(example(), {"steps": 5}, rules=["plain", "sign:learning_rate=0.1"])
    >>> run.tables["rules"].eta.tolist()
    [0.2, 0.1]
    """
    return command("rules", problem, changes, **options)


def stationary(problem: Problem, changes: Mapping[str, Any] | None = None, **options: Any) -> Run:
    """Solve for the steady state in which learning ends; arguments as in `command`.

    >>> run = stationary(example(), {"weight_decay": 0.5, "loss.kind": "square"})
    >>> list(run.tables)
    ['effective_temperature', 'kernels', 'spectra']
    """
    return command("stationary", problem, changes, **options)


def static(problem: Problem, changes: Mapping[str, Any] | None = None, **options: Any) -> Run:
    """Find the minimiser of a convex loss; arguments as in `command`.

    >>> run = static(example(), scan="samples_per_weight=1:5:3")
    >>> run.tables["static"].samples_per_weight.tolist()
    [1.0, 3.0, 5.0]
    """
    return command("static", problem, changes, **options)


def online(problem: Problem, changes: Mapping[str, Any] | None = None, **options: Any) -> Run:
    """Learn from fresh samples at every step; arguments as in `command`.

    >>> run = online(example(), {"steps": 4, "sample_mask": {"kind": "full"}})
    >>> run.curves.case.unique().tolist()
    ['', 'single']
    """
    return command("online", problem, changes, **options)


def aging(problem: Problem, changes: Mapping[str, Any] | None = None, **options: Any) -> Run:
    """Watch weights from waiting times on, ``waiting=[...]``; arguments as in `command`."""
    return command("aging", problem, changes, **options)


def merge(
    *parts: str | os.PathLike[str], output: str | os.PathLike[str] | None = None, **options: Any
) -> Run:
    """Put together what several commands with ``runs`` or ``batches`` have computed.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> shares = ["1-2", "3-4"]
    >>> small = {"steps": 5, "training": {"dimension": 50, "runs": 4}}
    >>> for share in shares:
    ...     call_of_machine = train(example(), small, runs=share, output=f"{folder.name}/{share}")
    >>> merged = merge(*(f"{folder.name}/{share}" for share in shares))
    >>> merged.curves.solver.unique().tolist()
    ['training']
    >>> merged.table.equals(train(example(), small).table)
    True
    >>> folder.cleanup()
    """
    folder = Folder.temporary() if output is None else Folder(Path(output))
    folders = [os.fspath(part) for part in parts]
    arguments = [*folders, *option_arguments(options), f"--output={folder.path}"]
    finished = execute(["merge", *arguments], progress=False, accepted=(0, DISAGREE))
    return Run(folder, report=finished.output)


def fit(
    data: str | os.PathLike[str],
    *,
    output: str | os.PathLike[str] | None = None,
    **options: Any,
) -> Run:
    """Fit a Gaussian mixture to a CSV file of labelled data.

    The problem files it writes are ``run.folder / "mixture.yaml"``, ``groups.yaml`` and
    ``measured.yaml``. Arguments as in `command`.
    """
    return command("fit", data, output=output, progress=False, **options)


def export(
    run: str | os.PathLike[str],
    *,
    output: str | os.PathLike[str] | None = None,
    **options: Any,
) -> Path:
    """Convert the kernels of a solved run, ``kernel_format="npy"`` or ``"csv"``.

    Returns:
        The folder they are in: ``output``, or ``kernels`` in the folder of the run.

    >>> run = solve(example(), {"steps": 5})
    >>> folder = export(run)
    >>> (folder / "response.npy").is_file()
    True
    """
    call("export", os.fspath(run), *option_arguments({**options, "output": output}))
    return Path(output) if output is not None else Path(run, "kernels")


def bounds(**options: Any) -> pd.DataFrame:
    """Return physical bounds on the energy of training, in joules; options as keywords.

    >>> table = bounds(workloads=True, gamma=10).set_index("workload")
    >>> round(table.reported_over_lim["GPT-3"].item())
    54731
    """
    return read_table(io.StringIO(call("bounds", "--csv", *option_arguments(options))))


def example(name: str | None = None) -> dict[str, Any]:
    """Return a problem that the program ships, by default that of ``examples/demo.yaml``.

    ``print(call("example", name))`` shows its comments.

    >>> example("xor-committee")["data"]
    {'kind': 'xor', 'separation': 1.5, 'variance': 0.2}
    """
    problem: dict[str, Any] = parse_yaml(call("example", *([name] if name else [])))
    return problem
