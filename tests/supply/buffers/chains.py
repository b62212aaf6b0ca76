"""Random chains, and the plainest way to find their optimum."""

from __future__ import annotations

import itertools

import numpy as np

from linewright.supply.buffers.chain import Chain
from linewright.supply.buffers.placement import priced


def random_chain(seed, stages, density, longest, *, fractions=False, uncertain=False, units=False):
    """A random acyclic chain; some stages in the middle have customers of their own too."""
    rng = np.random.default_rng(seed)
    arcs = [
        (f"s{one}", f"s{other}", float(rng.integers(1, 4)) if units else 1.0)
        for one, other in itertools.combinations(range(stages), 2)
        if rng.random() < density
    ]
    feeding = {arc[0] for arc in arcs}
    sells = np.array([f"s{at}" not in feeding for at in range(stages)]) | (rng.random(stages) < 0.15)
    lead = rng.integers(0, longest + 1, stages) + (np.round(rng.random(stages), 1) if fractions else 0.0)
    return Chain.of(
        [f"s{at}" for at in range(stages)],
        arcs,
        lead_days=lead,
        lead_days_sd=np.where(rng.random(stages) < 0.5, 0.4 * lead, 0.0) if uncertain else 0.0,
        added_cost=rng.uniform(0.1, 10, stages),
        demand_mean=np.where(sells, rng.uniform(1, 20, stages), 0.0),
        demand_sd=np.where(sells, rng.uniform(1, 20, stages), 0.0),
        promised_days=np.where(sells, rng.integers(0, 4, stages) + (0.5 if fractions else 0.0), np.nan),
    )


def tried_out(chain):
    """The least cost over every combination of outbound days."""
    inner = [stage for stage in range(len(chain)) if chain.customers[stage].size]
    days = np.zeros(len(chain))
    best = np.inf
    for chosen in itertools.product(*[range(int(chain.most_days[1][stage]) + 1) for stage in inner]):
        days[inner] = chosen
        best = min(best, priced(chain, days).total)
    return best
