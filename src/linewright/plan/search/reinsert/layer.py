"""Reinsertion as a layer of the search: made for one shop, it takes turns and hands back what is better."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.reinsert.board import new_board
from linewright.plan.search.reinsert.elite import BEST, new_elite
from linewright.plan.search.reinsert.passes import FAR
from linewright.plan.search.reinsert.runs import CONTROL, begin, restart, search
from linewright.plan.search.reinsert.start import build
from linewright.plan.search.traits import traits_of
from linewright.shop.arrays import Shop
from linewright.shop.state import Choice


def reinsert_layer(shop: Shop, seed: int) -> ReinsertLayer | None:
    """The layer for a shop, or None where heads and tails are not exact: see :class:`Traits`."""
    traits = traits_of(shop.arrays)
    if not shop.size or not traits.is_disjunctive or traits.changeovers:
        return None
    operations = shop.arrays.operations
    if max(operations.release.max(), operations.material_ready.max()) >= FAR:
        return None
    return ReinsertLayer(shop, seed)


class ReinsertLayer:
    """A search for a short makespan where each operation occupies a machine, and perhaps a person, of its mode."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.board = new_board(shop.arrays, seed)
        self.elite = new_elite(self.board)
        self._position = np.argsort(self.board.ways.mode)
        self._control = np.zeros(1, CONTROL).view(np.recarray)
        self._control.patience, self._control.tenure = 1000, 10
        self._tabu = np.zeros((shop.size, self.board.queue_size.size), np.int64)
        self._path = np.zeros(shop.size, np.int64)
        self.reported = np.iinfo(np.int64).max
        build(self.board, 0)
        self._begin()

    @property
    def span(self) -> int:
        """The best makespan found, in seconds."""
        return int(self.elite.span[BEST])

    def adopt(self, choice: Choice, value: float) -> None:
        """Search on from a choice that somebody else found; its modes must all be set."""
        self.board.order[:] = choice.order
        self.board.way[:] = self._position[choice.mode]
        self._begin()

    def turn(self, rounds: int) -> list[tuple[Any, Any, Any]]:
        """Take so many steps; the best solution (order, mode, hold) when it is better than all before."""
        search(self.board, self.elite, self._control, self._tabu, self._path, rounds)
        if self.span >= self.reported:
            return []
        self.reported = self.span
        mode = self.board.ways.mode[self.elite.way[BEST]]
        return [(self.elite.order[BEST].copy(), mode, np.zeros(mode.size, np.int64))]

    def _begin(self) -> None:
        begin(self.board, self.elite, self._control)
        if self.elite.span[-2] < self.span:
            for array in (self.elite.order, self.elite.way, self.elite.span):
                array[BEST] = array[-2]


__all__ = ["ReinsertLayer", "reinsert_layer", "restart"]
