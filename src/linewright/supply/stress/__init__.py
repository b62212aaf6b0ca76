"""How long the network survives when something stops, and what it costs until that has recovered."""

from linewright.supply.stress.events import Event, each_node, each_place
from linewright.supply.stress.scenarios import Losses, losses
from linewright.supply.stress.survive import allocation, performance_impact, stress, time_to_survive

__all__ = [
    "Event",
    "Losses",
    "allocation",
    "each_node",
    "each_place",
    "losses",
    "performance_impact",
    "stress",
    "time_to_survive",
]
