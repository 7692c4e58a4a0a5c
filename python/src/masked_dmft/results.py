"""Whatever the program has written into a folder, read."""

from __future__ import annotations

import os
from pathlib import Path

from masked_dmft.folders import Folder
from masked_dmft.runs import Run
from masked_dmft.sweeps import Sweep


def read(folder: str | os.PathLike[str]) -> Run | Sweep:
    """Return the run of any command, or the sweep, that a folder holds.

    Raises:
        FileNotFoundError: The folder holds neither.
    """
    path = Path(folder)
    return Sweep(Folder(path)) if (path / "sweep.yaml").is_file() else Run(Folder(path))
