"""Kills the runs of sweeps at random moments, resumes them, and compares with one left alone.

Sweeps are planned, run and killed until they are done, one after the other, until there were
enough kills: of the run by SIGKILL, SIGTERM and SIGINT, and of one of its tasks by SIGKILL. The
collected tables must be those of an undisturbed sweep, byte for byte, but for wall times.

    python3 Tests/Sweep/kills.py --kills 200
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROBLEM = """\
data: {kind: two-clusters, variance: 0.5}
samples_per_weight: 2
loss: {kind: logistic}
start: {variance: 0.1}
learning_rate: 0.2
steps: 10
sample_mask: {kind: independent, density: 0.5}
theory: {trajectories: 2000, batches: 4}
"""
VARIED = ["--vary", "samples_per_weight=1,2,4,8", "--vary", "learning_rate=0.1,0.2,1e9", "--vary", "seed=1:2"]


def plan(dmft: str, folder: Path, name: str) -> None:
    """Plans a sweep of 24 tasks, of which 8 diverge."""
    command = [dmft, "sweep", "plan", "problem.yaml", *VARIED, "--no-probe", "--output", name, "--", "--no-kernels"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def run(dmft: str, name: str) -> list[str]:
    """The command that runs what is missing of a sweep."""
    return [dmft, "sweep", "run", name, "--jobs", "2", "--quiet"]


def tables(dmft: str, folder: Path, name: str) -> tuple[bytes, bytes]:
    """Both tables of a sweep, without the last column of the first, which holds wall times."""
    subprocess.run([dmft, "sweep", "collect", name], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    rows = (folder / name / "collected/sweep.csv").read_bytes().splitlines()
    curves = (folder / name / "collected/curves.csv").read_bytes()
    return b"\n".join(row.rsplit(b",", 1)[0] for row in rows), curves


def tasks_of(process: int) -> list[int]:
    """The children of a process."""
    try:
        return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def disturb(dmft: str, folder: Path, name: str, chance: random.Random, seconds: float) -> bool:
    """Runs a sweep and kills something of it; whether the run was over before."""
    process = subprocess.Popen(
        run(dmft, name), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(chance.uniform(0, seconds))
    if process.poll() is not None:
        return True
    victim = chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, None])
    if victim is not None:
        process.send_signal(victim)
        process.wait(timeout=30)
        # -victim: it came before the program had begun to handle signals.
        if process.returncode not in (0, 70, 128 + victim, -victim):
            sys.exit(f"{victim.name} ended the run with {process.returncode}")
        return False
    children = tasks_of(process.pid)
    if children:
        try:
            os.kill(chance.choice(children), signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.wait(timeout=60)
    return False


def main() -> None:
    """Kills as often as asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dmft", default=os.environ.get("DMFT", ".build/release/dmft"))
    options = parser.parse_args()
    dmft = str(Path(options.dmft).resolve())
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "problem.yaml").write_text(PROBLEM)
        plan(dmft, folder, "whole")
        start = time.monotonic()
        subprocess.run(run(dmft, "whole"), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds = time.monotonic() - start
        expected = tables(dmft, folder, "whole")
        if expected[0].count(b"\n") != 24 or expected[0].count(b",70") != 8:
            sys.exit(f"the undisturbed sweep has not 16 results and 8 failures:\n{expected[0].decode()}")
        (kills, sweeps) = (0, 0)
        while kills < options.kills:
            sweeps += 1
            sweep = f"killed-{sweeps}"
            plan(dmft, folder, sweep)
            # Moments are spread over what a task takes, so that a sweep sees several of them.
            while kills < options.kills and not disturb(dmft, folder, sweep, chance, seconds / 3):
                kills += 1
            last = subprocess.run(run(dmft, sweep), cwd=folder, capture_output=True, text=True)
            if last.returncode != 70:
                sys.exit(f"the last run of {sweep} ended with {last.returncode}: {last.stderr}{last.stdout}")
            if tables(dmft, folder, sweep) != expected:
                sys.exit(f"{sweep} differs from the undisturbed sweep (seed {options.seed})")
            left = [path for path in (folder / sweep).rglob(".*") if path.name != ".gitignore"]
            if left:
                sys.exit(f"{sweep}: left behind: {left}")
        print(f"{kills} kills in {sweeps} sweeps: all tables are those of an undisturbed sweep")


main()
