"""A small line of two machines as a task: its answers follow from a recursion, and chance is addressed by cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.shop.chance import identity, uniforms


@dataclass(frozen=True)
class TwoMachines:
    """Parts through two machines with random times and a buffer between them; minutes until the last is done."""

    places: int = 1
    speed: float = 1.0
    parts: int = 40
    figures: tuple[str, ...] = ("makespan", "throughput", "speed")

    def __call__(self, numbers: Any, seed: int) -> Any:
        numbers = np.asarray(numbers)
        cause = np.uint64(identity("line", "time"))
        luck = [uniforms(seed, cause, numbers, part) for part in range(self.parts)]
        left = np.zeros((self.parts + 1, len(numbers)))  # When a part leaves the first machine.
        done = np.zeros((self.parts + 1, len(numbers)))
        for part in range(self.parts):
            first, second = -np.log(luck[part][0]), -np.log(luck[part][1]) / self.speed
            # A finished part waits in the first machine until there is a place behind it.
            free = done[part - self.places] if part > self.places else 0.0
            left[part + 1] = np.maximum(left[part] + first, free)
            done[part + 1] = np.maximum(left[part + 1], done[part]) + second
        makespan = done[-1]
        return np.column_stack([makespan, self.parts / makespan, np.full(len(numbers), self.speed)])
