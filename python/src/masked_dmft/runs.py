"""The folder of a run, read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from masked_dmft.folders import Folder
from masked_dmft.kernels import Kernels
from masked_dmft.tables import read_curves, read_table, wide
from masked_dmft.yaml import read_yaml

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Run:
    """What a command wrote: tables, kernels, the problem. Files are read when asked for.

    Attributes:
        folder: Its folder. A temporary one is deleted with the last reference to the run, its
            kernels and tables.
        report: What the program printed; empty for a run that was read.
    """

    def __init__(
        self,
        folder: Folder,
        *,
        report: str = "",
    ) -> None:
        """Take the run in a folder; `masked_dmft.read` and the commands call this."""
        self._folder = folder
        self.folder = folder.path
        self.report = report
        if not (self.folder / "run.yaml").is_file():
            raise FileNotFoundError(
                f"{self.folder} holds no run of dmft (no run.yaml); "
                "masked_dmft.read_table reads a single CSV file"
            )

    def __fspath__(self) -> str:
        return os.fspath(self.folder)

    def __repr__(self) -> str:
        return f"<dmft {self.command}: {len(self.files)} files in {self.folder}>"

    @cached_property
    def run(self) -> dict[str, Any]:
        """What ``run.yaml`` holds: files, command, versions, wall time, diagnostics, problem."""
        content: dict[str, Any] = read_yaml(self.folder / "run.yaml")
        return content

    @property
    def command(self) -> str:
        """The command that wrote it, such as ``"solve"``."""
        words = self.run["command"].split()
        return str(words[1])

    @property
    def work(self) -> str:
        """The command whose results they are: of merged parts the one that made the parts."""
        return str(self.run.get("merged_command", self.command)).split()[0]

    @property
    def files(self) -> list[str]:
        """All files, as paths in the folder."""
        return list(self.run["files"])

    @property
    def problem(self) -> dict[str, Any]:
        """The whole problem, with defaults and changes; the commands take it as a problem.

        A run of `fit` has none.
        """
        return dict(self.run.get("problem", {}))

    @property
    def diagnostics(self) -> dict[str, Any]:
        """How the solution went, bounds on the test error, notes."""
        return dict(self.run.get("diagnostics", {}))

    @property
    def agree(self) -> bool | None:
        """Whether theory and training agree; None if they were not compared."""
        return self.diagnostics.get("agree")

    @cached_property
    def curves(self) -> pd.DataFrame:
        """All curves, a row for each point.

        Columns solver (theory or training), case (a rule, ``single``, ``d500``, ...; empty if
        there are none), step, time, observable, value, standard_error.

        Raises:
            LookupError: The command draws no curves; its tables are in `tables`.
        """
        files = [PurePath(file) for file in self.files if PurePath(file).name == "curves.csv"]
        if not files:
            raise LookupError(
                f"a run of {self.command} has no curves; it has the tables {', '.join(self.tables)}"
            )
        return read_curves(
            self.folder, files, root="training" if self.work == "train" else "theory"
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """The curves with a column per observable against the step.

        With several solvers or cases these are the first levels of the columns:
        ``run.table["theory", "test_loss"]``. `wide` does this to other rows, or against time.
        """
        return wide(self.curves)

    @cached_property
    def errors(self) -> pd.DataFrame:
        """The standard errors, in the shape of `table`."""
        return wide(self.curves, values="standard_error")

    @cached_property
    def kernels(self) -> Kernels:
        """The two-time kernels of `solve`; empty if there are none."""
        return Kernels(self._folder)

    @cached_property
    def tables(self) -> Tables:
        """All other CSV files by name, such as ``"comparison"`` or ``"single/comparison"``."""
        return Tables(self._folder, self.files)

    def plot(self, *names: str) -> Figure:
        """Draw curves or columns of tables, a panel each, with error bars.

        Theory is lines, training points. Columns of other tables are drawn against the first
        column of theirs that orders them: a lag, a frequency, the key of a scan.

        Args:
            names: Observables, such as ``"test_loss"``; ``"norm"`` draws all norms. By default
                those of the program's figure that the run has.

        >>> import masked_dmft as md
        >>> run = md.solve(md.example(), {"steps": 5})
        >>> [panel.get_ylabel() for panel in run.plot("test_error", "norm").axes]
        ['test error (fraction wrong)', 'norm C(t,t)']
        """
        from masked_dmft.figures import figure

        return figure(self, names)


class Tables(Mapping[str, "pd.DataFrame"]):
    """CSV files by name, read when they are asked for."""

    def __init__(self, folder: Folder, files: list[str]) -> None:
        """Take all CSV files but curves and kernels."""
        self._folder = folder
        self._names = [
            str(PurePath(file).with_suffix(""))
            for file in files
            if file.endswith(".csv")
            and PurePath(file).name != "curves.csv"
            and PurePath(file).parts[0] != "kernels"
        ]
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise KeyError(f"{name}: not in {self._folder.path}, which has {', '.join(self)}")
        if name not in self._read:
            self._read[name] = read_table(self._folder.path / f"{name}.csv")
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"<tables {', '.join(self) or '(none)'} in {self._folder.path}>"
