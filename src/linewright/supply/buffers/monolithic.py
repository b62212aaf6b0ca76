"""The same placement as one plain programme, to check the fast one: nothing is eliminated, merged or shared.

Each stage takes exactly one pair (SI, S) of whole days, priced one by one; each arc and each day says that a supplier
that quotes at least so many days makes its customer count on as many. It is larger and slower by far.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from linewright.errors import NoAnswer
from linewright.supply.buffers.chain import Chain
from linewright.supply.silent import silent_highs

#: A row: least, most, columns, entries.
Line = tuple[float, float, list[int], list[float]]


def monolithic_cost(chain: Chain, *, seconds: float = 600.0) -> float:
    """The least cost of any placement with whole outbound days.

    Raises
    ------
    NoAnswer
        The solver did not finish in time.
    """
    import highspy

    lines, costs, pairs = _programme(chain)
    scale = 1e4 / max(1e-300, max(costs, default=1.0))
    solver = silent_highs(time_limit=seconds, mip_rel_gap=1e-9)
    solver.passModel(_matrix(lines, np.array(costs) * scale))
    solver.run()
    chosen = np.array(solver.getSolution().col_value)[:pairs]
    finished = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    if finished and np.abs(chosen - np.round(chosen)).max(initial=0.0) > 1e-6:
        kinds = np.full(pairs, int(highspy.HighsVarType.kInteger), np.uint8)
        solver.changeColsIntegrality(pairs, np.arange(pairs, dtype=np.int32), kinds)
        solver.run()
        finished = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    if not finished:
        raise NoAnswer(f"the plain programme was not solved within {seconds:g} seconds", ["give it more time"])
    return float(solver.getInfo().objective_function_value) / scale


def _programme(chain: Chain) -> tuple[list[Line], list[float], int]:
    """The rows and the costs: first all pairs of all stages, then the days that stages reach."""
    lines: list[Line] = []
    costs: list[float] = []
    pairs: list[list[tuple[int, int]]] = []
    starts: list[int] = []
    for stage in range(len(chain)):
        starts.append(len(costs))
        pairs.append([])
        for pair, ahead in _pairs(chain, stage):
            pairs[stage].append(pair)
            costs.append(_price(chain, stage, ahead))
        columns = list(range(starts[stage], len(costs)))
        lines.append((1.0, 1.0, columns, [1.0] * len(columns)))
    count = len(costs)
    reach: dict[tuple[int, int, int], int] = {}
    for stage in range(len(chain)):
        for side in (0, 1):
            _reached(lines, costs, reach, stage, side, [pair[side] for pair in pairs[stage]], starts[stage])
    for supplier, customer in zip(chain.supplier.tolist(), chain.customer.tolist(), strict=True):
        for day in range(1, max(pair[1] for pair in pairs[supplier]) + 1):
            lines.append((0.0, math.inf, [reach[customer, 0, day], reach[supplier, 1, day]], [1.0, -1.0]))
    return lines, costs, count


def _pairs(chain: Chain, stage: int) -> Iterator[tuple[tuple[int, int], float]]:
    """Every pair of days (SI, S) that a stage may take, and SI - S; without customers S is what was promised."""
    most_in, most_out = int(chain.most_days[0][stage]), int(chain.most_days[1][stage])
    longest, promised = float(chain.lead_longest[stage]), float(chain.promised_days[stage])
    for inbound in range(most_in + 1):
        if not chain.customers[stage].size:
            yield (inbound, 0), inbound - min(0.0 if math.isnan(promised) else promised, inbound + longest)
            continue
        for outbound in range(most_out + 1):
            if outbound <= inbound + longest + 1e-9:
                yield (inbound, outbound), float(inbound - outbound)


def _reached(
    lines: list[Line], costs: list[float], reach: dict[tuple[int, int, int], int],
    stage: int, side: int, days: list[int], start: int,
) -> None:  # fmt: skip
    """A column for each day that a stage counts on (side 0) or quotes (side 1): the pairs of that day, or any later."""
    for day in range(1, max(days) + 1):
        column = reach[stage, side, day] = len(costs)
        members = [start + at for at, taken in enumerate(days) if taken == day]
        later = [column + 1] if day < max(days) else []
        lines.append((0.0, 0.0, [*members, *later, column], [1.0] * (len(members) + len(later)) + [-1.0]))
        costs.append(0.0)


def _price(chain: Chain, stage: int, ahead: float) -> float:
    """What it costs to cover SI - S = ahead days beside the lead time."""
    chances = list(zip(chain.lead_days[stage].tolist(), chain.lead_share[stage].tolist(), strict=True))
    net = [(max(0.0, ahead + days), share) for days, share in chances]
    expected = sum(days * share for days, share in net)
    spread = sum((days - expected) ** 2 * share for days, share in net)
    deviation = math.sqrt(float(chain.sigma[stage]) ** 2 * expected + float(chain.mean[stage]) ** 2 * spread)
    return float(chain.holding_share * chain.service_factor[stage] * chain.value[stage]) * deviation


def _matrix(lines: list[Line], costs: Any) -> Any:
    import highspy

    made = highspy.HighsLp()
    made.num_col_, made.num_row_ = costs.size, len(lines)
    made.col_cost_, made.col_lower_, made.col_upper_ = costs, np.zeros(costs.size), np.ones(costs.size)
    made.row_lower_, made.row_upper_ = np.array([row[0] for row in lines]), np.array([row[1] for row in lines])
    made.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    made.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(row[2]) for row in lines])]).astype(np.int32)
    made.a_matrix_.index_ = np.array([column for row in lines for column in row[2]], np.int32)
    made.a_matrix_.value_ = np.array([entry for row in lines for entry in row[3]], np.float64)
    return made
