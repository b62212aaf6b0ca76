"""The buffers in the words of demand driven planning: red, yellow and green zones.

C. Ptak & C. Smith, *Demand Driven Material Requirements Planning*, Industrial Press, 3rd ed. 2019, chapters 7-8:

* yellow = ADU x DLT, the average daily usage over the decoupled lead time;
* red base = ADU x DLT x lead time factor, red safety = red base x variability factor;
* green = the largest of ADU x DLT x lead time factor, the least lot, and the usage of an order cycle.

The decoupled lead time is the longest way through materials that hold no stock. The book gives ranges for the factors
(lead time: long 20-40 %, medium 41-60 %, short 61-100 %; variability: low 0-40 %, medium 41-60 %, high 61-100 %); their
middles are taken here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from linewright.supply.buffers.placement import Placement


@dataclass(frozen=True)
class Profile:
    """Where lead times and variability are cut into three, and the factor of each part, least first.

    Variability is the standard deviation of a week's demand as a share of it.
    """

    lead_days: tuple[float, float] = (7.0, 30.0)
    lead_factors: tuple[float, float, float] = (0.8, 0.5, 0.3)
    variability: tuple[float, float] = (0.3, 0.6)
    variability_factors: tuple[float, float, float] = (0.2, 0.5, 0.8)


def decoupled_days(placement: Placement) -> Any:
    """The longest way from the last stock before each stage to the stage itself, in days."""
    chain, holds = placement.chain, placement.safety_stock > 0
    days = chain.lead_mean.copy()
    for stage in chain.order.tolist():
        open_suppliers = [supplier for supplier in chain.suppliers[stage].tolist() if not holds[supplier]]
        days[stage] += max((days[supplier] for supplier in open_suppliers), default=0.0)
    return days


def zones(placement: Placement, lot: Any, cycle_days: Any, profile: Profile | None = None) -> dict[str, Any]:
    """The zones of each stage that holds stock, nan elsewhere; `lot` and `cycle_days` are those of its orders."""
    profile = profile or Profile()
    chain, usage = placement.chain, placement.chain.mean
    days = decoupled_days(placement)
    weekly = np.divide(chain.sigma * 7**0.5, usage * 7, out=np.zeros(usage.size), where=usage > 0)
    lead_factor = np.take(profile.lead_factors, np.searchsorted(profile.lead_days, days))
    variability_factor = np.take(profile.variability_factors, np.searchsorted(profile.variability, weekly))
    yellow = usage * days
    red_base = yellow * lead_factor
    red_safety = red_base * variability_factor
    green = np.maximum(np.maximum(red_base, lot), usage * cycle_days)
    found = {
        "decoupled_lead_days": days,
        "red_base": red_base,
        "red_safety": red_safety,
        "yellow": yellow,
        "green": green,
        "top_of_red": red_base + red_safety,
        "top_of_yellow": red_base + red_safety + yellow,
        "top_of_green": red_base + red_safety + yellow + green,
    }
    return {name: np.where(placement.safety_stock > 0, column, np.nan) for name, column in found.items()}
