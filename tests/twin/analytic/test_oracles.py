"""Closed forms, exact chains and decompositions against the values of the literature."""

from __future__ import annotations

import csv
import json
from collections import defaultdict

import pytest

from tests.twin.analytic.rows import FAMILIES, matches

#: Searches of the largest lines take seconds; `benchmarks/buffer_allocation.py` runs them.
LARGE = 150

#: Zhou, Liu, Yu & Tao, *Optimal Control Applications and Methods* 39:204-219, 2018, table 4.
ZHOU = {"alloc": [18, 19, 11, 8, 4], "mr": [7, 10, 7, 5, 5, 8], "mt": [20, 20, 30, 22, 30, 30]}
OWN = [
    ("mm1", "M/M/1 FIFO", {"lam": 0.8, "mu": 1}, "Wq", 4.0),
    ("mmc", "M/M/c FIFO", {"c": 2, "lam": 1.2, "mu": 1}, "Wq", 0.5625),
    ("mmcc", "M/M/c/c loss", {"a": 2.0, "c": 3}, "P(block)", 4 / 19),
    ("mg1", "M/G/1 FIFO", {"lam": 0.8, "scv": 0.0}, "Wq", 2.0),
    ("gm1", "E2/M/1 mu=1", {"lam": 0.5}, "Wq", (5**0.5 - 1) / 2),
    ("batch", "batch arrivals", {"k": 8, "lb": 0.1}, "Wq per job", 21.5),
    ("prio", "non-preemptive priority", {"lam": [0.2, 0.4, 0.25], "mean": [1, 0.8, 1.2]}, "Wq class 0", 1.02),
    ("prio", "preemptive-resume priority", {"lam": [0.2, 0.4, 0.25], "mean": [1, 0.8, 1.2]}, "sojourn class 1", 2.1875),
    ("spt", "shortest first", {"lam": 0.8}, "Wq", 1.8822186162397772),
    ("repair", "machine interference", {"N": 8, "c": 8, "l": 0.2, "m": 1.0}, "mean machines up", 20 / 3),
    ("conwip", "practical worst case", {"machines": [1, 2, 6, 2], "times": [2, 5, 10, 3], "wip": 3}, "TH", 0.12),
    ("tandem", "exponential line", {"b": [0], "mu": [1, 1]}, "TH", 2 / 3),
    ("tandem", "exponential line", {"b": [0, 0], "mu": [1, 1, 1]}, "TH", 22 / 39),
    ("tandem_erl", "Erlang line", {"K": 2, "b": [0], "phases": 2}, "TH", 8 / 11),
    ("two_cont", "continuous", {"N": 20.0, "p": [0.01, 0.02], "r": [0.1, 0.1]}, "E", 0.8128391260705277),
    ("bap_pub", "DDX", ZHOU, "E (DDX)", 0.600970003773467),
]  # fmt: skip


@pytest.mark.parametrize(("family", "model", "params", "metric", "value"), OWN)
def test_a_value_of_the_literature_is_met(family, model, params, metric, value):
    """Each formula gives a value printed in a textbook or paper, to its last digit."""
    row = {"family": family, "model": model, "params": json.dumps(params), "metric": metric, "value": json.dumps(value)}
    assert matches(row)


def test_the_four_stations_of_hillier_and_boling_are_met():
    """Four exponential stations without buffers do 0.5148 parts per mean time (1967)."""
    from linewright.twin.analytic.line_chains import exact_line

    assert exact_line([1] * 4, [0] * 3).throughput == pytest.approx(0.5148, abs=5e-5)


def test_every_row_with_a_formula_is_met(bench):
    """All rows of the oracle table that a closed form, an exact chain or a decomposition can give."""
    wrong, rows = defaultdict(list), 0
    with bench("simulation/oracles.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["family"] == "bap_best" and json.loads(row["params"])["B"] > LARGE:
                continue
            rows += 1
            if "an optimal allocation" in row["metric"]:
                # Several allocations may tie; the throughput is compared in the row beside it.
                continue
            if row["family"] not in FAMILIES or not matches(row):
                wrong[row["family"]].append(row["case"])
    assert not wrong
    assert rows > 250
