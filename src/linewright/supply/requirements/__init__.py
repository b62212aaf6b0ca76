"""Material requirements with pegging: what to buy, make and move, and which order needs it."""

from linewright.supply.requirements.planning import requirements

__all__ = ["requirements"]
