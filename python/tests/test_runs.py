"""What is read of runs, against the files read in another way."""

import csv
import gc
import sys

import numpy as np
import pytest

import masked_dmft as md


def rows(file):
    """The rows of a CSV file, as dicts of texts."""
    with file.open() as lines:
        return list(csv.DictReader(lines))


def test_table_and_errors_hold_each_point(solved):
    points = rows(solved.folder / "curves.csv")
    assert len(points) == solved.table.size > 100
    for point in points:
        cell = (int(point["step"]), point["observable"])
        assert solved.table.loc[cell] == float(point["value"])
        assert solved.errors.loc[cell] == float(point["standard_error"])


def test_columns_are_in_the_order_of_the_file(solved):
    points = rows(solved.folder / "curves.csv")
    assert solved.table.columns.tolist() == list(dict.fromkeys(p["observable"] for p in points))


def test_tables_against_time(solved):
    table = md.wide(solved.curves, index="time")
    assert table.index.tolist() == sorted(
        {float(p["time"]) for p in rows(solved.folder / "curves.csv")}
    )
    assert (table.to_numpy() == solved.table.to_numpy()).all()


def test_columns_of_several_solvers(compared):
    assert compared.agree is True
    for solver in ("theory", "training"):
        for point in rows(compared.folder / solver / "curves.csv"):
            column = (solver, point["observable"])
            assert compared.table[column][int(point["step"])] == float(point["value"])
            assert compared.errors[column][int(point["step"])] == float(point["standard_error"])
    assert compared.curves.case.unique().tolist() == [""]


def test_cases_of_dimensions_and_rules(tiny):
    run = md.compare(md.example(), tiny, dimensions=[40, 60])
    assert set(run.curves.case) == {"", "d40", "d60"}
    assert set(run.curves.solver[run.curves.case != ""]) == {"training"}
    assert "extrapolation" in run.tables
    run = md.rules(md.example(), tiny, rules=["plain", "sign"], target={"training_loss": 0.6})
    assert set(run.curves.case) == {"01-plain", "02-sign"}
    assert run.table["01-plain"].shape == run.table["02-sign"].shape
    assert run.tables["rules"].reached.tolist() == ["yes", "yes"]
    assert md.rule_labels(run.tables["rules"]).tolist() == ["plain", "sign"]


def test_one_pass_with_check(tiny):
    run = md.online(md.example(), {**tiny, "sample_mask": {"kind": "full"}}, check=True)
    pairs = run.curves[["solver", "case"]].drop_duplicates().itertuples(index=False, name=None)
    assert sorted(pairs) == [(s, c) for s in ("theory", "training") for c in ("", "single")]
    assert set(run.tables) == {"comparison", "single/comparison"}
    assert len(run.tables["single/comparison"]) == len(rows(run.folder / "single/comparison.csv"))


def test_agreement_is_that_of_the_report(compared):
    table = compared.tables["comparison"]
    for line in compared.report.splitlines()[1:5]:
        name, *_, largest, rms, _ = line.split()
        one = md.agreement(table[table.observable == name])
        assert f"{one['largest']:.2f} {one['rms']:.2f}" == f"{largest} {rms}"


def test_run_that_is_read_is_the_run_that_was_made(solved):
    run = md.read(solved.folder)
    assert run.curves.equals(solved.curves)
    assert run.command == "solve" and run.agree is None
    assert run.problem == solved.problem
    assert solved.problem["steps"] == 12
    assert sorted(run.files) == sorted(
        str(file.relative_to(run.folder)) for file in run.folder.rglob("*") if file.is_file()
    )


