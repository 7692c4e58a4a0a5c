#!/usr/bin/env python3
"""Runs dmft on hostile input and reports what no input may do.

A case is a problem file, a random CSV file for `dmft fit`, a run that is killed, or two runs into
one folder. Problem files are made of all that `dmft list` names. Most are one that was solved
before with one or two keys changed, some to odd numbers, so that about half of them are computed;
those that are, are changed again. Others are drawn anew, or have damaged text.

A defect is: death by a signal or an internal error; no end after 20 s; nan or inf in a file of
results; a message of more than one line or 600 characters; half a run, or something hidden left
beside it.

usage: fuzz.py [--seconds 15] [--seed N] [--dmft PATH] [--only problems,csv,kills,races]

Defects are kept in .build/fuzz with the command that repeats them; the exit status is then 1.
"""
import argparse
import collections
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

TIMEOUT = 20
SMALL = {
    "steps": 3,
    "theory": {"trajectories": 100, "batches": 2},
    "training": {"dimension": 20, "runs": 2},
}
ODD_NUMBERS = [0, -1, 1, 2, 0.5, 1e-12, 1e12, 1e-154, 1e154, 1e-308, 1e308, 5e-324, 1e30, 2**31,
               2**53 + 1, 2**63, -1e300, 1e-16]
ODD_WORDS = ["nan", ".nan", "inf", "-.inf", "", "x", "true", "0x10", "010", "1e400", "1_000",
             "\x1b[31m", "ä", "null", "a" * 500]
ODD_NODES = [[], {}, [[]], [1, "x"], None]
ODD_BYTES = [b"\t", b"\0", b"\xff", b"{", b"[", b"&a ", b"*a", b"!!x ", b"'", b'"', b"\n", b"\x1b"]
ORDINARY = {  # of keys that are needed everywhere
    "samples_per_weight": [0.5, 1, 2, 5], "learning_rate": [0.01, 0.1, 0.3], "steps": [1, 3, 10],
}
POOL = 400  # problems that are changed again
COMMANDS = ["solve"] * 8 + ["train"] * 6 + [
    "compare", "rules", "static", "stationary", "online", "optimise", "sensitivity"]
# What a command needs beside a problem file.
OPTIONS = {
    "rules": ["--rules", "plain,sign"],
    "optimise": ["--over", "learning_rate", "--knots", "2", "--starts", "1", "--evaluations", "4"],
    "sensitivity": ["--of", "test_loss"]}
SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP]


