"""Runs that several tests read."""

import matplotlib
import pytest

import masked_dmft as md

matplotlib.use("Agg")

TINY = {
    "steps": 12,
    "theory": {"trajectories": 400, "batches": 4},
    "training": {"dimension": 60, "runs": 4},
}
"""Changes that make a problem small."""


@pytest.fixture
def tiny():
    return TINY


@pytest.fixture(scope="session")
def solved():
    return md.solve(md.example(), TINY)


@pytest.fixture(scope="session")
def compared():
    return md.compare(md.example(), TINY)
