"""Problems and their changes, as the program understood them."""

import json

import numpy as np

import masked_dmft as md


def test_file_and_dict_are_the_same_problem(tmp_path, tiny):
    file = tmp_path / "problem.yaml"
    file.write_text(md.call("example"))
    from_file, from_dict = md.solve(file, tiny), md.solve(md.read_yaml(file), tiny)
    assert from_file.problem == from_dict.problem
    curves = [(run.folder / "curves.csv").read_bytes() for run in (from_file, from_dict)]
    assert curves[0] == curves[1]


def test_problem_of_a_run_is_a_problem(solved):
    again = md.solve(solved.problem)
    assert again.problem == solved.problem
    assert again.curves.equals(solved.curves)


def test_kind_replaces_and_keys_change():
    demo = md.example()
    run = md.train(demo, {
        "steps": np.int64(3),
        "sample_mask": {"kind": "full"},
        "weight_mask": {"density": np.float64(0.25)},
        "training.dimension": 20,
        "training": {"runs": 2},
    })  # fmt: skip
    assert run.problem["steps"] == 3
    assert run.problem["sample_mask"] == {"kind": "full"}
    assert run.problem["weight_mask"] == {"kind": "independent", "density": 0.25}
    assert (run.problem["training"]["dimension"], run.problem["training"]["runs"]) == (20, 2)
    assert run.problem["training"]["seed"] == demo["training"]["seed"]


def test_lists_schedules_and_small_numbers(tiny):
    run = md.train(md.example(), {
        **tiny,
        "learning_rate": {"kind": "linear", "steps": [0, 8], "values": np.array([0.1, 1e-1])},
        "weight_decay": 1e-7,
    })  # fmt: skip
    assert run.problem["learning_rate"]["values"] == [0.1, 0.1]
    assert run.problem["weight_decay"] == 1e-7


def test_numbers_are_numbers_however_they_were_typed(tiny):
    """YAML 1.1 would make texts of these; run.yaml writes them so that it does not."""
    text = json.dumps(md.example()).replace('"weight_decay": 0.1', '"weight_decay": 1e-1')
    run = md.train(json.loads(text), {**tiny, "data.variance": 5e-1})
    typed = md.call(
        "train", "-", f"--output={run.folder}", "--force", "--set=steps=3",
        "--set=data.variance=5e-1", stdin=text,
    )  # fmt: skip
    assert typed
    again = md.read(run.folder)
    assert "variance: 0.5" in (run.folder / "run.yaml").read_text()
    assert again.problem["data"]["variance"] == 0.5
    assert again.problem["weight_decay"] == 0.1
