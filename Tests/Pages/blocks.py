"""The blocks of a page of Markdown."""

import re

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""Language and text."""

SAVED = re.compile(r"Save (?:this|it) as `([^`]+)`[^\n]*:\s*$")


def saved(text: str, block: re.Match[str]) -> str | None:
    """The file as which a page tells to save a block."""
    named = SAVED.search(text[: block.start()].rstrip("\n") + "\n")
    return named[1] if named else None
