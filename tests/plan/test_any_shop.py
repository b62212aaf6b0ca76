"""Whatever the factory, the plan that comes out breaks no rule."""

from __future__ import annotations

import pytest

from linewright.plan import schedule
from linewright.plan.stop import Rounds
from tests.model.verify.any_shop import any_shop


@pytest.mark.parametrize(("seed", "named"), [(15, False), *((seed, seed > 31) for seed in range(25, 40)), (60, True)])
def test_the_plan_of_any_shop_is_verified(seed: int, named: bool):
    """Calendars, crews, loads, lots, pins and sites at random, people named; planned, and planned again after that."""
    factory = any_shop(seed, named=named)
    first = schedule(factory, stop=Rounds(10), seed=seed, exact=False)
    assert first.verified
    assert schedule(factory, stop=Rounds(10), seed=seed + 1, exact=False, previous=first).verified


def test_the_same_seed_gives_the_same_shop():
    """So that a plan that failed can be looked at again."""
    names = list(any_shop(3).tables)
    assert any_shop(3).hashes(names) == any_shop(3).hashes(names) != any_shop(4).hashes(names)