class Grammar:
    """The keys of the problem file with the forms of their values, as `dmft list` prints them."""

    def __init__(self, dmft):
        self.sections, self.families = {}, {}
        section = kinds = None
        listed = subprocess.run([dmft, "list"], capture_output=True, text=True, check=True).stdout
        for line in listed.splitlines()[2:]:
            indent = len(line) - len(line.lstrip())
            name, _, rest = line.strip().partition(":")
            if indent == 0 and line:
                section = "" if line == "top level" else name
                kinds = self.families.setdefault(name, {}) if "is one of" in line else None
                keys = None if kinds is not None else self.sections.setdefault(section, {})
            elif kinds is not None and indent == 2:
                keys = kinds[name] = {}
            elif "[" in rest and indent == (4 if kinds is not None else 2):
                form, _, presence = rest.strip().rpartition(" [")
                keys[name] = (form, presence.startswith("required"))
        self.schedules = self.families.pop("schedule")

    def problem(self, rng, oddity):
        """A problem; each value is odd with this probability."""
        file = self.mapping(rng, self.sections[""], oddity)
        for name, kinds in self.families.items():
            if name == "data" or rng.random() < 0.4:
                kind = rng.choice(list(kinds))
                file[name] = {"kind": kind, **self.mapping(rng, kinds[kind], oddity)}
        for name, keys in self.sections.items():
            if name and (name == "start" or rng.random() < 0.2):
                file[name] = self.mapping(rng, keys, oddity)
        for name, value in SMALL.items():
            if isinstance(value, dict):
                file.setdefault(name, {}).update(value)
            elif rng.random() < 0.95:
                file[name] = value
        if file.get("time", {}).get("kind") == "flow":
            file["time"]["duration"] = 1
            for key in ("steps", "learning_rate"):
                file.pop(key, None)
        return file

    def bases(self, rng):
        """A plain problem for each kind of data."""
        for kind, keys in self.families["data"].items():
            needed = {name: self.value(rng, form, 0) for name, (form, required) in keys.items()
                      if required}
            file = {name: values[-1] for name, values in ORDINARY.items()}
            yield {**file, "data": {"kind": kind, **needed}, "start": {"variance": 0.1},
                   "theory": dict(SMALL["theory"]), "training": dict(SMALL["training"])}

    def changed(self, rng, problem, oddity):
        """A copy of a problem in which one or two parts are others."""
        file = json.loads(json.dumps(problem))
        for _ in range(rng.choice([1, 1, 2])):
            name = rng.choice([*self.families, *self.sections, "", "", ""])
            if not name:
                self.set(rng, file, self.sections[""], oddity)
            elif rng.random() < 0.1:
                file.pop(name, None)
            elif name in self.families:
                kinds, part = self.families[name], file.get(name)
                kind = part.get("kind") if isinstance(part, dict) else None
                keys = kinds.get(kind) if isinstance(kind, str) else None
                if keys and rng.random() < 0.6:
                    self.set(rng, part, keys, oddity)
                else:
                    kind = rng.choice(list(kinds))
                    file[name] = {"kind": kind, **self.mapping(rng, kinds[kind], oddity)}
            else:
                part = file.setdefault(name, {})
                if isinstance(part, dict):
                    self.set(rng, part, self.sections[name], oddity)
        for name in ("theory", "training"):  # without them it is large
            part = file.setdefault(name, {})
            for key, value in SMALL[name].items():
                if isinstance(part, dict):
                    part.setdefault(key, value)
        return file

    def set(self, rng, part, keys, oddity):
        """Gives a key of these another value, or takes it away."""
        name = rng.choice(list(keys))
        if rng.random() < 0.15:
            part.pop(name, None)
        elif name in ORDINARY and rng.random() >= oddity:
            part[name] = rng.choice(ORDINARY[name])
        else:
            part[name] = self.value(rng, keys[name][0], oddity)

    def mapping(self, rng, keys, oddity):
        return {name: self.value(rng, form, oddity) for name, (form, required) in keys.items()
                if required or rng.random() < 0.25}

    def schedule(self, rng, oddity):
        """What may stand in the place of a number; half of them fit together."""
        kind = rng.choice(list(self.schedules))
        part = {"kind": kind, **self.mapping(rng, self.schedules[kind], oddity)}
        if "steps" in part and rng.random() < 0.8:
            part.update(steps=[0, 2], values=[rng.choice([0.1, 0.3, 1]), rng.choice([0.2, 0.5])])
        return part

    def value(self, rng, form, oddity):
        if rng.random() < oddity:
            return rng.choice(ODD_NUMBERS if rng.random() < 0.7 else ODD_WORDS + ODD_NODES)
        if form.endswith("schedule of such numbers") and rng.random() < 0.2:
            return self.schedule(rng, oddity)
        if form.startswith("one of"):
            return rng.choice(form[7:].split(", "))
        if "rows" in form:
            width = rng.choice([1, 1, 2])
            return [[round(rng.gauss(0, 1), 2) for _ in range(width)]
                    for _ in range(rng.choice([1, 2, 3]))]
        if form.startswith("a list"):
            return [rng.choice([1, -1, 0.5]) for _ in range(rng.choice([1, 2, 3]))]
        if form.startswith("a whole"):
            return rng.choice([1, 2, 3, 10])
        if form.startswith("a text"):
            return "rows.csv"
        return rng.choice([0.1, 0.3, 0.5, 1, 2])


def damaged(rng, text):
    """The bytes of a text with one to four of them, or some lines, changed."""
    data = bytearray(text.encode())
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(max(1, len(data)))
        act = rng.randrange(5)
        if act == 0 and data:
            data[at] = rng.randrange(256)
        elif act == 1:
            data[at:at] = rng.choice(ODD_BYTES)
        elif act == 2 and data:
            del data[at:at + rng.choice([1, 5, 20])]
        else:
            lines = bytes(data).split(b"\n")
            lines.insert(rng.randrange(len(lines)), rng.choice(lines))
            if act == 4:
                rng.shuffle(lines)
            data = bytearray(b"\n".join(lines))
    return bytes(data)


def quoted(cell):
    """A cell as CSV has it."""
    text = str(cell)
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text