def test_folder_without_run(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no run\.yaml"):
        md.read(tmp_path)


def test_names_that_are_not_there(solved, compared):
    with pytest.raises(KeyError, match="weights"):
        solved.tables["comparison"]
    with pytest.raises(KeyError, match="gradient_response"):
        solved.kernels["covariance"]
    assert not compared.kernels
    with pytest.raises(LookupError, match="static"):
        _ = md.static(md.example()).curves


def test_kernels_hold_each_point(solved):
    for name in solved.kernels:
        kernel, errors = solved.kernels[name], solved.kernels.errors[name]
        points = rows(solved.folder / "kernels" / f"{name}.csv")
        assert kernel.size == len(points)
        for point in points:
            step, prime = int(point["step"]), int(point["step_prime"])
            place = (step, prime, int(point["unit"]) - 1, int(point["unit_prime"]) - 1)
            assert kernel[place] == float(point["value"])
            assert errors[place] == float(point["standard_error"])
    correlation = solved.kernels["correlation"][:, :, 0, 0]
    assert np.diag(correlation) == pytest.approx(solved.table["norm"].to_numpy(), rel=1e-12)


@pytest.fixture(scope="module")
def committee():
    """Kernels of four hidden units, as text."""
    return md.solve(
        md.example("xor-subnet"),
        {"steps": 3, "theory": {"trajectories": 200, "batches": 2}},
        kernel_format="csv",
    )


def test_mapped_kernels_are_those_in_text(committee, tmp_path):
    md.export(committee, output=tmp_path / "kernels")
    texts = committee.kernels
    mapped = md.solve(committee.problem, kernel_format="npy").kernels
    for name in texts:
        assert texts[name].shape[2:] == (4, 4)
        assert isinstance(mapped[name], np.memmap)
        assert np.array_equal(texts[name], mapped[name])
        assert np.array_equal(texts[name], np.load(tmp_path / "kernels" / f"{name}.npy"))
        assert np.array_equal(texts.errors[name], mapped.errors[name])
        assert texts.steps(name).tolist() == mapped.steps(name).tolist()
    assert committee.run["learning_units"]["path_1"][0] == [2, 4]


def test_named_dimensions(committee):
    array = committee.kernels.xarray("correlation")
    assert array.sizes == {"step": 4, "step_prime": 4, "unit": 4, "unit_prime": 4}
    one = array.sel(step=2, step_prime=1, unit=4, unit_prime=3)
    assert one == committee.kernels["correlation"][2, 1, 3, 2]
    assert array.time.to_numpy().tolist() == committee.table.index.map(lambda s: 0.4 * s).tolist()
    errors = committee.kernels.xarray("correlation", errors=True)
    assert errors.name == "correlation_standard_error"
    assert np.array_equal(errors, committee.kernels.errors["correlation"])


def test_kernels_at_chosen_steps():
    changes = {
        "steps": 60, "weight_mask": {"kind": "full"}, "loss.kind": "square",
        "theory": {"history": "compressed", "kernel_times": 20, "sites": "closed"},
    }  # fmt: skip
    run = md.solve(md.example(), changes)
    steps = run.kernels.steps("correlation")
    assert steps[0] == 0 and steps[-1] == 60 and len(steps) <= 20 < 60
    assert run.kernels.times("correlation") == pytest.approx(0.2 * steps)
    norms = run.table["norm"][steps.tolist()]
    assert np.diag(run.kernels["correlation"][:, :, 0, 0]) == pytest.approx(norms, rel=1e-9)
    assert run.kernels.errors == {}


def test_temporary_folder_lives_as_long_as_it_is_read(tiny):
    run = md.solve(md.example(), tiny)
    folder, kernels = run.folder, run.kernels
    del run
    gc.collect()
    assert kernels["response"].shape == (13, 13, 1, 1)
    del kernels
    gc.collect()
    assert not folder.exists() and not folder.parent.exists()


def test_what_needs_pandas_says_so(solved, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    run = md.read(solved.folder)
    assert run.kernels.times("response").tolist() == solved.kernels.times("response").tolist()
    assert run.problem["steps"] == 12
    with pytest.raises(ImportError, match=r"pip install 'masked-dmft\[pandas\]'"):
        _ = run.curves


def test_fit_and_what_follows(tmp_path):
    random = np.random.default_rng(1)
    label = np.repeat([1, -1], 60)
    data = random.normal(size=(120, 8)) + label[:, None]
    file = tmp_path / "data.csv"
    np.savetxt(file, np.column_stack([data, label]), delimiter=",", fmt="%.6f")
    run = md.fit(file, output=tmp_path / "fit")
    assert run.problem == {} and "fit" in run.tables
    changes = {"steps": 3, "training.runs": 2}
    assert md.solve(run.folder / "mixture.yaml", {"steps": 3}).problem["steps"] == 3
    assert md.train(run.folder / "measured.yaml", changes).table.index.tolist() == [0, 1, 2, 3]


def test_bounds_of_a_run(solved):
    options = {"operations": 1e20, "parameters": 1e9}
    table = md.bounds(**options, gamma=[0, 10], updates=1e5)
    assert table.gamma.tolist() == [0, 10]
    assert len(md.bounds(**options, schedule=solved)) == 1
