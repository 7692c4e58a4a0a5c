"""Sweeps: a command at every point of a grid, as tasks that may be stopped and continued."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from masked_dmft.arguments import option_arguments, problem_text, set_arguments, word
from masked_dmft.extras import needed
from masked_dmft.folders import Folder
from masked_dmft.labels import label
from masked_dmft.program import call, execute
from masked_dmft.runs import Run
from masked_dmft.tables import read_table
from masked_dmft.yaml import read_yaml

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FAILED = 70
"""The exit code of a sweep some of whose tasks failed, which is noted."""

SEED = "seed"
"""The key over whose values figures and grids are averaged."""

MOST = 2
"""Keys that a figure shows, at most."""

FEW = 10
"""Values of a key that are all named on an axis, at most."""


def sweep(
    problem: str | os.PathLike[str] | Mapping[str, Any],
    vary: Mapping[str, str | Iterable[Any]],
    changes: Mapping[str, Any] | None = None,
    *,
    command: str = "solve",
    pair: bool = False,
    output: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    threads_per_task: int | None = None,
    progress: bool | None = None,
    **options: Any,
) -> Sweep:
    """Run a command at every point of a grid, and return what came of it.

    Args:
        problem: The problem file, or a problem as a dict.
        vary: For each key its values: a list, or a text such as ``"0.5:8:9:log"`` for nine
            numbers that are equally spaced in ratio. The key ``seed`` is the option.
        changes: Changes to the problem that all points have, as for `solve`.
        command: ``"solve"``, ``"train"``, ``"compare"``, ``"rules"``, ``"stationary"``,
            ``"static"`` or ``"online"``.
        pair: Whether the keys advance together, instead of making all combinations.
        output: The folder of the sweep; by default a temporary one, which is deleted with the
            last reference to it.
        jobs: Tasks at once; by default as cores and memory allow.
        threads_per_task: Threads of each task, by default 1.
        progress: Whether to show progress; by default in notebooks and terminals.
        options: Options of the command, such as ``kernels=False``.

    Raises:
        DmftError: The program refuses a point, which it names, or an option.
        ProgramNotFoundError: There is no program.

    >>> import masked_dmft as md
    >>> sweep = md.sweep(md.example(), {"samples_per_weight": [1, 4], "seed": "1:2"},
    ...                  {"steps": 5}, kernels=False)
    >>> sweep.table[["samples_per_weight", "seed"]].to_numpy().tolist()
    [[1, 1], [1, 2], [4, 1], [4, 2]]
    >>> sweep.grid("test_loss").round(2)
    samples_per_weight
    1    0.66
    4    0.58
    Name: test_loss, dtype: float64
    """
    folder = Folder.temporary() if output is None else Folder(Path(output))
    varied = [f"--vary={key}={texts(values)}" for key, values in vary.items()]
    planned = {"pair": pair, "command": command, "output": folder.path, "probe": False}
    execute(
        [
            "sweep",
            "plan",
            "-" if isinstance(problem, Mapping) else os.fspath(problem),
            *varied,
            *option_arguments(planned),
            "--",
            *set_arguments(changes or {}),
            *option_arguments(options),
        ],
        stdin=problem_text(problem) if isinstance(problem, Mapping) else "",
        progress=False,
    )
    planned_sweep = Sweep(folder)
    planned_sweep.run(jobs=jobs, threads_per_task=threads_per_task, progress=progress)
    return planned_sweep


def texts(values: str | Iterable[Any]) -> str:
    """Return the values of a key as the program takes them.

    >>> texts([0.1, 0.3]), texts("1:5"), texts([{"kind": "sign"}, {"kind": "lazy"}])
    ('0.1,0.3', '1:5', '{"kind": "sign"},{"kind": "lazy"}')
    """
    if isinstance(values, str):
        return values
    if hasattr(values, "tolist"):
        values = values.tolist()
    return ",".join(
        problem_text(value) if isinstance(value, Mapping) else word(value) for value in values
    )


class Sweep:
    """The folder of a sweep: its plan, what is done, and the tables of all of it.

    Attributes:
        folder: Its folder. A temporary one is deleted with the last reference to it.
    """

    def __init__(self, folder: Folder) -> None:
        """Take the sweep in a folder; `masked_dmft.read` and `sweep` call this."""
        self._folder = folder
        self.folder = folder.path
        if not (self.folder / "sweep.yaml").is_file():
            raise FileNotFoundError(
                f"{self.folder} holds no sweep of dmft (no sweep.yaml); plan one first"
            )

    def __fspath__(self) -> str:
        return os.fspath(self.folder)

    def __repr__(self) -> str:
        return (
            f"<dmft sweep: {self.plan['tasks']} tasks of {self.plan['command']} in {self.folder}>"
        )

    def __len__(self) -> int:
        return int(self.plan["tasks"])

    @cached_property
    def plan(self) -> dict[str, Any]:
        """What ``sweep.yaml`` holds: command, options, axes, number of tasks."""
        content: dict[str, Any] = read_yaml(self.folder / "sweep.yaml")
        return content

    @property
    def keys(self) -> list[str]:
        """The keys that are varied."""
        return [axis["key"] for axis in self.plan["axes"]]

    @property
    def tasks(self) -> pd.DataFrame:
        """The values of each task, by its number."""
        return read_table(self.folder / "tasks.csv").set_index("task")

    def task(self, number: int) -> Run:
        """Return the run of a task.

        Raises:
            LookupError: The task has no results yet, or there is no such task.
        """
        done = {int(place.name): place for place in (self.folder / "tasks").glob("[0-9]*")}
        if number not in done:
            raise LookupError(f"task {number} is not done; {self.status()}")
        return Run(Folder(done[number]))

    def status(self) -> str:
        """Say how many tasks are done, failed, running and missing."""
        return call("sweep", "status", os.fspath(self)).strip()

    def run(
        self,
        *,
        jobs: int | None = None,
        threads_per_task: int | None = None,
        retry: bool = False,
        progress: bool | None = None,
    ) -> None:
        """Run the tasks that are not done; those that failed too if ``retry``.

        A task that fails is no error here: see `failures`.
        """
        options = {"jobs": jobs, "threads_per_task": threads_per_task, "retry": retry}
        arguments = ["sweep", "run", os.fspath(self), *option_arguments(options)]
        finished = execute(arguments, progress=progress, accepted=(0, FAILED))
        for name in ("table", "curves"):
            self.__dict__.pop(name, None)
        if finished.exit_code == FAILED and not self.failures:
            execute(arguments, progress=False)

    @property
    def failures(self) -> dict[int, str]:
        """The messages of tasks that failed, by number."""
        files = sorted((self.folder / "failures").glob("*.yaml"))
        return {int(file.stem): str(read_yaml(file)["message"]) for file in files}

    def collect(self) -> Path:
        """Make the tables of what is done, and return their folder; `table` calls this."""
        call("sweep", "collect", os.fspath(self))
        return self.folder / "collected"

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each task: its values, and every observable at its last step with its error."""
        return read_table(self.collect() / "sweep.csv").set_index("task")

    @cached_property
    def curves(self) -> pd.DataFrame:
        """All curves: task, its values, step, time, observable, value, standard_error.

        Raises:
            LookupError: The command draws no curves.
        """
        file = self.collect() / "curves.csv"
        if not file.is_file():
            raise LookupError(f"a sweep of {self.plan['command']} has no curves; use its table")
        return read_table(file)

    def shown(self, by: Sequence[str] | None = None) -> list[str]:
        """Return the keys that figures show: those named, else the first two but seeds."""
        keys = list(by or [key for key in self.keys if key != SEED] or self.keys)
        if by is None:
            keys = keys[: 1 if self.plan["paired"] else MOST]
        if not set(keys) <= set(self.keys) or not 1 <= len(keys) <= MOST:
            raise LookupError(
                f"{', '.join(keys)}: a figure shows one key or two of {', '.join(self.keys)}"
            )
        return keys

    def grid(self, observable: str, by: Sequence[str] | None = None) -> pd.DataFrame | pd.Series:
        """Return the last values of an observable over one key, or over two as a matrix.

        Args:
            observable: A column of `table`.
            by: The keys, by default the first two that are not the seed. What is not named is
                averaged over.

        Raises:
            LookupError: There is no such column or key.
        """
        keys = self.shown(by)
        if observable not in self.table:
            names = [name for name in self.table if not str(name).endswith("_standard_error")]
            raise LookupError(f"{observable}: the sweep has {', '.join(map(str, names))}")
        means = self.table.groupby(keys, sort=False)[observable].mean()
        return means if len(keys) == 1 else means.unstack(keys[0])

    def plot(self, observable: str = "test_error", by: Sequence[str] | None = None) -> Figure:
        """Draw an observable over one key as a line, or over two as a map.

        >>> import masked_dmft as md
        >>> sweep = md.sweep(md.example(), {"weight_decay": "0.01:1:3:log"}, {"steps": 5})
        >>> [axis.get_xscale() for axis in sweep.plot("norm").axes]
        ['log']
        """
        pyplot = needed("matplotlib.pyplot", extra="plot")
        values = self.grid(observable, by)
        keys = self.shown(by)
        figure, axis = pyplot.subplots(figsize=(5.6, 4.2), layout="constrained")
        axis.set_xlabel(keys[0])
        if len(keys) == 1:
            axis.plot(places(values.index), values.to_numpy(), marker="o", linewidth=1.4)
            axis.set_ylabel(label(observable))
            self.scale(axis.xaxis, keys[0], values.index)
        else:
            mesh = axis.pcolormesh(
                edges(values.columns, self.is_logarithmic(keys[0])),
                edges(values.index, self.is_logarithmic(keys[1])),
                values.to_numpy(),
            )
            figure.colorbar(mesh, label=label(observable))
            axis.set_ylabel(keys[1])
            self.scale(axis.xaxis, keys[0], values.columns)
            self.scale(axis.yaxis, keys[1], values.index)
        pyplot.close(figure)
        drawn: Figure = figure
        return drawn

    def is_logarithmic(self, key: str) -> bool:
        """Whether the values of a key were asked for equally spaced in ratio."""
        return any(
            axis["scale"] == "logarithmic" for axis in self.plan["axes"] if axis["key"] == key
        )

    def scale(self, axis: Any, key: str, values: pd.Index) -> None:
        """Scale an axis as its key was spaced; name its values where they are words or few."""
        if self.is_logarithmic(key):
            axis.axes.set(**{f"{axis.axis_name}scale": "log"})
        if values.dtype.kind not in "if" or len(values) <= FEW:
            axis.set_ticks(
                places(values),
                [f"{value:.3g}" if is_number(value) else str(value) for value in values],
            )
            axis.set_ticks([], minor=True)


def is_number(value: Any) -> bool:
    """Whether an entry of an index is a number."""
    return hasattr(value, "__float__")


def places(values: pd.Index) -> Any:
    """Return where values stand on an axis: numbers where they are, words one after the other."""
    return values.to_numpy() if values.dtype.kind in "if" else np.arange(len(values))


def edges(values: pd.Index, logarithmic: bool) -> Any:
    """Return the edges of cells about values, half way between neighbours on the scale.

    >>> import pandas as pd
    >>> edges(pd.Index([1, 3, 4]), False).tolist(), edges(pd.Index([1, 4]), True).round(9).tolist()
    ([0.0, 2.0, 3.5, 4.5], [0.5, 2.0, 8.0])
    """
    at = np.log(places(values)) if logarithmic else places(values).astype(float)
    middle = (at[1:] + at[:-1]) / 2
    first, last = (middle[0], middle[-1]) if len(at) > 1 else (at[0] - 0.5, at[0] + 0.5)
    ends = [2 * at[0] - first], [2 * at[-1] - last]
    all_edges = np.concatenate([ends[0], middle, ends[1]])
    return np.exp(all_edges) if logarithmic else all_edges
