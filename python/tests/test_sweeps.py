"""Sweeps, against the tasks they are made of."""

import signal
import subprocess
import time

import pytest

import masked_dmft as md

GRID = {
    "samples_per_weight": "0.5:8:3:log",
    "weight_mask": [{"kind": "full"}, {"kind": "frozen", "density": 0.5}],
}


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    vary = {"samples_per_weight": "0.5:8:3:log", "weight_decay": [0.1, 1], "seed": "1:2"}
    return md.sweep(
        md.example(),
        vary,
        {"steps": 5, "theory.trajectories": 400},
        output=tmp_path_factory.mktemp("sweeps") / "swept",
        kernels=False,
    )


def test_table_holds_the_last_values_of_each_task(swept):
    assert len(swept) == len(swept.table) == 12 and swept.failures == {}
    for number, row in swept.table.iterrows():
        run = swept.task(number)
        assert run.problem["samples_per_weight"] == row.samples_per_weight
        assert run.problem["theory"]["seed"] == row.seed
        assert run.table.test_loss.iloc[-1] == row.test_loss
        assert run.errors.test_loss.iloc[-1] == row.test_loss_standard_error
    assert swept.table.samples_per_weight.unique().tolist() == [0.5, 2, 8]


def test_curves_are_those_of_the_tasks(swept):
    own = swept.curves[swept.curves.task == 7]
    curves = swept.task(7).curves
    assert own.value.tolist() == curves.value.tolist()
    assert (own.weight_decay == swept.tasks.weight_decay[7]).all()


def test_grid_is_a_mean_over_seeds(swept):
    grid = swept.grid("norm")
    assert grid.index.tolist() == [0.1, 1] and grid.columns.tolist() == [0.5, 2, 8]
    table = swept.table
    rows = table[(table.samples_per_weight == 2) & (table.weight_decay == 1)]
    assert len(rows) == 2 and grid.loc[1, 2] == rows.norm.mean()
    by_seed = swept.grid("norm", by=["seed"])
    assert by_seed.index.tolist() == [1, 2] and by_seed[1] == table[table.seed == 1].norm.mean()


def test_figures(swept):
    figure = swept.plot("test_error")
    axis, bar = figure.axes
    assert axis.get_xscale() == "log" and axis.get_yscale() == "linear"
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("samples_per_weight", "weight_decay")
    assert bar.get_ylabel() == "test error (fraction wrong)"
    values = axis.collections[0].get_array()
    assert values.ravel().tolist() == swept.grid("test_error").to_numpy().ravel().tolist()
    line = swept.plot("norm", by=["weight_decay"]).axes[0].lines[0]
    assert line.get_xdata().tolist() == [0.1, 1]


def test_names_that_are_not_there(swept):
    with pytest.raises(LookupError, match=r"nothing: the sweep has .*test_loss"):
        swept.grid("nothing")
    with pytest.raises(LookupError, match="a figure shows one key or two of samples_per_weight"):
        swept.plot("norm", by=["steps"])
    with pytest.raises(LookupError, match="task 99 is not done"):
        swept.task(99)


def test_a_sweep_is_read(swept):
    again = md.read(swept.folder)
    assert isinstance(again, md.Sweep) and again.plan["command"] == "solve"
    assert again.table.equals(swept.table)
    assert "12 done" in again.status()


def test_progress_is_one_line_of_its_own(capsys, swept):
    for file in (swept.folder / "tasks").glob("0012/*"):
        file.unlink()
    (swept.folder / "tasks" / "0012").rmdir()
    swept.run(progress=True)
    assert "sweep: 1 done, 0 failed, 0 left, took" in capsys.readouterr().err
    assert len(swept.table) == 12 and swept.table.exit_code.eq(0).all()


def test_words_on_an_axis(tmp_path):
    sweep = md.sweep(md.example(), GRID, {"steps": 3}, pair=False, kernels=False)
    axis = sweep.plot("norm").axes[0]
    assert [tick.get_text() for tick in axis.get_yticklabels()] == [
        '{"kind": "full"}',
        '{"kind": "frozen", "density": 0.5}',
    ]


def test_points_that_are_refused_are_named(tmp_path):
    with pytest.raises(
        md.DmftError, match=r"task 2 \(weight_decay=-1\): .*weight_decay: found -1"
    ) as refused:
        md.sweep(md.example(), {"weight_decay": [0.1, -1]}, output=tmp_path / "bad")
    assert refused.value.exit_code == 65
    assert not (tmp_path / "bad").exists()
    with pytest.raises(FileNotFoundError, match="no run"):
        md.read(tmp_path)


def test_a_sweep_that_was_killed_goes_on(tmp_path):
    problem = tmp_path / "problem.yaml"
    problem.write_text(md.call("example"))
    folder = tmp_path / "sweep"
    md.call("sweep", "plan", str(problem), "--vary=seed=1:8", f"--output={folder}", "--no-probe")
    process = subprocess.Popen([md.find_program(), "sweep", "run", folder, "--quiet", "--jobs=1"])
    while not list(folder.glob("tasks/0*")):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    sweep = md.read(folder)
    sweep.run()
    assert len(sweep.table) == 8 and sweep.table.exit_code.eq(0).all()
