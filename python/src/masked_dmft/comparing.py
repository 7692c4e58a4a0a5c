"""What tables of theory and training, and of learning rules, say at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from masked_dmft.extras import needed

if TYPE_CHECKING:
    import pandas as pd

ERROR = "_standard_error"


def agreement(comparison: pd.DataFrame) -> dict[str, float]:
    """Return how far theory and training are apart, in joint standard errors.

    Args:
        comparison: A table ``comparison``, or rows of it. Neighbouring points of a curve are
            correlated.

    Returns:
        ``points``, and of these ``exact`` without any error (fixed by the start or by the rule),
        which do not count; the ``largest`` distance and its root mean square ``rms``.

    >>> import pandas as pd
    >>> agreement(pd.DataFrame({"theory_standard_error": [0, 1, 0],
    ...                         "training_standard_error": [0, 2, 1], "distance": [None, 3, -4]}))
    {'points': 3, 'exact': 1, 'largest': 4.0, 'rms': 3.5355339059327378}
    """
    sampled = comparison.theory_standard_error + comparison.training_standard_error > 0
    distance = comparison.distance[sampled]
    return {
        "points": len(comparison),
        "exact": len(comparison) - len(distance),
        "largest": float(distance.abs().max()),
        "rms": float(np.sqrt((distance**2).mean())),
    }


def rule_labels(table: pd.DataFrame) -> pd.Series[str]:
    """Return a label for each rule of a table ``rules``: its name and the values it has.

    >>> import pandas as pd
    >>> rule_labels(pd.DataFrame({"rule": ["plain", "caching"],
    ...                           "parameters": [None, "threshold=0.3"]})).tolist()
    ['plain', 'caching 0.3']
    """
    values = table.parameters.astype(object).where(table.parameters.notna(), "").astype(str)
    values = values.str.replace(r"[a-z_]+=", "", regex=True)
    return (table.rule + " " + values).str.strip()


def relative(
    table: pd.DataFrame,
    to: str = "plain",
    quantities: Sequence[str] = ("absolute_change", "writes", "steps_to_target"),
) -> pd.DataFrame:
    """Return quantities of rules relative to those of one of them, with standard errors.

    Errors of both are added in squares. That is too much where rules share random numbers: the
    table ``differences`` has paired ones.

    Args:
        table: A table ``rules`` with the rules as its index.
        to: The rule that the others are divided by.
        quantities: Its columns.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"writes": [4.0, 2.0], "writes_standard_error": [0.4, 0.0]},
    ...                      index=["plain", "lazy"])
    >>> relative(table, quantities=["writes"])
           writes  writes_standard_error
    plain     1.0                   0.00
    lazy      0.5                   0.05
    """
    pandas = needed("pandas", extra="pandas")
    reference = table.loc[to]
    result: pd.DataFrame = pandas.DataFrame(index=table.index)
    for name in quantities:
        error = name + ERROR
        ratio = table[name] / reference[name]
        result[name] = ratio
        result[error] = ratio * np.hypot(
            table[error] / table[name], reference[error] / reference[name]
        )
        result.loc[to, error] = 0.0
    return result
