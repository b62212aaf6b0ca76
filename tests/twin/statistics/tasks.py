"""Tasks with known answers, which any process can run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from linewright.shop.chance import identity, uniforms


@dataclass(frozen=True)
class Normals:
    """Independent normal figures, some of which share their chance when they share their cause."""

    figures: tuple[str, ...] = ("output",)
    means: tuple[float, ...] = (10.0,)
    deviations: tuple[float, ...] = (1.0,)
    causes: tuple[str, ...] = ("output",)

    def __call__(self, numbers: Any, seed: int) -> Any:
        identities = np.array([identity(cause) for cause in self.causes], np.uint64)
        luck, _ = uniforms(seed, identities[None, :], np.asarray(numbers)[:, None], 0)
        return np.array(self.means) + np.array(self.deviations) * ndtri(luck)


@dataclass(frozen=True)
class Fatal:
    """A task whose process dies at one of the replications."""

    at: int
    figures: tuple[str, ...] = ("output",)

    def __call__(self, numbers: Any, seed: int) -> Any:
        if self.at in numbers:
            os._exit(1)
        return np.zeros((len(numbers), 1))


@dataclass(frozen=True)
class Rich:
    """A task that returns more than its figures."""

    figures: tuple[str, ...] = ("sum",)

    def __call__(self, numbers: Any, seed: int) -> dict[str, Any]:
        orders = np.asarray(numbers)[:, None] * np.arange(3.0) + seed
        return {"orders": orders, "sum": orders.sum(axis=1, keepdims=True)}


def sums(result: dict[str, Any]) -> Any:
    """The figures of a rich result."""
    return result["sum"]
