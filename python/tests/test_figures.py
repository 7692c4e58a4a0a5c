"""What figures show, against the tables."""

import re

import numpy as np
import pytest

import masked_dmft as md
from masked_dmft import labels, program


def test_theory_is_a_line_and_training_points_with_errors(compared):
    (axis,) = compared.plot("test_loss").axes
    table, errors = compared.table, compared.errors
    line = axis.lines[0]
    assert np.array_equal(line.get_ydata(), table["theory", "test_loss"])
    assert line.get_xdata()[-1] == pytest.approx(0.2 * 12)
    ((points, _, (bars,)),) = axis.containers
    assert np.array_equal(points.get_ydata(), table["training", "test_loss"])
    assert points.get_linestyle() == "None"
    half = [np.ptp(bar[:, 1]) / 2 for bar in bars.get_segments()]
    assert half == pytest.approx(errors["training", "test_loss"].to_numpy())
    assert axis.get_xlabel() == r"time $\eta t$" and axis.get_ylabel() == "test loss"
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["theory", "training"]
    assert line.get_color() != points.get_color()


def test_default_panels_are_those_of_the_program(compared):
    names = [axis.get_ylabel() for axis in compared.plot().axes]
    shown = ["training_loss", "training_error", "test_loss", "test_error", "magnetisation", "norm"]
    assert names == [labels.label(name) for name in shown]


def test_family_and_member():
    run = md.solve(md.example("xor-committee"), {"steps": 2, "theory.trajectories": 200})
    family, one, norms = run.plot("magnetisation", "magnetisation_21", "norm").axes
    assert len(family.lines) == 8 and len(one.lines) == 1 and len(norms.lines) == 4
    assert np.array_equal(one.lines[0].get_ydata(), run.table["magnetisation_21"])


def test_rules_have_a_line_each(tiny):
    run = md.rules(md.example(), tiny, rules=["plain", "sign"])
    (axis,) = run.plot("training_loss").axes
    assert [line.get_label() for line in axis.lines] == ["01-plain", "02-sign"]


def test_cases_and_solvers_are_told_apart(tiny):
    run = md.compare(md.example(), tiny, dimensions=[40, 60])
    (axis,) = run.plot("norm").axes
    names = [text.get_text() for text in axis.get_legend().get_texts()]
    assert names == ["compare", "d40", "d60"]
    assert axis.get_legend().get_title().get_text() == "lines: theory, points: training"
    assert len(axis.containers) == 3


def test_long_training_is_thinned():
    run = md.train(md.example(), {"steps": 100, "training": {"dimension": 20, "runs": 2}})
    (axis,) = run.plot("norm").axes
    assert len(axis.containers[0][0].get_xdata()) == 17


@pytest.mark.parametrize(
    ("run", "name", "across", "lines"),
    [
        (lambda: md.aging(md.example(), {"steps": 9}, waiting=[0, 4], stationary=False),
         "effective_temperature", r"lag, time $\eta\tau$", 2),
        (lambda: md.stationary(md.example(), {"weight_decay": 0.5, "loss.kind": "square"}),
         "gradient_response_real", "angular frequency (per step)", 1),
        (lambda: md.static(md.example(), scan="samples_per_weight=1:5:3"),
         "test_error", "samples per weight", 1),
        (lambda: md.solve(md.example(), {"steps": 3}), "density", "weight / root mean square", 1),
    ],
)  # fmt: skip
def test_columns_of_other_tables(run, name, across, lines):
    run = run()
    (axis,) = run.plot(name).axes
    assert axis.get_xlabel() == across and axis.get_ylabel() == labels.label(name)
    assert len(axis.lines) == lines
    assert run.plot().axes


def test_names_that_cannot_be_drawn(compared):
    with pytest.raises(LookupError, match=r"colour: a run of compare .* training_loss"):
        compared.plot("colour")


def test_time_axes():
    assert labels.time_label({"time": {"kind": "flow"}}) == "time $t$"
    assert labels.time_label({"learning_rate": {"kind": "cosine"}}) == r"time, sum of $\eta$"


def test_every_quantity_of_the_program_has_a_label():
    checkouts = program.checkouts()
    if not checkouts:
        pytest.skip("no checkout beside the package")
    source = (checkouts[0] / "Sources/Observables/Quantity.swift").read_text()
    names = re.findall(r'= Quantity\(\s*"(\w+)", "([^"]+)"', source)
    assert len(names) > 15
    for name, title in names:
        assert labels.label(name).startswith(title)
