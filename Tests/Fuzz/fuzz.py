#!/usr/bin/env python3
"""Runs dmft on hostile input and stops at what no input may do.

A case is a random problem file (made of everything that `dmft list` names, with odd numbers, odd
YAML and damaged text), a random CSV file for `dmft fit`, a run that is killed, or two runs into one
folder. A defect is: death by a signal or exit 70 with "internal error"; no end after 20 s; nan or inf
in a file of results; a message of more than one line or more than 600 characters; a folder that holds
half a run, or something hidden beside it.

usage: fuzz.py [--seconds 15] [--seed N] [--dmft .build/release/dmft] [--only problems,csv,kills,races]

Defects are kept in .build/fuzz with the command that repeats them. Exit status 1 if there are any.
"""
import argparse, collections, json, math, os, random, re, shutil, signal, subprocess, sys, time
from pathlib import Path

TIMEOUT = 20
SMALL = {"steps": 3, "theory": {"trajectories": 100, "batches": 2}, "training": {"dimension": 20, "runs": 2}}
ODD_NUMBERS = [0, -1, 1, 2, 0.5, 1e-12, 1e12, 1e-154, 1e154, 1e-308, 1e308, 5e-324, 1e30, 2**31, 2**53 + 1, 2**63, -1e300, 1e-16]
ODD_TEXTS = ["nan", ".nan", "inf", "-.inf", "", "x", "true", "0x10", "010", "1e400", "1_000", "\x1b[31m", "ä", "null", "a" * 500, [], {}, [[]], [1, "x"], None]
COMMANDS = ["solve"] * 8 + ["train"] * 6 + ["compare", "rules", "static", "stationary", "online"]


class Grammar:
    """The keys of the problem file with the forms of their values, as `dmft list` prints them."""

    def __init__(self, dmft):
        self.sections, self.families = {}, collections.OrderedDict()
        section = kinds = None
        text = subprocess.run([dmft, "list"], capture_output=True, text=True, check=True).stdout
        for line in text.splitlines()[2:]:
            indent = len(line) - len(line.lstrip())
            name, _, rest = line.strip().partition(":")
            if indent == 0 and line:
                section = "" if line == "top level" else name
                kinds = self.families.setdefault(name, {}) if "is one of" in line else None
                if kinds is None: self.sections[section] = {}
            elif kinds is not None and indent == 2: keys = kinds[name] = {}
            elif "[" in rest and indent == (4 if kinds is not None else 2):
                form, _, presence = rest.strip().rpartition(" [")
                (keys if kinds is not None else self.sections[section])[name] = (form, presence.startswith("required"))

    def problem(self, rng, oddity):
        """A problem; each value is odd with this probability."""
        file = self.mapping(rng, self.sections[""], oddity)
        for name, kinds in self.families.items():
            if name == "data" or rng.random() < 0.4:
                kind = rng.choice(list(kinds))
                file[name] = {"kind": kind, **self.mapping(rng, kinds[kind], oddity)}
        for name, keys in self.sections.items():
            if name and (name == "start" or rng.random() < 0.2): file[name] = self.mapping(rng, keys, oddity)
        for name, value in SMALL.items():
            if isinstance(value, dict): file.setdefault(name, {}).update(value)
            elif rng.random() < 0.95: file[name] = value
        if file.get("time", {}).get("kind") == "flow":
            file["time"]["duration"] = 1
            for key in ("steps", "learning_rate"): file.pop(key, None)
        return file

    def mapping(self, rng, keys, oddity):
        return {name: self.value(rng, form, oddity) for name, (form, required) in keys.items()
                if required or rng.random() < 0.25}

    def value(self, rng, form, oddity):
        if rng.random() < oddity: return rng.choice(ODD_NUMBERS if rng.random() < 0.7 else ODD_TEXTS)
        if form.startswith("one of"): return rng.choice(form[7:].split(", "))
        if "rows" in form: return [[round(rng.gauss(0, 1), 2) for _ in range(rng.choice([1, 1, 2]))] for _ in range(rng.choice([1, 2, 3]))]
        if form.startswith("a list"): return [rng.choice([1, -1, 0.5]) for _ in range(rng.choice([1, 2, 3]))]
        if form.startswith("a whole"): return rng.choice([1, 2, 3, 10])
        if form.startswith("a text"): return "rows.csv"
        return rng.choice([0.1, 0.3, 0.5, 1, 2])


