"""Simulate years of a network with stops as they may come: how much is lost, how likely, and through whom."""

from linewright.supply.hazards.causes import Hazards, Shock
from linewright.supply.hazards.from_factory import hazards_of
from linewright.supply.hazards.learn import learn_lead_days, learn_recovery
from linewright.supply.hazards.recovery import Recovery
from linewright.supply.hazards.report import compare, simulate_stops

__all__ = [
    "Hazards",
    "Recovery",
    "Shock",
    "compare",
    "hazards_of",
    "learn_lead_days",
    "learn_recovery",
    "simulate_stops",
]
