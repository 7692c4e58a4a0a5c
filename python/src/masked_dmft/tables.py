"""CSV files as tables, and tables of curves in two shapes."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING

from masked_dmft.extras import needed

if TYPE_CHECKING:
    import pandas as pd

SOLVERS = ("theory", "training")


def read_table(file: str | os.PathLike[str] | IO[str]) -> pd.DataFrame:
    r"""Read a CSV file of the program: all digits, and only empty cells are missing.

    >>> import io
    >>> read_table(io.StringIO("rule,value\nnone,0.6993607827762189\nnan,"))
       rule     value
    0  none  0.699361
    1   nan       NaN
    """
    pandas = needed("pandas", extra="pandas")
    # From 3.1 on pandas reads all digits, and does not like to be told.
    old = tuple(map(int, pandas.__version__.split(".")[:2])) < (3, 1)
    digits = {"float_precision": "round_trip"} if old else {}
    table: pd.DataFrame = pandas.read_csv(file, keep_default_na=False, na_values=[""], **digits)
    return table


def read_curves(folder: Path, files: list[PurePath], root: str) -> pd.DataFrame:
    """Return curves of several files in one tidy table.

    Args:
        folder: The folder of a run.
        files: Its files named ``curves.csv``.
        root: The solver of a file that stands at the root.

    Returns:
        Columns solver (theory or training), case (a rule, ``single``, ``d500``, ...; empty if
        there are no cases), step, time, observable, value, standard_error.
    """
    pandas = needed("pandas", extra="pandas")
    tables = []
    for file in files:
        parts = file.parent.parts
        solver = "training" if "training" in parts else root
        case = "/".join(part for part in parts if part not in (*SOLVERS, "rules"))
        table = read_table(folder / file)
        table.insert(0, "solver", solver)
        table.insert(1, "case", case)
        tables.append(table)
    return pandas.concat(tables, ignore_index=True)


def wide(curves: pd.DataFrame, values: str = "value", index: str = "step") -> pd.DataFrame:
    """Return curves with one column per observable.

    Args:
        curves: A tidy table, such as ``run.curves`` or rows of it.
        values: ``"value"``, or ``"standard_error"``.
        index: ``"step"`` or ``"time"``.

    Returns:
        A table whose columns are observables, in their order in ``curves``. If there are several
        solvers or cases, columns have these as first levels: ``table["theory", "test_loss"]``.
    """
    levels = [name for name in ("solver", "case") if name in curves and curves[name].nunique() > 1]
    columns = [*levels, "observable"]
    order = curves[columns].drop_duplicates()
    keys = order.observable if not levels else list(order.itertuples(index=False, name=None))
    table = curves.pivot(index=index, columns=columns, values=values)[list(keys)]
    if not levels:
        table.columns.name = None
    return table
