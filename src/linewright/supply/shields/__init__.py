"""What to buy so that stops do no harm, or as little as the money allows."""

from linewright.supply.shields.budget import Risk, protect
from linewright.supply.shields.cheapest import choose
from linewright.supply.shields.curve import pareto
from linewright.supply.shields.options import Option, shielded

__all__ = ["Option", "Risk", "choose", "pareto", "protect", "shielded"]
