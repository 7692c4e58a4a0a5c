"""Packages that only some of what this package does needs."""

from __future__ import annotations

import importlib
from types import ModuleType


def needed(module: str, extra: str) -> ModuleType:
    """Import a module of an optional package.

    Raises:
        ImportError: It is not there; says which extra installs it.

    >>> needed("no_such_module", extra="plot")
    Traceback (most recent call last):
    ...
    ImportError: this needs no_such_module: pip install 'masked-dmft[plot]'
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if error.name != package:
            raise
        raise ImportError(f"this needs {package}: pip install 'masked-dmft[{extra}]'") from None
