"""Which layers suit a shop and an objective."""

from __future__ import annotations

from collections import Counter

import pytest

from linewright.model.results import Weights
from linewright.plan.scheduling import SystemClock, value_weights
from linewright.plan.search import layers
from linewright.plan.search.layers import members_for
from linewright.plan.search.portfolio import Search
from linewright.plan.stop import Rounds
from linewright.shop.arrays import Shop
from tests.plan.search.graph.graph_shops import graph_shop
from tests.plan.search.reinsert.people_shops import people_shop
from tests.plan.search.tardy.examples import hundred
from tests.plan.tiny_shops import tiny_shop

TABU, PEOPLE, LATE = "tabu search", "tabu search with people", "windows of late work"
DISPATCH, ORDER, WINDOW = "dispatch with shaken priorities", "order of work", "windows solved exactly"


def members(shop: Shop, objective: str, cores: int = 2, seed: int = 0):
    """The members of a search that has made its first plans."""
    search = Search(
        shop, value_weights(Weights(), objective), 0.0, seed, 0.0, Rounds(1), SystemClock(), cores=cores
    )  # fmt: skip
    search.run()
    return members_for(search)


def names(shop: Shop, objective: str, cores: int = 2) -> Counter[str]:
    """How many members there are of each kind."""
    return Counter(member.name for member in members(shop, objective, cores))


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_a_plain_shop_is_shortened_by_a_tabu_search_on_each_core(cores: int):
    """They differ by their seeds."""
    found = members(graph_shop(1, jobs=6), "makespan", cores)
    assert [member.name for member in found] == [TABU] * cores
    states = {int(member.layer.elites.room.chance[0]) for member in found}
    assert len(states) == cores


def test_searches_with_neighbouring_seeds_share_no_layer():
    """Two cores take two seeds each, so that the next seed of a user begins elsewhere."""
    shop = graph_shop(1, jobs=6)
    states = [
        int(member.layer.elites.room.chance[0]) for seed in range(4) for member in members(shop, "makespan", seed=seed)
    ]
    assert len(set(states)) == 8


def test_chosen_people_are_queued_too():
    """Where the person is part of the choice, operations are put back on machine and person."""
    assert names(people_shop(1), "makespan") == {PEOPLE: 2}


@pytest.mark.parametrize("objective", ["cost", "tardiness"])
def test_dates_on_open_machines_have_their_own_windows(objective: str):
    """Beside them the order of work is changed with the exact timetable, which knows everything."""
    found = names(hundred(), objective)
    assert found[LATE] == 2
    assert found[ORDER] == 1
    assert not {TABU, PEOPLE, DISPATCH} & set(found)


@pytest.mark.parametrize("features", [("calendars", "people"), ("oven", "calendars"), ("tools", "calendars", "early")])
@pytest.mark.parametrize("objective", ["cost", "makespan", "tardiness"])
def test_everything_else_is_searched_with_the_exact_timetable(features, objective: str):
    """Dispatch always fits; no layer is used whose times would not be true."""
    found = names(tiny_shop(2, *features, most=8), objective)
    assert found[DISPATCH] == 1
    assert found[ORDER] == 2
    assert not {TABU, PEOPLE, LATE} & set(found)


def test_windows_are_left_out_of_large_shops(monkeypatch: pytest.MonkeyPatch):
    """A model of a window takes longer to build than there is time."""
    shop = tiny_shop(2, "calendars", "people", most=8)
    assert names(shop, "cost")[WINDOW] == 1
    monkeypatch.setattr(layers, "MOST_FOR_WINDOWS", 7)
    assert names(shop, "cost") == {DISPATCH: 1, ORDER: 2}


def test_every_member_can_take_a_turn():
    """With its first number of rounds, which is at least one."""
    for shop, objective in ((graph_shop(1), "makespan"), (tiny_shop(3, "calendars", most=6), "cost")):
        for member in members(shop, objective):
            assert member.rounds >= 1
            assert isinstance(member.layer.turn(1), list)
