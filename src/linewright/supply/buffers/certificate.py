"""Check a placement without the code that made it: plain Python over the chain's own numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linewright.supply.buffers.placement import Placement

#: Relative error that sums of floating-point numbers may have.
ROUNDING = 1e-9


def breaches(placement: Placement, *, proven_within: float = 1e-6) -> list[str]:
    """What is wrong with a placement; empty when it keeps every rule, costs what it says, and is proven.

    Parameters
    ----------
    placement
        Any placement.
    proven_within
        The share of the total by which the bound may be below it.
    """
    chain = placement.chain
    found, total = [], 0.0
    sold, made = _demand(placement), _worth(placement)
    longest = [math.ceil(max(row) - ROUNDING) if max(row) > min(row) else max(row) for row in chain.lead_days.tolist()]
    outbound = [float(days) for days in placement.outbound_days]
    feeds: dict[int, list[int]] = {}
    for supplier, customer in zip(chain.supplier.tolist(), chain.customer.tolist(), strict=True):
        feeds.setdefault(customer, []).append(supplier)
    delivering = set(chain.supplier.tolist())
    for stage, name in enumerate(chain.names):
        inbound = max((outbound[supplier] for supplier in feeds.get(stage, [])), default=0.0)
        promised = float(chain.promised_days[stage])
        if not 0 <= outbound[stage] <= inbound + longest[stage] + ROUNDING:
            found.append(f"{name}: quotes {outbound[stage]:g} days, but needs only {inbound + longest[stage]:g}")
        if outbound[stage] > promised + ROUNDING:
            found.append(f"{name}: quotes {outbound[stage]:g} days, but {promised:g} are promised")
        if stage in delivering and abs(outbound[stage] - round(outbound[stage])) > ROUNDING:
            found.append(f"{name}: quotes {outbound[stage]:g} days, which are not whole")
        chances = zip(chain.lead_days[stage].tolist(), chain.lead_share[stage].tolist(), strict=True)
        net = [(max(0.0, inbound + days - outbound[stage]), share) for days, share in chances]
        first = sum(days * share for days, share in net)
        spread = max(0.0, sum(days * days * share for days, share in net) - first * first)
        variance, mean = sold[stage]
        stock = float(chain.service_factor[stage]) * math.sqrt(variance * first + mean * mean * spread)
        if not math.isclose(stock, float(placement.safety_stock[stage]), rel_tol=1e-6, abs_tol=1e-4 * (1 + variance)):
            found.append(f"{name}: holds {float(placement.safety_stock[stage]):g} units instead of {stock:g}")
        total += chain.holding_share * made[stage] * stock
    if not math.isclose(total, placement.total, rel_tol=1e-6):
        found.append(f"the total is {total:.6f} and not {placement.total:.6f}")
    if placement.bound > placement.total * (1 + ROUNDING) + ROUNDING:
        found.append(f"the bound {placement.bound:.6f} is above the total {placement.total:.6f}")
    if placement.total - placement.bound > proven_within * placement.total:
        found.append(f"the total {placement.total:.6f} is not proven: the bound is {placement.bound:.6f}")
    return found


def _demand(placement: Placement) -> list[tuple[float, float]]:
    """The variance and the mean of the demand that reaches each stage in a day, by walking all customers."""
    chain = placement.chain
    known: dict[int, tuple[float, float]] = {}
    for stage in reversed(chain.order.tolist()):
        variance, mean = float(chain.demand_sd[stage]) ** 2, float(chain.demand_mean[stage])
        for arc in (chain.supplier == stage).nonzero()[0].tolist():
            units, (more, wanted) = float(chain.units[arc]), known[int(chain.customer[arc])]
            variance, mean = variance + units * units * more, mean + units * wanted
        known[stage] = variance, mean
    return [known[stage] for stage in range(len(chain.names))]


def _worth(placement: Placement) -> list[float]:
    """The value of one unit of each stage, by walking all suppliers."""
    chain = placement.chain
    known: dict[int, float] = {}
    for stage in chain.order.tolist():
        arcs = (chain.customer == stage).nonzero()[0].tolist()
        inputs = sum(float(chain.units[arc]) * known[int(chain.supplier[arc])] for arc in arcs)
        known[stage] = float(chain.added_cost[stage]) + inputs
    return [known[stage] for stage in range(len(chain.names))]