def table(rng):
    """The bytes of a CSV file with labels in its last column."""
    columns, rows = rng.choice([1, 2, 3, 8]), rng.choice([1, 2, 5, 40, 60])
    labels = rng.choice([["a", "b"], [1, -1], ["x,y", 'q"'], ["\x1b[31m", "nan"], ["ä", "ö"],
                         ["a"], [1, 2, 3]])
    scales = [rng.choice([1, 1, 1, 1e-9, 1e9, 1e200]) for _ in range(columns)]
    lines = []
    if rng.random() < 0.5:
        names = [rng.choice(["x", "1", "", "é", "x"]) + str(i) for i in range(columns)]
        lines.append(names + ["label"])
    for i in range(rows):
        k = i % len(labels)
        lines.append([round(rng.gauss(2 * k, 1), 3) * s for s in scales] + [labels[k]])
    if rng.random() < 0.3:
        rng.choice(lines)[0] = rng.choice(ODD_WORDS + ODD_NUMBERS)
    separator = rng.choice([",", ",", ",", ";", "\t"])
    text = "".join(separator.join(map(quoted, line)) + "\n" for line in lines)
    text = text.replace("\n", rng.choice(["\n", "\n", "\r\n"]))
    if rng.random() < 0.4:
        return damaged(rng, text)
    return text.encode(rng.choice(["utf-8"] * 6 + ["latin-1", "utf-16"]), "replace")


def contents(folder):
    """Names and bytes of all files, without the lines that differ from run to run."""
    volatile = re.compile(rb"(?m)^(command|started|peak_memory_bytes|wall_time_seconds):.*$")
    return {str(path.relative_to(folder)): volatile.sub(b"", path.read_bytes())
            for path in sorted(Path(folder).rglob("*")) if path.is_file()}


