"""The program ``dmft``: where it is, how it is called, and how it fails."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import urllib.parse
import urllib.request
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

BUILT = Path(".build", "release", "dmft")
"""Where ``swift build -c release`` leaves the program in a checkout."""

PROGRESS = re.compile(r".+( \[[#.]*\] \d+ %|: \d+ % after | done, \d+ failed, \d+ left).*")
"""A bar (on terminals) or a line (elsewhere) that says how far a computation or a sweep is."""


MESSAGE = re.compile(r"^(dmft|Error): ", re.MULTILINE)
"""What errors and warnings begin with."""


class DmftError(RuntimeError):
    """The program ended with an error; its text is the program's own sentence.

    Attributes:
        exit_code: 64 bad usage, or a folder that holds a run; 65 bad problem; 70 the solver
            failed, or results could not be written; 75 the time limit was reached; 128 + N
            ended by signal N.
        command: What was called, the program first.
    """

    def __init__(self, message: str, exit_code: int, command: Sequence[str]) -> None:
        """Keep the program's sentence, its exit code and what was called."""
        super().__init__(message)
        self.exit_code = exit_code
        self.command = list(command)


class DmftWarning(UserWarning):
    """What the program said on standard error of a run that ended well."""


class ProgramNotFoundError(FileNotFoundError):
    """There is no program ``dmft`` where it is looked for; says what to do."""


class Finished(NamedTuple):
    """What a call of the program left."""

    output: str
    exit_code: int


def find_program() -> Path:
    """Return the path of ``dmft``.

    The first of: the path in the environment variable ``DMFT``; ``.build/release/dmft`` of the
    checkout that this package was installed from; ``dmft`` in ``PATH``.

    Raises:
        ProgramNotFoundError: None of them is there.
    """
    named = os.environ.get("DMFT")
    if named:
        if shutil.which(named) is None:
            raise ProgramNotFoundError(
                f"the environment variable DMFT names {named}, which is no program"
            )
        return Path(named).absolute()
    places = [folder / BUILT for folder in checkouts()]
    for place in places:
        if os.access(place, os.X_OK):
            return place
    found = shutil.which("dmft")
    if found:
        return Path(found)
    looked = "".join(f" {place}," for place in places)
    raise ProgramNotFoundError(
        f"no program dmft:{looked} PATH and the environment variable DMFT were looked at; build it "
        "by `swift build -c release --product dmft` in masked-dmft, or let DMFT name it"
    )


def checkouts() -> list[Path]:
    """Return the checkouts of masked-dmft that this package may belong to, nearest first."""
    folders = list(Path(__file__).resolve().parents)
    # pip records the folder that it installed from.
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        record = importlib.metadata.distribution("masked-dmft").read_text("direct_url.json")
        url = urllib.parse.urlsplit(json.loads(record)["url"] if record else "")
        if url.scheme == "file":
            folders.append(Path(urllib.request.url2pathname(url.path)).parent)
    return [folder for folder in dict.fromkeys(folders) if (folder / "Package.swift").is_file()]


def call(*arguments: str, stdin: str = "", progress: bool | None = None) -> str:
    """Call the program with any arguments; return what it prints.

    Args:
        arguments: As on the command line, without ``dmft``.
        stdin: What it reads if it is told to read standard input.
        progress: Whether to show progress; by default in notebooks and terminals.

    Raises:
        DmftError: The program did not end with exit code 0.
        ProgramNotFoundError: There is no program.

    >>> "data: {kind: xor, separation: 1.5, variance: 0.2}" in call("example", "xor-committee")
    True
    """
    return execute(arguments, stdin=stdin, progress=progress).output


def execute(
    arguments: Sequence[str],
    *,
    stdin: str = "",
    progress: bool | None = None,
    accepted: Sequence[int] = (0,),
) -> Finished:
    """Call the program; the exit codes in ``accepted`` are no errors.

    Standard error is a terminal of its own if progress is shown, for the program's bar.
    """
    stream = progress_stream() if progress is None else sys.stderr if progress else None
    command = [str(find_program()), *arguments]
    ours, theirs = terminal() if stream else os.pipe()
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as printed:
        asked.write(stdin.encode())
        asked.seek(0)
        try:
            process = subprocess.Popen(command, stdin=asked, stdout=printed, stderr=theirs)
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        try:
            said = listen(ours, stream)
            code = process.wait()
        except BaseException:
            stop(process)
            raise
        finally:
            os.close(ours)
        printed.seek(0)
        output = printed.read().decode()
    code = 128 - code if code < 0 else code
    if code not in accepted:
        raise DmftError(sentence(said) or f"dmft ended with exit code {code}", code, command)
    if MESSAGE.search(said):
        warnings.warn(sentence(said), DmftWarning, stacklevel=4)
    return Finished(output, code)


def terminal() -> tuple[int, int]:
    """Return both ends of a terminal that passes all bytes on as they are."""
    ours, theirs = os.openpty()
    modes = termios.tcgetattr(theirs)
    modes[1] &= ~termios.OPOST
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    return ours, theirs


def progress_stream() -> TextIO | None:
    """Return where progress is shown: below a notebook's cell, on a terminal, or nowhere."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if hasattr(shell, "kernel"):
        return sys.stdout
    return sys.stderr if sys.stderr is not None and sys.stderr.isatty() else None


def listen(descriptor: int, stream: TextIO | None) -> str:
    """Pass on the progress that the program reports; return what else it says."""
    said: list[str] = []
    rest = ""

    def take(line: str) -> None:
        if PROGRESS.fullmatch(line.strip()):
            if stream:
                stream.write("\r" + line.lstrip("\r"))
                stream.flush()
        elif line.strip():
            said.append(line.rstrip())
            # What a long run announces is no message; it is shown before the run.
            if stream and not any(map(MESSAGE.match, said)):
                stream.write(line)

    while True:
        try:
            chunk = os.read(descriptor, 65536)
        except OSError:  # What a terminal answers on Linux when all have left it.
            break
        if not chunk:
            break
        # A bar begins with a carriage return; all else is lines, whose last may be cut anywhere.
        text = rest + chunk.decode(errors="surrogateescape")
        *lines, rest = re.split(r"(?=\r)|(?<=\n)", text)
        for line in lines:
            take(line)
        if PROGRESS.fullmatch(rest.strip()):
            take(rest)
            rest = ""
    take(rest)
    text = "\n".join(said)
    return text.encode(errors="surrogateescape").decode(errors="replace")


def sentence(said: str) -> str:
    r"""Return the program's sentence without what came before it, its name, and its options.

    >>> sentence("dmft: demo.yaml: steps: found -1; allowed: a whole number from 1 to 100000")
    'demo.yaml: steps: found -1; allowed: a whole number from 1 to 100000'
    >>> sentence("Error: Unknown option '--color'\nUsage: dmft solve <file>")
    "Unknown option '--color'"
    """
    start = MESSAGE.search(said)
    return said[start.end() if start else 0 :].partition("\nUsage: ")[0]


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a run that was interrupted: the program leaves its folder as it was."""
    # Ctrl-C on a terminal has reached it already.
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        process.wait()
