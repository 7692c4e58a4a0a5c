"""What axes are called. All quantities but times and frequencies are pure numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LABELS = {
    "training_loss": "training loss",
    "training_error": "training error (fraction wrong)",
    "test_loss": "test loss",
    "test_error": "test error (fraction wrong)",
    "bayes_test_error": "Bayes-optimal test error (fraction wrong)",
    "oracle_test_error": "oracle's test error (fraction wrong)",
    "free_energy": "free energy",
    "log_likelihood": "log-likelihood per sample",
    "test_log_likelihood": "test log-likelihood per sample",
    "magnetisation": "magnetisation m",
    "norm": "norm C(t,t)",
    "replica_distance": "distance of replicas per weight",
    "readout": "readout a",
    "writes": "writes per weight",
    "absolute_change": "absolute change per weight",
    "transient_cost": "cost of transient parts per weight",
    "squared_change": "squared change per weight",
    "net_change": "net change per weight",
    "inefficiency": "absolute change / net change",
    "activity": "activity per sample",
    "samples_used": "passes over the samples",
    "optimal_weight_noise": "optimal weight noise",
    "reliability_cost": "reliability cost per weight",
    "weight_over_rms": "weight / root mean square",
    "lag_time": r"lag, time $\eta\tau$",
    "frequency": "angular frequency (per step)",
}
"""Labels of observables and of columns of tables."""

PLOTTED = (
    "training_loss",
    "training_error",
    "test_loss",
    "test_error",
    "log_likelihood",
    "test_log_likelihood",
    "magnetisation",
    "norm",
    "replica_distance",
    "readout",
)
"""What the program's figure of curves shows, in this order."""


def base(observable: str) -> str:
    """Return an observable without its indices.

    >>> base("magnetisation_12"), base("readout_1_10"), base("writes_group_3"), base("test_loss")
    ('magnetisation', 'readout', 'writes', 'test_loss')
    """
    return re.sub(r"(_group)?(_\d+)*$", "", observable)


def label(name: str) -> str:
    """Return the label of an axis that shows an observable or a column.

    >>> label("norm_11"), label("effective_temperature")
    ('norm C(t,t)', 'effective temperature')
    """
    return LABELS.get(name) or LABELS.get(base(name)) or name.replace("_", " ")


def time_label(problem: Mapping[str, Any]) -> str:
    r"""Return the label of a time axis: the sum of the learning rates, or that of a flow.

    >>> time_label({"learning_rate": 0.1})
    'time $\\eta t$'
    """
    if problem.get("time", {}).get("kind") == "flow":
        return "time $t$"
    return (
        r"time $\eta t$"
        if not isinstance(problem.get("learning_rate"), dict)
        else (r"time, sum of $\eta$")
    )
