"""Python values as arguments of the program."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

NEGATED = {"kernels", "probe", "stationary"}
"""Options that are on by default, with a ``--no-`` form."""

REPEATED = {"gamma"}
"""Options that are given once for each value."""


def problem_text(problem: Mapping[str, Any]) -> str:
    """Return a problem as JSON, which is YAML.

    >>> problem_text({"steps": 5, "weight_decay": 1e-7})
    '{"steps": 5, "weight_decay": 1e-07}'
    """
    return json.dumps(problem, default=plain, ensure_ascii=False)


def set_arguments(changes: Mapping[str, Any]) -> list[str]:
    """Return ``--set`` for each change of a problem, in their order.

    A dict with a key ``kind`` replaces an ingredient as a whole, any other dict changes the keys
    that it names. Dotted keys mean the same as dicts in dicts.

    >>> set_arguments({"theory": {"seed": 3}, "loss.kind": "hinge"})
    ['--set=theory.seed=3', '--set=loss.kind="hinge"']
    >>> set_arguments({"sample_mask": {"kind": "full"}})
    ['--set=sample_mask={"kind": "full"}']
    """
    return [f"--set={key}={problem_text(value)}" for key, value in flat(changes)]


def flat(changes: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted keys and their values."""
    for key, value in changes.items():
        if isinstance(value, Mapping) and value and "kind" not in value:
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def option_arguments(options: Mapping[str, Any]) -> list[str]:
    """Return options as the program takes them; None stands for one that is not given.

    >>> option_arguments({"threads": 2, "force": True, "kernels": False, "seed": None})
    ['--threads=2', '--force', '--no-kernels']
    >>> option_arguments({"waiting": [10, 100], "target": {"training_loss": 0.3}})
    ['--waiting=10,100', '--target=training_loss=0.3']
    """
    arguments = []
    for name, value in options.items():
        option = name.replace("_", "-")
        if value is None:
            continue
        if isinstance(value, bool):
            if value or name in NEGATED:
                arguments.append(f"--{option}" if value else f"--no-{option}")
        elif name in REPEATED and isinstance(value, (list, tuple)):
            arguments += [f"--{option}={word(item)}" for item in value]
        else:
            arguments.append(f"--{option}={word(value)}")
    return arguments


def word(value: Any) -> str:
    """Return a value as one word of the command line."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ",".join(f"{key}={word(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ",".join(map(word, value))
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    return str(plain(value))


def plain(value: Any) -> Any:
    """Return numbers and arrays of numpy, paths and the like as plain values."""
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    return value if isinstance(value, (int, float)) else str(value)
