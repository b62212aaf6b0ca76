"""The best plan of a small shop, with a proof."""

from __future__ import annotations

from linewright.plan.exact.size import fits
from linewright.plan.exact.solve import ExactAnswer, Hint, solve_exact

__all__ = ["ExactAnswer", "Hint", "fits", "solve_exact"]
