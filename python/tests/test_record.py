"""``run.yaml`` as other programs read it: PyYAML, which reads YAML 1.1, and a shell."""

import datetime
import re
import shlex
from pathlib import Path

import pytest
import yaml

import masked_dmft as md


def record(folder):
    return yaml.safe_load((Path(folder) / "run.yaml").read_text(encoding="utf-8"))


def numbers(value, path=""):
    """The leaves of a record that are numbers, by path."""
    if isinstance(value, dict):
        return {k: v for key in value for k, v in numbers(value[key], f"{path}.{key}").items()}
    if isinstance(value, list):
        return {k: v for i, e in enumerate(value) for k, v in numbers(e, f"{path}[{i}]").items()}
    return {path: value} if isinstance(value, (int, float)) else {}


def test_both_versions_of_yaml_read_the_same(solved, compared):
    for run in (solved, compared):
        assert record(run.folder) == md.read_yaml(run.folder / "run.yaml")


@pytest.mark.parametrize("name", ["", "xor-committee", "persistent-flow", "warm-up"])
def test_problems_read_back_the_same(name, tmp_path):
    problem = md.call("example", *([name] if name else []))
    changes = ["--set=weight_decay=1e-1", "--set=start.variance=1e-12"]
    if "kind: flow" in problem:
        changes += ["--set=time.duration=5e-1"]
    else:
        changes += ["--set=steps=3"]
    small = ["--set=training.dimension=2e1", "--set=training.runs=2"]
    for source, folder in ((problem, "one"), (None, "two")):
        text = source or yaml.safe_dump(record(tmp_path / "one")["problem"])
        options = [*changes, *small] if source else []
        md.call("train", "-", *options, f"--output={tmp_path / folder}", stdin=text)
    one, two = record(tmp_path / "one"), record(tmp_path / "two")
    assert one["problem"] == two["problem"]
    assert one["problem"]["weight_decay"] == 0.1
    assert one["problem"]["start"]["variance"] == 1e-12
    assert one["problem"]["training"]["dimension"] == 20
    curves = [(tmp_path / folder / "curves.csv").read_bytes() for folder in ("one", "two")]
    assert curves[0] == curves[1]


def test_what_a_methods_section_needs(compared):
    run = record(compared.folder)
    assert re.fullmatch(r"[0-9a-f]{40}|unknown", run["commit"])
    assert run["source_changes"] in (True, False) or run["commit"] == "unknown"
    started = datetime.datetime.fromisoformat(run["started"].replace("Z", "+00:00"))
    assert abs(datetime.datetime.now(datetime.timezone.utc) - started) < datetime.timedelta(1)
    assert run["started"].endswith("Z")
    for key in ("version", "host", "processor", "blas_core", "openblas", "gsl"):
        assert isinstance(run[key], str) and run[key], key
    assert run["threads"] >= 1 and run["threads_granted_by"]
    assert 1e6 < run["peak_memory_bytes"] < 1e12
    assert isinstance(run["wall_time_seconds"], float)
    for path, value in numbers(run["diagnostics"]).items():
        assert not isinstance(value, str), path


def test_command_can_be_pasted_into_a_shell(tmp_path):
    file = tmp_path / 'it\'s a "problem" $HOME.yaml'
    file.write_text(md.call("example"), encoding="utf-8")
    words = [
        "train", str(file), "--set", "steps=2", "--set", "sample_mask={kind: full}",
        "--set", "training.dimension=20", f"--output={tmp_path / 'run'}", "--quiet",
    ]  # fmt: skip
    md.call(*words)
    assert shlex.split(record(tmp_path / "run")["command"]) == ["dmft", *words]


def test_texts_are_texts(tmp_path):
    """Labels and names that YAML 1.1 would take for truth values, dates or numbers."""
    rows = "".join(
        f"{i * i % 17 + 20 * (i % 2)},{i * 7 % 13},{'on' if i % 2 else '1e5'}\n" for i in range(40)
    )
    (tmp_path / "2026-01-01").write_text(rows)
    problem = md.example()
    problem["data"] = {
        "kind": "csv",
        "path": str(tmp_path / "2026-01-01"),
        "classes": ["on", "1e5"],
    }
    problem.update(samples_per_weight=5, steps=2)
    problem["start"] = {"variance": 0.1}
    problem["training"] = {"runs": 2}
    run = md.train(problem)
    assert record(run.folder)["problem"]["data"]["classes"] == ["on", "1e5"]
