"""The measured statistics, ready to be drawn from."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.plant.chance import Chance

STATISTICS = Path(__file__).with_name("statistics.json")


@cache
def everything() -> Any:
    """The file as it is."""
    return json.loads(STATISTICS.read_text(encoding="utf-8"))


class Known:
    """What was measured in one public plant."""

    def __init__(self, name: str) -> None:
        self._statistics = everything()[name]["statistics"]

    def draw(self, chance: Chance, statistic: str, most: float = 1.0) -> float:
        """A value of a distribution; `most` cuts its upper end off."""
        found = self._statistics[statistic]
        if "shares" in found:
            return chance.value(found["shares"])
        return chance.quantile(found["quantiles"], most)

    def whole(self, chance: Chance, statistic: str) -> int:
        """A whole number of a distribution, at least 1."""
        return max(round(self.draw(chance, statistic)), 1)

    def value(self, statistic: str) -> float:
        """A single figure, or the mean of a distribution."""
        found = self._statistics[statistic]
        if "value" in found:
            return float(found["value"])
        if "shares" in found:
            return float(sum(value * share for value, share in found["shares"]))
        pairs = found["quantiles"]
        parts = [(high[0] - low[0]) * (low[1] + high[1]) / 2 for low, high in pairwise(pairs)]
        return float(sum(parts) / (pairs[-1][0] - pairs[0][0]))

    def weights(self, statistic: str, count: int) -> list[float]:
        """The shares in the demand of so many products, most frequent first, by the measured concentration."""
        curve = self._statistics[statistic]["curve"]
        sums = [_along(curve, rank / count) for rank in range(count + 1)]
        return [high - low for low, high in pairwise(sums)]


MACHINE_SHOP, ADVENTUREWORKS, FREPPLE, SMT2020 = map(
    Known, ("machine_shop_2012", "adventureworks", "frepple_demo", "smt2020_hvlm")
)


def _along(curve: list[list[float]], at: float) -> float:
    for low, high in pairwise(curve):
        if at <= high[0]:
            return low[1] + (high[1] - low[1]) * (at - low[0]) / (high[0] - low[0])
    return 1.0
