"""Reinsertion as a layer of the search: made for one shop, it takes turns and hands back what is better."""

from __future__ import annotations

from typing import Any

import numpy as np

from linewright.plan.search.reinsert.board import BEST, new_board, packed_board
from linewright.plan.search.reinsert.passes import FAR
from linewright.plan.search.reinsert.runs import begin, search
from linewright.plan.search.reinsert.start import build
from linewright.plan.search.traits import traits_of
from linewright.shop.arrays import Shop
from linewright.shop.state import Choice

#: Steps without a gain after which a run ends.
PATIENCE = 10_000


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
        self._packed = packed_board(self.board)
        self._way_of_mode = np.argsort(self.board.ways.mode)
        self._handed_over = np.iinfo(np.int64).max
        self.board.control.patience = PATIENCE
        build(self._packed, 0)
        begin(self._packed)

    @property
    def span(self) -> int:
        """The best makespan found, in seconds."""
        return int(self.board.kept_span[BEST])

    def adopt(self, choice: Choice, value: float) -> None:
        """Search on from a choice that somebody else found; its modes must all be set."""
        self.board.order[:] = choice.order
        self.board.way[:] = self._way_of_mode[choice.mode]
        begin(self._packed)

    def turn(self, rounds: int) -> list[tuple[Any, Any, Any]]:
        """Take so many steps; the best solution (order, mode, hold) when it is better than all before."""
        search(self._packed, rounds)
        if self.span >= self._handed_over:
            return []
        self._handed_over = self.span
        mode = self.board.ways.mode[self.board.kept_way[BEST]]
        return [(self.board.kept_order[BEST].copy(), mode, np.zeros(mode.size, np.int64))]
