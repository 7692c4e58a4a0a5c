"""Figures of runs: theory as lines, training as points with error bars."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from masked_dmft.extras import needed
from masked_dmft.labels import PLOTTED, base, label, time_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from masked_dmft.runs import Run

POINTS = 20
"""Points of training per curve, at most about."""

MOST = 8
"""Curves of one family, such as the norms of hidden units, at most."""

AGAINST = {
    "aging": ("lag_time", "waiting_step"),
    "effective_temperature": ("time", None),
    "kernels": ("time", None),
    "spectra": ("frequency", None),
    "spectrum": ("index", None),
    "static": (None, None),
    "weights": ("weight_over_rms", "unit"),
}
"""For each table that is drawn: its column on the horizontal axis (None: the first), and the
column by which its rows are separate lines."""

ERROR = "_standard_error"


def use_style() -> None:
    """Make all figures look like those of the exported studies; SVG in notebooks.

    Files are the same bytes each time with ``figure.savefig(..., metadata={"Date": None})``.
    """
    pyplot = needed("matplotlib.pyplot", extra="plot")
    pyplot.rcParams.update(
        {
            "svg.hashsalt": "dmft",
            "axes.grid": True,
            "grid.alpha": 0.25,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "legend.frameon": False,
        }
    )
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if hasattr(shell, "kernel"):
        needed("matplotlib_inline.backend_inline", extra="plot").set_matplotlib_formats("svg")


def draw(
    axis: Axes,
    table: pd.DataFrame,
    observable: str,
    *,
    x: str = "time",
    color: Any = "C0",
    marker: str = "o",
    label: str | None = None,
    **points: Any,
) -> None:
    """Draw an observable: theory as a line, training as points with one standard error.

    Args:
        axis: Where to draw.
        table: A table ``comparison``, or curves with a column ``solver``; of either it may hold
            one only.
        observable: Its name.
        x: The column on the horizontal axis, ``"time"`` or ``"step"``.
        color: Of line and points.
        marker: Of the points.
        label: In the legend; the points', or the line's if there are none.
        points: Other arguments for the points, such as ``markersize``.

    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> figure, axis = plt.subplots()
    >>> draw(axis, pd.DataFrame({"observable": "norm", "time": [0, 1], "theory": [1.0, 2.0],
    ...                          "training": [1.1, 1.9], "training_standard_error": 0.1}), "norm")
    >>> axis.lines[0].get_ydata().tolist(), len(axis.containers)
    ([1.0, 2.0], 1)
    >>> plt.close(figure)
    """
    rows = table[table.observable == observable]
    if "solver" in rows:
        theory = rows[rows.solver == "theory"].rename(columns={"value": "theory"})
        training = rows[rows.solver == "training"].rename(
            columns={"value": "training", "standard_error": f"training{ERROR}"}
        )
    else:
        theory = training = rows
    if len(theory):
        title = label if not len(training) else None
        axis.plot(theory[x], theory.theory, color=color, linewidth=1.4, label=title)
    if len(training):
        style = {"markersize": 4, "capsize": 2, "markerfacecolor": "white", **points}
        axis.errorbar(
            training[x],
            training.training,
            training[f"training{ERROR}"],
            fmt=marker,
            color=color,
            linestyle="none",
            label=label,
            **style,
        )


def figure(run: Run, names: Sequence[str]) -> Figure:
    """Return the figure that `Run.plot` describes."""
    pyplot = needed("matplotlib.pyplot", extra="plot")
    has_curves = any(file.endswith("curves.csv") for file in run.files)
    observables = run.curves.observable.unique().tolist() if has_curves else []
    families = {base(observable) for observable in observables}
    names = names or [name for name in PLOTTED if name in families] or default(run)
    panels = [panel(run, name, observables) for name in names]
    columns = len(panels) if len(panels) < 4 else 2 if len(panels) == 4 else 3
    rows = -(-len(panels) // columns)
    result, axes = pyplot.subplots(
        rows,
        columns,
        figsize=(4.3 * columns, 3.5 * rows),
        layout="constrained",
        squeeze=False,
    )
    for axis, (name, kind) in zip(axes.flat, panels, strict=False):
        if kind is None:
            curves_panel(axis, run, name, observables)
        else:
            table_panel(axis, run, name, kind)
    for axis in axes.flat[len(panels) :]:
        axis.remove()
    # Open figures would be drawn once more at the end of a notebook's cell.
    pyplot.close(result)
    drawn: Figure = result
    return drawn


def default(run: Run) -> list[str]:
    """Return the first column that the first table of a run without curves can draw."""
    for name in run.tables:
        if name in AGAINST:
            kept = {AGAINST[name][0], AGAINST[name][1], "lag", "lag_time", "waiting_time"}
            columns = run.tables[name].select_dtypes("number").columns[1:]
            return [next(column for column in columns if column not in kept)]
    return []


def panel(run: Run, name: str, observables: Sequence[str]) -> tuple[str, str | None]:
    """Return a name and the table that has it; None for the table if it is of curves.

    Raises:
        LookupError: The run has no such thing; says what it has.
    """
    if name in observables or name in map(base, observables):
        return name, None
    drawn = [table for table in run.tables if table in AGAINST]
    for table in drawn:
        if name in run.tables[table]:
            return name, table
    columns = [column for table in drawn for column in run.tables[table]]
    shown = [*observables, *(column for column in columns if not column.endswith(ERROR))]
    raise LookupError(
        f"{name}: a run of {run.command} cannot draw it; it has " + ", ".join(dict.fromkeys(shown))
    )


def curves_panel(axis: Axes, run: Run, name: str, observables: Sequence[str]) -> None:
    """Draw an observable, or all of a family, of all cases of a run."""
    family = [name] if name in observables else members(name, observables)
    curves = run.curves
    both = curves.solver.nunique() > 1
    lines = [(one, case) for case in curves.case.unique() for one in family][:MOST]
    for number, (observable, case) in enumerate(lines):
        rows = curves[(curves.case == case) & (curves.observable == observable)]
        title = f"{observable if len(family) > 1 else ''} {case}".strip() or run.command
        for place, (solver, part) in enumerate(rows.groupby("solver", sort=False)):
            alone = len(lines) == 1
            color = f"C{number + (alone and place)}"
            draw(
                axis,
                thinned(part) if solver == "training" else part,
                observable,
                color=color,
                label=str(solver) if alone else title if place == 0 else None,
            )
            if solver == "theory":
                band(axis, part.time, part.value, part.standard_error, color)
    axis.set(xlabel=time_label(run.problem), ylabel=label(name))
    legend = "lines: theory, points: training" if both and len(lines) > 1 else None
    axis.legend(title=legend, fontsize="small", title_fontsize="small")


def members(name: str, observables: Sequence[str]) -> list[str]:
    """Return the observables of a family; of norms those of a unit with itself.

    >>> members("norm", ["norm_11", "norm_12", "norm_22", "writes"])
    ['norm_11', 'norm_22']
    """
    family = [one for one in observables if base(one) == name]
    if name == "norm":
        own = [one for one in family if len(set(one.removeprefix("norm_"))) == 1]
        return own or family
    return family


def thinned(rows: pd.DataFrame) -> pd.DataFrame:
    """Return every n-th row, so that points can be told apart."""
    return rows.iloc[:: -(-len(rows) // POINTS)]


def band(axis: Axes, x: Any, values: Any, errors: Any, color: Any) -> None:
    """Shade one standard error about a line, where there is any."""
    if (errors > 0).any():
        axis.fill_between(x, values - errors, values + errors, color=color, alpha=0.25, linewidth=0)


def table_panel(axis: Axes, run: Run, name: str, table_name: str) -> None:
    """Draw a column of a table that is not of curves."""
    table = run.tables[table_name]
    against, separate = AGAINST[table_name]
    x = against or str(table.columns[0])
    groups = table.groupby(separate) if separate else [(None, table)]
    error = "standard_error" if name == "density" else name + ERROR
    marker = "o" if len(table) < POINTS else ""
    for number, (key, rows) in enumerate(groups):
        title = f"{str(separate).replace('_', ' ')} {key}" if separate else None
        color = f"C{number}"
        axis.plot(rows[x], rows[name], color=color, linewidth=1.4, marker=marker, label=title)
        if error in rows:
            band(axis, rows[x], rows[name], rows[error], color)
    axis.set(xlabel=time_label(run.problem) if x == "time" else label(x), ylabel=label(name))
    if separate:
        axis.legend(fontsize="small")
