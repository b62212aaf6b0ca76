"""Material requirements with pegging: what to buy, make and move, and which order needs it."""

from linewright.supply.requirements.feed import purchase_rows, with_purchases
from linewright.supply.requirements.planning import requirements

__all__ = ["purchase_rows", "requirements", "with_purchases"]
