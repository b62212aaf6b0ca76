"""The kernel that gives supplies to needs, first come first served."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.shop.kernels import kernel


@kernel
def give(
    need_material: Any, need_site: Any, need_open: Any,
    supply_material: Any, supply_site: Any, supply_open: Any, first_supply: Any, same_site_only: bool,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Give supplies to needs in the order of both, and return rows of (need, supply, quantity).

    Needs are sorted by material and urgency, supplies by material and date; `first_supply[m]` is where the supplies
    of material m begin. `need_open` and `supply_open` hold what is still open and are drawn down in place.
    """
    capacity = need_material.size + supply_material.size + 1
    needs = np.empty(capacity, np.int64)
    supplies = np.empty(capacity, np.int64)
    quantities = np.empty(capacity, np.float64)
    rows = 0
    first_open = first_supply.copy()
    for need in range(need_material.size):
        material = need_material[need]
        supply = first_open[material]
        while need_open[need] > 1e-9 and supply < first_supply[material + 1]:
            site_fits = not same_site_only or need_site[need] == supply_site[supply]
            if supply_open[supply] > 1e-9 and site_fits:
                quantity = min(need_open[need], supply_open[supply])
                need_open[need] -= quantity
                supply_open[supply] -= quantity
                needs[rows] = need
                supplies[rows] = supply
                quantities[rows] = quantity
                rows += 1
            if supply == first_open[material] and supply_open[supply] <= 1e-9:
                first_open[material] += 1
            supply += 1
    return needs[:rows], supplies[:rows], quantities[:rows]
