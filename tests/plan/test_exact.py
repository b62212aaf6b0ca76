"""The exact model finds the best plan of small shops and never claims more than is true."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.io.read import read
from linewright.model.results import Weights
from linewright.plan.exact import fits, solve_exact
from linewright.shop.compile import compile_shop
from tests.plan.tiny_shops import FEATURES, START, best_of_all, timed, tiny_shop

OBJECTIVES = ("makespan", "tardiness", "cost")
#: What the model knows in full. In ovens it knows no loads, and where early stock costs, the kernel needs holds.
KNOWN = tuple(feature for feature in FEATURES if feature not in {"oven", "early"})
MIXES = [(), *((feature,) for feature in KNOWN), ("calendars", "people"), ("changeovers", "alternatives"),
         ("calendars", "no_pause", "waits"), ("tools", "bill", "one_calendar"), ("changeovers", "people", "energy"),
         ("one_calendar", "changeovers", "no_pause")]  # fmt: skip


@pytest.mark.parametrize("features", MIXES, ids="+".join)
def test_the_exact_order_is_the_best_of_all(features):
    """Timed by the kernel, the answer equals the best of every order and choice of machines."""
    for seed in range(3):
        shop = tiny_shop(seed, *features, most=4)
        best = best_of_all(shop)
        for at, objective in enumerate(OBJECTIVES):
            answer = solve_exact(shop, Weights(), objective, stop_seconds=60)
            found = timed(shop, answer.order, answer.mode)[0][at]
            assert answer.bound <= getattr(best, objective) * (1 + 1e-9), (seed, objective)
            assert found == pytest.approx(getattr(best, objective), rel=1e-9), (seed, objective)


LOOSER = [("oven",), ("oven", "changeovers", "people"), ("early",), ("early", "calendars"), ("named", "calendars"),
          ("named", "places"), ("named", "oven")]  # fmt: skip


@pytest.mark.parametrize("features", LOOSER, ids="+".join)
def test_what_is_left_out_only_lowers_the_bound(features):
    """Where the model is looser than the rules, what it proves still holds for every order of work."""
    for seed in range(4):
        shop = tiny_shop(seed, *features, most=4)
        best = best_of_all(shop)
        for objective in OBJECTIVES:
            answer = solve_exact(shop, Weights(), objective, stop_seconds=60)
            assert answer.bound <= getattr(best, objective) * (1 + 1e-9), (seed, objective)


@pytest.mark.parametrize("features", [("early",), ("early", "one_calendar"), ("early", "calendars", "waits")])
def test_the_models_starts_as_holds_give_its_promise(features):
    """Where it pays to wait until the due date, the kernel reaches the model's value with the model's starts."""
    for seed in range(4):
        shop = tiny_shop(seed, *features, most=4)
        answer = solve_exact(shop, Weights(), "cost", stop_seconds=60)
        assert answer.proven
        assert timed(shop, answer.order, answer.mode, hold=answer.start)[0][2] == pytest.approx(answer.value)


@pytest.mark.parametrize(("name", "minutes"), [("ft06.txt", 55), ("la01.txt", 666), ("mk01.fjs", 40)])
def test_known_optima_are_found_and_proven(root, name, minutes):
    """Published optimal makespans: Fisher and Thompson 1963, Lawrence 1984, Brandimarte 1993."""
    shop = compile_shop(read(root / "tests" / "data" / "classics" / name), START)
    answer = solve_exact(shop, Weights(), "makespan", stop_seconds=120)
    assert answer.proven
    assert answer.bound * 60 == pytest.approx(minutes)
    assert timed(shop, answer.order, answer.mode)[0][0] == answer.bound


@pytest.mark.slow
def test_the_ten_by_ten_shop_can_keep_its_date(root):
    """Fisher and Thompson's 10 x 10 shop, due after 930 hours as in frePPLe's test data, has no late order."""
    factory = read(root / "tests" / "data" / "frepple" / "jobshop.json")
    shop = compile_shop(factory, factory.settings.start)
    answer = solve_exact(shop, Weights(), "makespan", stop_seconds=600)
    assert answer.proven
    assert answer.bound == 930
    assert timed(shop, answer.order, answer.mode)[0][:2] == (930, 0)


def test_the_same_seed_gives_the_same_answer(root):
    """With a deterministic budget two searches return the same order."""
    shop = compile_shop(read(root / "tests" / "data" / "classics" / "ft06.txt"), START)
    once, again = (
        solve_exact(shop, Weights(), "makespan", stop_seconds=2, seed=4, deterministic=True) for _ in range(2)
    )
    assert np.array_equal(once.order, again.order)
    assert np.array_equal(once.start, again.start)


def test_a_caller_hears_of_better_answers_and_can_stop(root):
    """Each better answer is handed on; returning True ends the search."""
    shop = compile_shop(read(root / "tests" / "data" / "classics" / "la01.txt"), START)
    heard = []
    answer = solve_exact(
        shop, Weights(), "makespan", stop_seconds=60, on_better=lambda better: heard.append(better.value) or True
    )
    assert heard
    assert answer.value == heard[-1]
    assert answer.bound <= answer.value


def test_a_known_plan_is_where_the_search_begins(root):
    """Given the best plan as a hint, the first answer is as good."""
    shop = compile_shop(read(root / "tests" / "data" / "classics" / "la01.txt"), START)
    known = solve_exact(shop, Weights(), "makespan", stop_seconds=60)
    heard = []
    solve_exact(shop, Weights(), "makespan", stop_seconds=60, hint=known, on_better=lambda one: heard.append(one.value))
    assert heard[0] == known.value


@pytest.mark.parametrize("features", [(), ("calendars", "changeovers"), ("one_calendar", "early"), ("bill", "sites")])
def test_the_value_of_a_known_plan_hides_no_better_one(features):
    """Looking only for plans as good as the best one finds the same best value, and the same proof."""
    for seed in range(3):
        shop = tiny_shop(seed, *features, most=4)
        for objective in OBJECTIVES:
            free = solve_exact(shop, Weights(), objective, stop_seconds=60)
            bounded = solve_exact(shop, Weights(), objective, stop_seconds=60, at_most=free.value)
            assert bounded.proven
            assert bounded.value == pytest.approx(free.value, rel=1e-9)


def test_large_shops_do_not_fit(root):
    """A shop of a hundred plain operations fits, one with several hundred does not."""
    data = root / "tests" / "data"
    assert fits(compile_shop(read(data / "frepple" / "jobshop.json"), START))
    assert not fits(compile_shop(read(data / "classics" / "syn100x5s1.fjs"), START))
