"""The Python of the pages runs, and prints what they show."""

import contextlib
import io
import re

import matplotlib.pyplot as plt
import pytest

from masked_dmft import program


@pytest.mark.parametrize("page", ["python/README.md", "docs/tutorials/from-python.md"])
def test_page(page, tmp_path, monkeypatch):
    """YAML is saved as ``problem.yaml``; text is what the Python before it prints."""
    checkouts = program.checkouts()
    if not checkouts:
        pytest.skip("no checkout beside the package")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(checkouts[0] / "examples")
    text = (checkouts[0] / page).read_text()
    names: dict = {}
    printed = None
    for language, block in re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if language == "yaml":
            (tmp_path / "problem.yaml").write_text(block)
        elif language == "python":
            assert not printed, f"the page does not show {printed}"
            with contextlib.redirect_stdout(io.StringIO()) as output:
                exec(compile(block, page, "exec"), names)
            printed = output.getvalue()
        elif language == "text":
            assert [line.rstrip() for line in printed.splitlines()] == block.splitlines()
            printed = None
    assert printed is None or not printed
    plt.close("all")
