"""What a stage must hold for the days that it is not covered, when its lead time is certain and when it is not.

A stage whose suppliers deliver within SI days, which itself takes L days and delivers within S, is uncovered for
``max(0, SI + L - S)`` days. The standard deviation of demand in that time is

    sqrt(sigma^2 E[X] + mean^2 Var[X]),   X = max(0, SI + L - S),

the law of total variance for a sum of independent daily demands over a random number of days (Hadley & Whitin,
*Analysis of Inventory Systems*, 1963, section 3-7; Silver, Pyke & Thomas, *Inventory and Production Management in
Supply Chains*, 4th ed., section 6.10). Random lead times entered the guaranteed-service model in this way with Humair,
Ruark, Tomlin & Willems, *Interfaces* 43(5):421-434, 2013. With a certain L it is the usual sigma sqrt(SI + L - S).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from linewright.supply.buffers.chain import Chain

#: Days below which two times count as equal, so that 0.1 + 0.2 days is not more than 0.3.
SAME_DAY = 1e-9
#: Points that stand for a lead time of which only mean and standard deviation are known.
POINTS = 12


def spread(mean: Any, sd: Any) -> tuple[Any, Any]:
    """Lead times with a standard deviation as equally likely days (N x K) and their shares.

    The days are middle quantiles of a gamma distribution (never negative, long to the right), stretched so that mean
    and standard deviation are exactly those given, as long as no day would become negative.
    """
    from scipy.special import gammaincinv

    uncertain = (sd > 0) & (mean > 0)
    if not uncertain.any():
        return mean[:, None].copy(), np.ones((mean.size, 1))
    shape = (mean[uncertain] / sd[uncertain]) ** 2
    middle = (np.arange(POINTS) + 0.5) / POINTS
    days = gammaincinv(shape[:, None], middle) * (mean[uncertain] / shape)[:, None]
    centred = days - days.mean(axis=1, keepdims=True)
    stretch = sd[uncertain] / np.maximum(days.std(axis=1), 1e-300)
    spread_days = np.repeat(mean[:, None], POINTS, axis=1)
    spread_days[uncertain] = np.maximum(0.0, mean[uncertain, None] + centred * stretch[:, None])
    return spread_days, np.full(spread_days.shape, 1 / POINTS)


def uncovered_deviation(chain: Chain, stage: Any, ahead_days: Any) -> Any:
    """The standard deviation of the demand that a stage must cover, for an array of days ``SI - S``.

    `stage` is one stage, or one for each entry of the array.
    """
    net = ahead_days[..., None] + chain.lead_days[stage]
    net = np.where(net > SAME_DAY, net, 0.0)
    share = chain.lead_share[stage]
    expected = (net * share).sum(axis=-1)
    if share.shape[-1] == 1:
        return chain.sigma[stage] * np.sqrt(expected)
    variance = np.maximum(0.0, (net**2 * share).sum(axis=-1) - expected**2)
    return np.sqrt(chain.sigma[stage] ** 2 * expected + chain.mean[stage] ** 2 * variance)


def holding_cost(chain: Chain, stage: Any, ahead_days: Any) -> Any:
    """What a year of that stock costs; infinite where the stage would quote more than it ever needs."""
    price = chain.holding_share * chain.service_factor[stage] * chain.value[stage]
    cost = price * uncovered_deviation(chain, stage, ahead_days)
    return np.where(ahead_days + chain.lead_longest[stage] >= -SAME_DAY, cost, np.inf)
