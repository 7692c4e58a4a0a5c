"""Folders of results, some of which live only as long as something reads them."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path


class Folder:
    """A folder that is deleted with the last reference to this object if it is temporary."""

    def __init__(self, path: Path) -> None:
        """Take a folder that stays."""
        self.path = path

    @classmethod
    def temporary(cls) -> Folder:
        """Return the name of a folder inside a new temporary one; it is not made yet."""
        outer = tempfile.mkdtemp(prefix="dmft-")
        folder = cls(Path(outer, "run"))
        weakref.finalize(folder, shutil.rmtree, outer, ignore_errors=True)
        return folder
