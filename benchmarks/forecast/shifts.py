"""How soon shifts are found, and how often alarms are wrong, on simulated and on real series."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.forecast.sets import COMPETITIONS, read_set
from linewright.demand import find_shifts

SERIES, MONTHS, BEFORE, LATEST = 1000, 120, 60, 6
Maker = Callable[[np.random.Generator, int], np.ndarray]

#: Series × months around a hundred; the second number is the usual size of the noise.
KINDS: dict[str, tuple[Maker, float]] = {
    "noise of 10 %": (lambda chance, months: 100 + 10 * chance.standard_normal((SERIES, months)), 10.0),
    "noise of 20 %": (lambda chance, months: 100 + 20 * chance.standard_normal((SERIES, months)), 20.0),
    "season and noise": (
        lambda chance, months: (
            (100 + 10 * chance.standard_normal((SERIES, months)))
            * (1 + 0.3 * np.sin(2 * np.pi * np.arange(months) / 12))
        ),
        10.0,
    ),
    "skewed (gamma)": (lambda chance, months: chance.gamma(25, 4, (SERIES, months)), 20.0),
    "counts (Poisson, 20)": (lambda chance, months: 5.0 * chance.poisson(20, (SERIES, months)), 5 * 20**0.5),
    "heavy tails (t, 5)": (lambda chance, months: 100 + 7.75 * chance.standard_t(5, (SERIES, months)), 10.0),
    "rare (Poisson, 0.5)": (lambda chance, months: chance.poisson(0.5, (SERIES, months)).astype(float), 0.5**0.5),
    "level that wanders": (
        lambda chance, months: (
            300
            + np.cumsum(3 * chance.standard_normal((SERIES, months)), axis=1)
            + 10 * chance.standard_normal((SERIES, months))
        ),
        10.4,
    ),
}


def main() -> None:
    """Print the table."""
    heads = " ".join(f"{head:>18}" for head in ("+50 %", "2 sigma", "2.5 sigma", "3 sigma"))
    print(
        "\nShifts: false alarms in 100 series-years, then months until found (median) and share found within 3 months"
    )
    print(f"{'series':24} {'false':>6} {heads}")
    for name, (make, sigma) in KINDS.items():
        quiet = find_shifts(list(make(np.random.default_rng(1), MONTHS)), 12, 12.0)
        rate = 100 * quiet.alarms.sum() / (quiet.watched.sum() / 12)
        series = make(np.random.default_rng(2), BEFORE + LATEST)
        half = series * np.where(np.arange(BEFORE + LATEST) >= BEFORE, 1.5, 1.0)
        cells = [_found(half), *(_found(_stepped(series, size * sigma)) for size in (2.0, 2.5, 3.0))]
        print(f"{name:24} {rate:6.2f} {' '.join(cells)}")
    for number in (0, 7, 8):
        _real(number)


def _real(number: int) -> None:
    """Real series with a shift of a half put into their last months; their alarms before may be right or wrong."""
    past, _ = read_set(COMPETITIONS[number])
    long = [values for values in past if len(values) >= 36]
    plain = find_shifts(long, 12, 12.0)
    rate = 100 * plain.alarms.sum() / (plain.watched.sum() / 12)
    sizes = [np.r_[values[:-LATEST], values[-LATEST:] * 1.5] for values in long]
    print(f"{COMPETITIONS[number].name + ', real':24} {rate:6.2f} {_found(sizes)}   (its alarms may be true)")


def _stepped(series: np.ndarray, size: float) -> np.ndarray:
    stepped = series.copy()
    stepped[:, BEFORE:] += size
    return stepped


def _found(series: list[np.ndarray] | np.ndarray) -> str:
    """Watch month by month; the first alarm after the shift counts."""
    months = np.full(len(series), np.inf)
    for seen in range(1, LATEST + 1):
        cut = [values[: len(values) - LATEST + seen] for values in series]
        found = find_shifts(cut, 12, 12.0)
        hit = (found.raised > 0) & (found.raised <= seen) & (found.shift > 0)
        months = np.where(hit & np.isinf(months), seen, months)
    median = np.median(months)
    told = f"{median:.0f}" if np.isfinite(median) else f">{LATEST}"
    return f"{told:>6} months {100 * (months <= 3).mean():4.0f} %"
