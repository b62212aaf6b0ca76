"""Made-up shops whose truth is known."""

from __future__ import annotations

import time

import numpy as np

from linewright.times import evaluate, learn_times
from linewright.times.estimates.curves import fit_curve
from linewright.times.estimates.drift import level_now
from tests.times.made_up import shop

SHOPS = 20
SERIES = 400


def main() -> None:
    """Print what was found of what was planted."""
    begun = time.process_time()
    covered = [evaluate(shop(66, seed=seed, spread=0.6)).row()["coverage"] for seed in range(SHOPS)]
    print(f"\nMade-up shops ({SHOPS} of 198 jobs at a step), 80 % ranges of later reports")
    print(
        f"  caught {100 * np.mean(covered):.1f} % (shops from {100 * min(covered):.0f} to {100 * max(covered):.0f} %)"
    )
    alarms = [learn_times(shop(66, seed=seed, spread=0.6)).differences.height for seed in range(SHOPS)]
    print(f"  false alarms with right standards: {sum(alarms)} in {SHOPS} shops of 9 steps")
    print(f"  {time.process_time() - begun:.0f} CPU-s")
    _delays()
    _curves()


def _delays() -> None:
    """How many jobs after a change the step's level is known to have changed, at a chance of one in a thousand."""
    print(f"A time that changes after 30 jobs ({SERIES} series, coefficient of variation 0.5)")
    for factor in (1.0, 1.25, 1.5, 2.0):
        delays = [_delay(factor, seed) for seed in range(SERIES)]
        seen = [delay for delay in delays if delay is not None]
        told = f"after {np.median(seen):.0f} jobs (median)" if len(seen) > SERIES / 2 else ""
        print(f"  x {factor:<5} alarmed within 40 jobs in {100 * len(seen) / SERIES:5.1f} % {told}")


def _delay(factor: float, seed: int) -> int | None:
    spread = float(np.sqrt(np.log1p(0.5**2)))
    logs = spread * np.random.default_rng(seed).standard_normal(70) - spread**2 / 2
    logs[30:] += np.log(factor)
    for jobs in range(1, 41):
        level = level_now(logs[: 30 + jobs])
        if level is not None and level.chance < 0.001 and abs(level.mean) > 0.05:
            return jobs
    return None


def _curves() -> None:
    chance = np.random.default_rng(0)
    print(f"Learning curves of 30 jobs with an exponent of -0.32 (80 %) and a spread of 0.4 ({SERIES} of them)")
    found, held = [], 0
    for _ in range(SERIES):
        units = chance.integers(5, 50, size=30).astype(float)
        made = np.cumsum(units) - units / 2
        curve = fit_curve(units * 20 * made**-0.32 * np.exp(0.4 * chance.standard_normal(30)), units)
        if curve is not None:
            found.append(curve.exponent)
            held += curve.low <= -0.32 <= curve.high
    print(f"  exponent {np.mean(found):.3f} on average, 95 % intervals hold in {100 * held / len(found):.1f} %")
