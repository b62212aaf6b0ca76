"""The last word on a choice."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.model.results import Weights
from linewright.plan.scheduling import value_weights
from linewright.plan.search.judge import copy_choice, value_of
from linewright.shop.packing import packed
from linewright.shop.state import Choice, new_state
from tests.plan.search.reinsert.people_shops import random_solution
from tests.plan.tiny_shops import FEATURES, timed, tiny_shop

OBJECTIVES = ("makespan", "tardiness", "cost")


def choice_for(shop, seed: int = 0) -> Choice:
    """A random order of work; in an oven each operation is a load of its own."""
    order, mode = random_solution(shop, seed)
    batch = shop.arrays.machines.batch[shop.arrays.modes.machine[mode]]
    return Choice(order, mode, np.where(batch, np.cumsum(batch) - 1, -1), np.zeros(shop.size, np.int64))


@pytest.mark.parametrize("feature", FEATURES)
def test_a_value_is_the_weighted_sum_of_the_parts(feature: str):
    """Hours or money, as the timetable and the evaluation say."""
    for seed in range(2):
        shop = tiny_shop(seed, feature, most=4)
        choice = choice_for(shop, seed)
        known = timed(shop, choice.order, choice.mode, load=choice.load)
        for at, objective in enumerate(OBJECTIVES):
            value = value_of(
                packed(shop.arrays), packed(new_state(shop.arrays)), packed(choice),
                value_weights(Weights(), objective), shop.factory.settings.move_cost,
            )  # fmt: skip
            assert value == (pytest.approx(known[0][at]) if known is not None else np.inf)


def test_an_order_that_cannot_be_timed_has_no_value():
    """A step before what it waits for is worth infinitely much."""
    shop = tiny_shop(1)
    choice = choice_for(shop)
    arcs = shop.arrays.operations.first_arc
    later = next(at for at in range(shop.size) if arcs[at + 1] > arcs[at])
    choice.order[:] = [later, *(at for at in range(shop.size) if at != later)]
    weights = value_weights(Weights(), "makespan")
    assert value_of(packed(shop.arrays), packed(new_state(shop.arrays)), packed(choice), weights, 0.0) == np.inf


def test_a_copy_has_all_parts_and_arrays_of_its_own():
    """What is changed in the source afterwards does not show."""
    source, target = (Choice(*(np.arange(4) + 10 * part + start for part in range(4))) for start in (100, 0))
    copy_choice(packed(source), packed(target))
    assert [part.tolist() for part in target] == [part.tolist() for part in source]
    source.order[0] = -5
    assert target.order[0] == 100