def damaged(rng, text):
    """Bytes of a text with one to four of them, or some lines, changed."""
    data = bytearray(text.encode())
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(max(1, len(data)))
        act = rng.randrange(5)
        if act == 0 and data: data[at] = rng.randrange(256)
        elif act == 1: data[at:at] = rng.choice([b"\t", b"\0", b"\xff", b"{", b"[", b"&a ", b"*a", b"!!x ", b"'", b'"', b"\n", b"\x1b", b","])
        elif act == 2 and data: del data[at:at + rng.choice([1, 5, 20])]
        else:
            lines = bytes(data).split(b"\n")
            lines.insert(rng.randrange(len(lines)), rng.choice(lines))
            if act == 4: rng.shuffle(lines)
            data = bytearray(b"\n".join(lines))
    return bytes(data)


def table(rng):
    """The bytes of a CSV file with labels in its last column."""
    columns, rows = rng.choice([1, 2, 3, 8]), rng.choice([1, 2, 5, 40, 60])
    labels = rng.choice([["a", "b"], [1, -1], ["x,y", 'q"'], ["\x1b[31m", "nan"], ["ä", "ö"], ["a"], [1, 2, 3]])
    quote = lambda cell: f'"{cell}"'.replace('"', '""')[1:-1] if False else ('"' + str(cell).replace('"', '""') + '"' if set(str(cell)) & set(',"\n') else str(cell))
    scale = [rng.choice([1, 1, 1, 1e-9, 1e9, 1e200]) for _ in range(columns)]
    lines = []
    if rng.random() < 0.5: lines.append([rng.choice(["x", "1", "", "é", "x"]) + str(i) for i in range(columns)] + ["label"])
    for i in range(rows):
        k = i % len(labels)
        lines.append([round(rng.gauss(2 * k, 1), 3) * s for s in scale] + [labels[k]])
    if rng.random() < 0.3: rng.choice(lines)[0] = rng.choice(ODD_TEXTS[:14] + ODD_NUMBERS)
    text = rng.choice([",", ",", ",", ";", "\t"]).join(["{}"] * (columns + 1))
    body = rng.choice(["\n", "\n", "\r\n"]).join(text.format(*map(quote, line)) for line in lines) + "\n"
    return damaged(rng, body) if rng.random() < 0.4 else body.encode(rng.choice(["utf-8"] * 6 + ["latin-1", "utf-16"]), "replace")