class Fuzzer:
    """Runs cases in .build/fuzz/case and keeps the defects beside it."""

    def __init__(self, dmft, seed):
        self.dmft = os.path.abspath(dmft)
        self.rng = random.Random(seed)
        self.work = Path(".build/fuzz").resolve()
        shutil.rmtree(self.work, ignore_errors=True)
        (self.work / "case").mkdir(parents=True)
        os.chdir(self.work / "case")
        self.counts, self.defects = collections.Counter(), []
        self.grammar = Grammar(self.dmft)
        self.known = None
        self.pool = list(self.grammar.bases(self.rng))
        rows = [f"{i * i % 17},{i * 7 % 13 + 9 * (i % 2)},{'ab'[i % 2]}\n" for i in range(40)]
        Path("rows.csv").write_text("x,z,y\n" + "".join(rows))

    def run(self, arguments):
        """Exit status, None if it did not end in time, and what it wrote to standard error."""
        try:
            ended = subprocess.run([self.dmft, *arguments], timeout=TIMEOUT,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
            return ended.returncode, ended.stderr.decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            return None, ""

    def judge(self, name, arguments, file):
        status, error = self.run(arguments)
        self.counts[name, status] += 1
        defect = self.message_defect(status, error) or self.folder_defect(status)
        if defect:
            self.report(name, arguments, defect, file)
        shutil.rmtree("out", ignore_errors=True)
        return status

    @staticmethod
    def message_defect(status, error):
        if status is None:
            return f"no end after {TIMEOUT} s"
        if status < 0 or "internal error" in error:
            return f"exit {status}: {error[:300]}"
        if status not in (0, 1, 64, 65, 70):
            return f"exit {status}"
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", error):
            return f"control characters: {error[:300]!r}"
        lines = error.strip().splitlines()
        if status not in (0, 1) and (len(lines) != 1 or len(error) > 600):
            return f"no message of one line: {error[:700]!r}"
        return None

    @staticmethod
    def folder_defect(status):
        left = [name for name in os.listdir(".") if name.startswith(".out")]
        if left:
            return f"left behind: {left}"
        if status not in (0, 1):
            return "a result after a failure" if os.path.exists("out") else None
        for path in Path("out").rglob("*"):
            if path.suffix not in (".csv", ".yaml") or path.name == "static.csv":
                continue  # what diverges in the static limit is `inf`, as documented
            for line in path.read_text(errors="replace").splitlines():
                if re.search(r"(^|[,:\[ ])[+-]?(nan|inf)([,\] ]|$)", line):
                    return f"{path}: {line[:200]}"
        return None

    def report(self, name, arguments, defect, file=None):
        folder = self.work / f"defect-{len(self.defects) + 1}"
        folder.mkdir()
        if file:
            shutil.copy(file, folder)
        (folder / "defect.txt").write_text(f"dmft {' '.join(arguments)}\n{defect}\n")
        self.defects.append(f"{name}: {defect.splitlines()[0][:200]} ({folder})")
        print(self.defects[-1], flush=True)
        for left in Path(".").glob(".out*"):  # else every later case is a defect
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def problems(self):
        """A problem file."""
        rng = self.rng
        if rng.random() < 0.88:
            problem = self.grammar.changed(rng, rng.choice(self.pool), rng.choice([0, 0, 0.2, 0.6]))
        else:
            problem = self.grammar.problem(rng, rng.choice([0, 0, 0.02, 0.05, 0.1]))
        text = json.dumps(problem, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 1]))
        data = damaged(rng, text) if rng.random() < 0.1 else text.encode()
        Path("p.yaml").write_bytes(data)
        command = rng.choice(COMMANDS)
        options = ["--output", "out", "--quiet", "--threads", "1"]
        status = self.judge("problems", [command, "p.yaml", *options, *OPTIONS.get(command, [])], "p.yaml")
        if status in (0, 1) and data == text.encode():
            if len(self.pool) >= POOL:
                self.pool.pop(rng.randrange(len(self.pool)))
            self.pool.append(problem)

    def csv(self):
        """A table for `dmft fit`."""
        Path("t.csv").write_bytes(table(self.rng))
        self.judge("csv", ["fit", "t.csv", "--output", "out"], "t.csv")

    def subjects(self):
        """The result of a small problem with seed 0 and with 1, its command line and its time."""
        if self.known is None:
            example = subprocess.run([self.dmft, "example"], capture_output=True, text=True)
            Path("small.yaml").write_text(example.stdout)
            self.known = []
            for seed in ("0", "1"):
                line = ["solve", "small.yaml", "--output", "small", "--quiet", "--force",
                        "--threads", "1", "--seed", seed, "--set", "steps=4",
                        "--set", "theory.trajectories=200", "--set", "theory.batches=2"]
                start = time.monotonic()
                status, error = self.run(line)
                assert status == 0, error
                self.known.append((contents("small"), line, time.monotonic() - start))
        return self.known

    def kills(self):
        """A run over an earlier result, ended at any moment or when its last file appears."""
        known = self.subjects()
        result, line, seconds = self.rng.choice(known)
        number = self.rng.choice(SIGNALS)
        process = subprocess.Popen([self.dmft, *line], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        hidden = f".small.{process.pid}"
        if self.rng.random() < 0.5:
            time.sleep(self.rng.random() * 1.1 * seconds)
        else:
            while process.poll() is None and not os.path.exists(f"{hidden}/run.yaml"):
                time.sleep(5e-5)
        process.send_signal(number)
        process.wait()
        self.counts["kills", number.name] += 1
        if contents("small") not in [subject[0] for subject in known]:
            self.report("kills", line, f"{number.name}: neither the old nor the new result")
        if process.returncode >= 0 and os.path.exists(hidden):
            self.report("kills", line, f"{number.name}: left behind: {hidden}")
        if self.rng.random() < 0.1:
            self.run(line)
            left = [name for name in os.listdir(".") if name.startswith(".small")]
            if contents("small") != result or left:
                self.report("kills", line, f"the run after {number.name} is not whole: {left}")

    def races(self):
        """Two runs into one folder at once."""
        known = self.subjects()
        shutil.rmtree("small")
        dropped = self.rng.choice(["--force", None])
        pair = [subprocess.Popen([self.dmft, *[word for word in line if word != dropped]],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                for _, line, _ in known]
        statuses = sorted(process.wait() for process in pair)
        self.counts["races", str(statuses)] += 1
        whole = contents("small") in [subject[0] for subject in known]
        if not whole or 0 not in statuses or not set(statuses) <= {0, 64}:
            self.report("races", known[0][1], f"a mixture after exits {statuses}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--dmft", default=".build/release/dmft")
    parser.add_argument("--only", default="problems,problems,problems,csv,kills,races")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.seconds:g} s", flush=True)
    fuzzer = Fuzzer(options.dmft, options.seed)
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        getattr(fuzzer, fuzzer.rng.choice(options.only.split(",")))()
    for (name, status), count in sorted(fuzzer.counts.items(), key=str):
        print(f"{count:7d}  {name}, {'exit ' if isinstance(status, int) else ''}{status}")
    print(f"{sum(fuzzer.counts.values())} cases, {len(fuzzer.defects)} defects")
    sys.exit(bool(fuzzer.defects))


if __name__ == "__main__":
    main()
