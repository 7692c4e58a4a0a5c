"""Finding the program, what it says, how it ends."""

import os
import signal
import subprocess
import sys
import time

import pytest

import masked_dmft as md
from masked_dmft import program


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """A shell script in place of the program."""

    def write(script):
        file = tmp_path / "dmft"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        monkeypatch.setenv("DMFT", str(file))

    return write


def test_program_of_environment_comes_first(fake):
    fake("echo mine")
    assert md.call("anything") == "mine\n"


def test_program_of_checkout_and_path(tmp_path, monkeypatch):
    monkeypatch.delenv("DMFT")
    built = tmp_path / "checkout" / ".build" / "release" / "dmft"
    monkeypatch.setattr(program, "checkouts", lambda: [tmp_path / "checkout"])
    in_path = tmp_path / "bin" / "dmft"
    for file in (in_path, built):
        file.parent.mkdir(parents=True)
        file.write_text("#!/bin/sh\n")
        file.chmod(0o755)
        monkeypatch.setenv("PATH", str(in_path.parent))
        assert md.find_program() == file


def test_no_program_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("DMFT")
    monkeypatch.setattr(program, "checkouts", list)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(md.ProgramNotFoundError, match="swift build -c release --product dmft"):
        md.example()
    monkeypatch.setenv("DMFT", "/no/such/dmft")
    with pytest.raises(md.ProgramNotFoundError, match="DMFT names /no/such/dmft"):
        md.example()


def test_package_in_checkout_finds_it():
    assert all((folder / "python" / "pyproject.toml").is_file() for folder in program.checkouts())


def test_error_is_the_programs_own_sentence():
    own = subprocess.run(
        [md.find_program(), "solve", "-", "--set=loss.kind=nothing"],
        input=md.call("example"), capture_output=True, text=True,
    )  # fmt: skip
    with pytest.raises(md.DmftError) as caught:
        md.solve(md.example(), {"loss.kind": "nothing"})
    assert own.stderr == f"dmft: {caught.value}\n"
    assert caught.value.exit_code == own.returncode == 65
    assert caught.value.command[1:3] == ["solve", "-"]


def test_unknown_option():
    with pytest.raises(md.DmftError, match=r"^Unknown option '--colour") as caught:
        md.solve(md.example(), colour="red")
    assert caught.value.exit_code == 64


def test_output_is_replaced_only_if_forced(tmp_path, tiny):
    run = md.train(md.example(), tiny, output=tmp_path / "run", threads=1)
    assert run.folder == tmp_path / "run"
    with pytest.raises(md.DmftError, match="already holds a run") as caught:
        md.train(md.example(), tiny, output=tmp_path / "run")
    assert caught.value.exit_code == 64
    md.train(md.example(), tiny, output=tmp_path / "run", force=True)


def test_disagreement_is_a_result(fake, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "run.yaml").write_text("files: []\ncommand: dmft compare\n")
    fake("echo DISAGREE; exit 1")
    assert md.compare({}, output=folder).report == "DISAGREE\n"
    with pytest.raises(md.DmftError) as caught:
        md.call("bounds")
    assert caught.value.exit_code == 1


def test_what_is_said_besides_is_a_warning(fake):
    fake("echo 'dmft: no figure, since gnuplot is missing' >&2; echo 'theory: 50 % after 1 s' >&2")
    with pytest.warns(md.DmftWarning, match="^no figure, since gnuplot is missing$"):
        md.call("solve")


def test_long_runs_are_announced(fake, capsys):
    said = "echo 'theory, 9 steps: about 1e12 operations' >&2"
    fake(said + "; if [ $1 = bad ]; then echo 'dmft: no' >&2; exit 70; fi")
    md.call("good", progress=False)
    assert capsys.readouterr().err == ""
    md.call("good", progress=True)
    assert capsys.readouterr().err == "theory, 9 steps: about 1e12 operations\n"
    with pytest.raises(md.DmftError, match=r"^no$"):
        md.call("bad", progress=True)
    assert capsys.readouterr().err == "theory, 9 steps: about 1e12 operations\n"


@pytest.mark.parametrize("progress", [False, True])
def test_text_of_any_kind_arrives_whole(fake, progress):
    fake("printf 'dmft: \\316' >&2; sleep 0.05; printf '\\267 is \\377\\n' >&2; exit 65")
    with pytest.raises(md.DmftError, match="η is \ufffd"):
        md.call("solve", progress=progress)


def test_ended_by_a_signal(fake):
    fake("kill -9 $$")
    with pytest.raises(md.DmftError, match="137") as caught:
        md.call("solve")
    assert caught.value.exit_code == 137


def test_progress_is_shown_if_asked_for(capsys, tiny):
    md.solve(md.example(), tiny, progress=False)
    assert capsys.readouterr().err == ""
    md.compare(md.example(), tiny, progress=True)
    shown = capsys.readouterr().err
    assert "theory [" in shown and "training [" in shown
    assert shown.count("100 %") == shown.count("\n") == 2


def test_interrupt_ends_the_program_too(tmp_path):
    changes = {"steps": 450, "theory.trajectories": 60000}  # A minute's work.
    # A shell in the background starts its commands with interrupts ignored.
    script = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"import masked_dmft as md; md.solve(md.example(), {changes}, output='run')"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 20
    while not any(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(child.pid, signal.SIGINT)
    assert "KeyboardInterrupt" in child.communicate(timeout=20)[1]
    assert not list(tmp_path.iterdir())
