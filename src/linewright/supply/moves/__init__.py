"""What to decide before the market has moved: choices under futures, through buffers, schedule and cash."""

from linewright.supply.moves.futures import usual_choices, usual_futures
from linewright.supply.moves.report import market_moves

__all__ = ["market_moves", "usual_choices", "usual_futures"]