class Fuzzer:
    def __init__(self, options):
        self.dmft = os.path.abspath(options.dmft)
        self.rng = random.Random(options.seed)
        self.work = Path(".build/fuzz").resolve()
        shutil.rmtree(self.work, ignore_errors=True)
        (self.work / "case").mkdir(parents=True)
        os.chdir(self.work / "case")
        self.counts, self.defects = collections.Counter(), []
        self.grammar = Grammar(self.dmft)
        Path("rows.csv").write_text("x,z,y\n" + "".join(f"{i * i % 17},{i * 7 % 13 + 9 * (i % 2)},{'ab'[i % 2]}\n" for i in range(40)))

    def run(self, arguments):
        """Exit status, what was written to standard error, and whether it ended in time."""
        try:
            ended = subprocess.run([self.dmft, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=TIMEOUT)
            return ended.returncode, ended.stderr.decode("utf-8", "replace"), True
        except subprocess.TimeoutExpired: return None, "", False

    def judge(self, name, arguments, files):
        status, error, in_time = self.run(arguments)
        self.counts[name, status] += 1
        defect = None
        if not in_time: defect = f"no end after {TIMEOUT} s"
        elif status < 0 or status > 128 or "internal error" in error: defect = f"exit {status}: {error[:300]}"
        elif status not in (0, 1, 64, 65, 70): defect = f"exit {status}"
        elif status and status != 1 and error.strip() == "": defect = "no message"
        elif status not in (0, 1) and (len(error.strip().splitlines()) > 1 and "Usage:" not in error or len(error) > 600): defect = f"a long message: {error[:700]}"
        elif re.search(r"[\x00-\x08\x0b-\x1f\x7f]", error): defect = f"control characters: {error[:300]!r}"
        else: defect = self.folder_defect(status)
        if defect: self.report(name, arguments, files, defect)
        shutil.rmtree("out", ignore_errors=True)

    def folder_defect(self, status):
        left = [n for n in os.listdir(".") if n.startswith(".out")]
        if left: return f"left behind: {left}"
        if status not in (0, 1): return "a result after a failure" if os.path.exists("out") else None
        for path in Path("out").rglob("*"):
            if path.suffix not in (".csv", ".yaml"): continue
            for line in path.read_text(errors="replace").splitlines():
                # Documented: what diverges in the static limit.
                if re.search(r"(^|[,:\[ ])[+-]?(nan|inf)([,\] ]|$)", line) and path.name != "static.csv": return f"{path}: {line[:200]}"
        return None

    def report(self, name, arguments, files, defect):
        folder = self.work / f"defect-{len(self.defects) + 1}"
        folder.mkdir()
        for file in files: shutil.copy(file, folder)
        (folder / "defect.txt").write_text(f"dmft {' '.join(map(str, arguments))}\n{defect}\n")
        self.defects.append(f"{name}: {defect.splitlines()[0][:200]} ({folder})")
        print(self.defects[-1], flush=True)

    def problems(self):
        rng = self.rng
        problem = self.grammar.problem(rng, rng.choice([0, 0, 0.02, 0.05, 0.1]))
        text = json.dumps(problem, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 1]))
        data = damaged(rng, text) if rng.random() < 0.15 else text.encode()
        Path("p.yaml").write_bytes(data)
        command = rng.choice(COMMANDS)
        extra = ["--rules", "plain,sign"] if command == "rules" else []
        self.judge("problems", [command, "p.yaml", "--output", "out", "--quiet", "--threads", "1", *extra], ["p.yaml"])

    def csv(self):
        Path("t.csv").write_bytes(table(self.rng))
        self.judge("csv", ["fit", "t.csv", "--output", "out"], ["t.csv"])

    def small(self, folder, seed):
        return ["solve", "small.yaml", "--output", folder, "--quiet", "--threads", "1", "--force", "--seed", str(seed)]

    def contents(self, folder):
        """Names and bytes of all files, without the lines that differ from run to run."""
        return {str(path.relative_to(folder)): re.sub(rb"(?m)^(wall_time_seconds|command):.*$", b"", path.read_bytes())
                for path in sorted(Path(folder).rglob("*")) if path.is_file()}

    def results(self):
        """What the small problem gives with seed 0 and 1, and how long it takes."""
        if not hasattr(self, "known"):
            Path("small.yaml").write_text(subprocess.run([self.dmft, "example"], capture_output=True, text=True).stdout)
            shutil.rmtree("small", ignore_errors=True)
            self.known = []
            for seed in (0, 1):
                start = time.monotonic()
                arguments = self.small("small", seed) + ["--set", "steps=4", "--set", "theory.trajectories=200", "--set", "theory.batches=2"]
                assert self.run(arguments)[0] == 0
                self.known.append((self.contents("small"), arguments, time.monotonic() - start))
        return self.known

    def kills(self):
        known = self.results()
        seed, number = self.rng.randrange(2), self.rng.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
        process = subprocess.Popen([self.dmft, *known[seed][1]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        last = f".small.{process.pid}/run.yaml"
        if self.rng.random() < 0.5: time.sleep(self.rng.random() * 1.1 * known[seed][2])
        else:
            while process.poll() is None and not os.path.exists(last): time.sleep(5e-5)
        process.send_signal(number)
        process.wait()
        self.counts["kills", number.name] += 1
        now = self.contents("small")
        if now not in [k[0] for k in known]: self.report("kills", known[seed][1], [], f"{number.name}: neither the old nor the new result: {sorted(now)}")
        if process.returncode >= 0 and os.path.exists(f".small.{process.pid}"): self.report("kills", known[seed][1], [], f"{number.name}: left behind")
        if self.rng.random() < 0.1:
            self.run(known[0][1])
            if self.contents("small") != known[0][0] or [n for n in os.listdir(".") if n.startswith(".small")]:
                self.report("kills", known[0][1], [], f"the run after {number.name} is not whole")

    def races(self):
        known = self.results()
        forced = self.rng.random() < 0.5
        shutil.rmtree("small")
        pair = [subprocess.Popen([self.dmft, *[a for a in k[1] if forced or a != "--force"]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for k in known]
        statuses = sorted(p.wait() for p in pair)
        self.counts["races", str(statuses)] += 1
        if self.contents("small") not in [k[0] for k in known] or 0 not in statuses or not set(statuses) <= {0, 64}:
            self.report("races", known[0][1], [], f"a mixture after exits {statuses}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--dmft", default=".build/release/dmft")
    parser.add_argument("--only", default="problems,problems,problems,csv,kills,races")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.seconds:g} s", flush=True)
    fuzzer = Fuzzer(options)
    end = time.monotonic() + options.seconds
    while time.monotonic() < end: getattr(fuzzer, fuzzer.rng.choice(options.only.split(",")))()
    for (name, status), count in sorted(fuzzer.counts.items(), key=str): print(f"{count:7d}  {name}, {'exit ' if isinstance(status, int) else ''}{status}")
    print(f"{sum(fuzzer.counts.values())} cases, {len(fuzzer.defects)} defects")
    sys.exit(bool(fuzzer.defects))


if __name__ == "__main__":
    main()
