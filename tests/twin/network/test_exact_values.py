"""Exact values of queueing theory and of lines, each within four standard errors of a short simulation."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.oracles.cases import CASES
from benchmarks.oracles.view import View
from linewright.shop.chance import identity
from linewright.twin.network.advance import advance
from linewright.twin.network.build import compile_network
from linewright.twin.network.conservation import breaches
from linewright.twin.network.state import forget, new_state

with (Path(__file__).parents[2] / "data" / "oracles" / "oracles.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
REPLICATIONS = 12
#: Below this share of the value a spread is rounding, and the value must be met that closely.
EXACT = 1e-3


def simulated(case, metric, seed, span=3_000.0):
    """The metric of some replications."""
    compiled = compile_network(case.network)
    values = []
    for replication in range(REPLICATIONS):
        state = new_state(compiled, seed=seed, replication=replication, log=case.log)
        state = advance(compiled, state, until=500.0)
        forget(state)
        state = advance(compiled, state, until=500.0 + span)
        assert breaches(compiled, state, span) == []
        values.append(np.atleast_1d(case.measures[metric](View(compiled, state, span))))
    return np.array(values)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['case']} {row['family']} {row['metric']}")
def test_an_exact_value_is_met(row):
    """A simulated mean lies within four standard errors of the exact value, or is the value where nothing varies."""
    case = CASES[row["family"]](row["family"], row["model"], json.loads(row["params"]))
    values = simulated(case, row["metric"], identity(row["case"], row["metric"]))
    exact = np.atleast_1d(json.loads(row["value"]))
    error = np.maximum(values.std(axis=0, ddof=1) / REPLICATIONS**0.5, EXACT * np.abs(exact) / 4)
    assert np.all(np.abs(values.mean(axis=0) - exact) < 4 * error)
