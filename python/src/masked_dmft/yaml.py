"""YAML 1.2, the version that ``dmft`` reads and writes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


def parse_yaml(text: str) -> Any:
    """Return what a YAML text holds, as dicts, lists, numbers and texts.

    YAML 1.1 would read ``1e-7`` as a text, and ``on`` as true.

    >>> parse_yaml("{weight_decay: 1e-7, name: on}")
    {'weight_decay': 1e-07, 'name': 'on'}
    """
    # The same parser everywhere, whether or not there is one in C.
    return YAML(typ="safe", pure=True).load(text)


def read_yaml(path: str | os.PathLike[str]) -> Any:
    """Return what a YAML file holds, such as a problem file or ``run.yaml``."""
    return parse_yaml(Path(path).read_text(encoding="utf-8"))
