"""How long the network survives when something stops, and what it costs until that has recovered."""

from linewright.supply.stress.losses import Losses, losses

__all__ = ["Losses", "losses"]
