"""Kernels that draw: durations, times between failures, repairs, yields and late supplies.

Each value belongs to a cause, a replication and an index (:mod:`linewright.shop.chance`), so it is the same in every
plan, in whatever order things happen.
"""

from __future__ import annotations

import math
from typing import Any

from linewright.shop.chance import uniform
from linewright.shop.distributions import EMPIRICAL, EXPONENTIAL, LOGNORMAL, WEIBULL, normal_quantile
from linewright.shop.kernels import lean_kernel
from linewright.twin.execute.kernel.clock import whole
from linewright.twin.execute.records import REPLICATION


@lean_kernel
def law_quantile(law: Any, values: Any, share: float) -> float:
    """The value that a share of a distribution's values keep."""
    if law.kind == EXPONENTIAL:
        return -law.one * math.log1p(-share)
    if law.kind == WEIBULL:
        return law.one * (-math.log1p(-share)) ** (1.0 / law.two)
    if law.kind == LOGNORMAL:
        return math.exp(law.one + law.two * normal_quantile(share))
    if law.kind == EMPIRICAL:
        return values[min(law.first + int(share * (law.last - law.first)), law.last - 1)]
    return law.one


@lean_kernel
def factor(spread: float, share: float) -> float:
    """A log-normal factor of mean 1."""
    return math.exp(spread * normal_quantile(share) - 0.5 * spread * spread)


@lean_kernel
def error_factor(problem: Any, now: Any, step: int) -> float:
    """By how much the mean time of a routing step is misjudged; the same for all operations of the step.

    Two neighbouring replications share it where `pairs` is 2, so that what differs between them is chance alone.
    """
    spread = problem.steps[step].error_spread
    if spread <= 0.0 or not problem.options[0].errors:
        return 1.0
    number = now.counts[REPLICATION] // problem.options[0].pairs
    return factor(spread, uniform(problem.options[0].seed, problem.steps[step].error_cause, number, 0))


@lean_kernel
def run_seconds(problem: Any, now: Any, step: int, repeat: int) -> int:
    """Working seconds of a run; `repeat` counts what is run again."""
    what = problem.steps[step]
    wrong = error_factor(problem, now, step)
    if what.run_spread > 0.0 and problem.options[0].variation:
        share = uniform(problem.options[0].seed, what.run_cause, now.counts[REPLICATION], repeat)
        return whole(what.run * wrong * factor(what.run_spread, share))
    return what.run if wrong == 1.0 else whole(what.run * wrong)


@lean_kernel
def setup_factor(problem: Any, now: Any, step: int) -> float:
    """By how much a setup lasts longer than planned."""
    what = problem.steps[step]
    wrong = error_factor(problem, now, step)
    if what.setup_spread > 0.0 and problem.options[0].variation:
        share = uniform(problem.options[0].seed, what.setup_cause, now.counts[REPLICATION], 0)
        return wrong * factor(what.setup_spread, share)
    return wrong


@lean_kernel
def up_seconds(problem: Any, now: Any, mode: int) -> int:
    """Seconds on its clock until a failure mode strikes next, at least one.

    Before the first failure the age counts: the value is drawn from those that an age has not yet reached.
    """
    what = problem.failures[mode]
    count = now.failures[mode].count
    share = uniform(problem.options[0].seed, what.up_cause, now.counts[REPLICATION], count)
    law = problem.laws[what.up]
    if count > 0 or what.age == 0:
        return max(1, whole(law_quantile(law, problem.values, share)))
    if what.survived >= 1.0:
        return 1
    share = what.survived + share * (1.0 - what.survived)
    return max(1, whole(law_quantile(law, problem.values, min(share, 1.0 - 1e-16)) - what.age))


@lean_kernel
def repair_seconds(problem: Any, now: Any, mode: int) -> int:
    """Seconds of the repair that goes on now."""
    what = problem.failures[mode]
    share = uniform(problem.options[0].seed, what.repair_cause, now.counts[REPLICATION], now.failures[mode].count)
    return whole(law_quantile(problem.laws[what.repair], problem.values, share))


@lean_kernel
def good_units(problem: Any, now: Any, step: int) -> float:
    """Good units of an operation: binomial where they can be counted, by its normal approximation when they are many.

    Few units are drawn by inversion of the binomial distribution, term by term.
    """
    what = problem.steps[step]
    share, units = what.good_share, what.units
    if share >= 1.0 or units <= 0.0:
        return units
    if not problem.options[0].yields:
        return units * share
    luck = uniform(problem.options[0].seed, what.yield_cause, now.counts[REPLICATION], 0)
    pieces = math.floor(units + 0.5)
    if pieces < 1.0 or units * share * (1.0 - share) > 25.0 or pieces > 1000.0:
        deviation = math.sqrt(units * share * (1.0 - share))
        return min(max(units * share + deviation * normal_quantile(luck), 0.0), units)
    scrap = 1.0 - share
    # Scrap is counted, which is the smaller number: P(0), then each term from the one before.
    term = share**pieces
    bad, total = 0.0, term
    while total < luck and bad < pieces:
        term *= (pieces - bad) / (bad + 1.0) * scrap / share
        bad += 1.0
        total += term
    return units * (1.0 - bad / pieces)


@lean_kernel
def supply_delay(problem: Any, now: Any, supply: int) -> int:
    """Seconds by which a supply comes later than planned; less than 0 when it comes early."""
    what = problem.supplies[supply]
    if not problem.options[0].supply:
        return 0
    share = uniform(problem.options[0].seed, what.cause, now.counts[REPLICATION], 0)
    if what.kind == 1:
        return whole(what.lead * (factor(what.spread, share) - 1.0))
    if share < 1.0 - what.late_share:
        return 0
    # What is left of the number after the choice is uniform again.
    rest = (1.0 - share) / what.late_share
    return whole(-what.late_mean * math.log(rest))
