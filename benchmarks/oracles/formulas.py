"""Rows that ask for a formula of the twin's analytic companions."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.twin.analytic.decomposition import ContinuousLine, line_throughput
from linewright.twin.analytic.two_machines import continuous_pair
from linewright.twin.analytic.variability import departure_scv, kingman

FAMILIES = ("two_cont", "vut", "multi_ddx", "bap_pub", "bap_best")


def formula(family: str, model: str, params: dict[str, Any], metric: str) -> float:
    """The value of a row by formula."""
    if family == "two_cont":
        (p1, p2), (r1, r2) = params["p"], params["r"]
        pair = continuous_pair(p1, r1, p2, r2, params["N"])
        return float(pair.efficiency if metric == "E" else pair.level)
    if family == "vut":
        arriving = params["ca2"]
        if "upstream_ce2" in params:
            arriving = departure_scv(params["u"], params["upstream_ce2"], arriving)
        return kingman(params["u"], params["te_min"] / 60, params["ce2"], arriving)
    if family == "bap_best":
        return _best(params)
    if "mt" in params:
        failing, mending = [1 / mean for mean in params["mt"]], [1 / mean for mean in params["mr"]]
        buffers = params["alloc"]
    else:
        failing, mending, buffers = params["p"], params["r"], params["N"]
    line = ContinuousLine(tuple(failing), tuple(mending))
    return float(line_throughput(line, np.array([buffers]))[0])


def _best(params: dict[str, Any]) -> float:
    from linewright.twin.optimise.buffers import best_buffers

    line = ContinuousLine(tuple(1 / mean for mean in params["mt"]), tuple(1 / mean for mean in params["mr"]))
    return float(best_buffers(line, params["B"]).value)
