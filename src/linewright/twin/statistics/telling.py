"""Figures with their intervals in words, with as many digits as chance leaves them."""

from __future__ import annotations

import math

from linewright.twin.statistics.intervals import Interval

MINUS = "−"


def decimals_of(half_width: float, *, most: int = 6) -> int:
    """How many decimals a figure with this half-width deserves; less than 0 for tens, hundreds and so on.

    The last digit is the first one that chance touches: the half-width keeps one digit, or two where the first is a 1,
    as rounding would change it too much.
    """
    if not half_width > 0 or math.isinf(half_width):
        return most
    power = math.floor(math.log10(half_width))
    first_three = round(half_width / 10 ** (power - 2))
    kept = 1 if 195 <= first_three < 950 else 2
    raised = 1 if first_three >= 950 else 0
    return min(kept - 1 - power - raised, most)


def number(value: float, decimals: int, *, sign: bool = False) -> str:
    """A number with so many decimals, thousands apart: "12,300", "−0.3", with a sign "+1.8"."""
    if math.isnan(value):
        return "unknown"
    if math.isinf(value):
        return f"{'+' if sign and value > 0 else MINUS if value < 0 else ''}infinite"
    value = round(value, decimals) + 0.0  # Adding 0 turns a negative 0 into 0.
    text = f"{abs(value):,.{max(decimals, 0)}f}"
    return (MINUS if value < 0 else "+" if sign and value > 0 else "") + text


def told(interval: Interval, unit: str = "", *, sign: bool = False) -> str:
    """A figure with its interval: "12.3 h (11.9 to 12.7)"; where there are too few runs it says so instead."""
    if math.isnan(interval.value):
        return interval.note or "unknown"
    if not interval.known:
        return f"{number(interval.value, _plain(interval.value), sign=sign)}{_unit(unit)} ({interval.note})"
    if interval.half_width == 0:
        exact = number(interval.value, _plain(interval.value), sign=sign)
        return f"{exact}{_unit(unit)} in all {interval.n:,} runs"
    decimals = decimals_of(interval.half_width)
    value = number(interval.value, decimals, sign=sign)
    return f"{value}{_unit(unit)} ({span(interval, decimals)})"


def told_share(interval: Interval) -> str:
    """A share in per cent: "93.1 % (91.2 to 94.6)"."""
    scaled = {name: 100 * getattr(interval, name) for name in ("value", "low", "high")}
    percent = Interval(**{**vars(interval), **scaled})
    if math.isnan(percent.value):
        return interval.note or "unknown"
    if percent.half_width == 0:
        return f"{number(percent.value, _plain(percent.value))} % in all {percent.n:,} runs"
    decimals = max(decimals_of(percent.half_width, most=3), 0)
    return f"{number(percent.value, decimals)} % ({span(percent, decimals)})"


def span(interval: Interval, decimals: int) -> str:
    """From low to high: "1.5 to 2.1"; with a sign where the two lie on both sides of 0, "−0.3 to +0.4"."""
    both = interval.low < 0 < interval.high
    low, high = (number(bound, decimals, sign=both) for bound in (interval.low, interval.high))
    return f"{low} to {high}"


def _plain(value: float) -> int:
    """Enough decimals to write a value of about six digits, without zeros at its end."""
    return next((decimals for decimals in range(6) if math.isclose(round(value, decimals), value, rel_tol=1e-6)), 6)


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""
