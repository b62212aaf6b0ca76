"""The layer that dispatches again and again with changed priorities of jobs, whatever the features of a shop."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.dispatch import dispatch
from linewright.plan.search.judge import value_of
from linewright.plan.search.layer import Found
from linewright.shop.arrays import Shop
from linewright.shop.packing import packed
from linewright.shop.state import Choice, new_state

#: How far priorities are shaken, and the share of jobs that are.
SPREADS, SHAKEN = (0.1, 0.3, 0.8), 0.3


class ShakeLayer:
    """Random steps from the best priorities so far: each job's urgency is multiplied by a factor near one."""

    def __init__(self, shop: Shop, rules: list[Any], tail: Any, weights: Any, move_cost: float, seed: int) -> None:
        self.arrays, self.state = packed(shop.arrays), packed(new_state(shop.arrays))
        self.trial = Choice(*(np.zeros(shop.size, np.int64) for _ in range(4)))
        self.packed_trial = packed(self.trial)
        self.pinned = np.flatnonzero(shop.arrays.operations[:-1].pin >= 0)
        self.rules, self.tail, self.weights, self.move_cost = rules, tail, weights, move_cost
        self.bias = np.ones(len(shop.job_names))
        self.random = np.random.default_rng(seed)
        self.value = float("inf")

    def adopt(self, choice: Choice, value: float) -> None:
        """Only what is better than this is worth telling; priorities cannot be read from a plan."""
        self.value = min(self.value, value)

    def turn(self, rounds: int) -> list[Found]:
        """Dispatch so often."""
        found: list[Found] = []
        for _ in range(rounds):
            rule = self.rules[int(self.random.integers(len(self.rules)))]
            spread = SPREADS[int(self.random.integers(len(SPREADS)))]
            shaken = self.random.random(self.bias.size) < SHAKEN
            bias = self.bias * np.exp(self.random.normal(0.0, spread, self.bias.size) * shaken)
            if not dispatch(self.arrays, self.state, self.packed_trial, rule, self.tail, bias, self.pinned):
                continue
            load = self.trial.load.copy()
            value = value_of(self.arrays, self.state, self.packed_trial, self.weights, self.move_cost)
            if value < self.value - 1e-9:
                self.value, self.bias = value, bias
                found = [(self.trial.order.copy(), self.trial.mode.copy(), self.trial.hold.copy(), load)]
        return found
