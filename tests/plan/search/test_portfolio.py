"""The search as a whole: budgets, progress, interrupts, and the same plan from the same seed."""

from __future__ import annotations

import _thread
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from linewright.model.factory import Factory
from linewright.model.results import Weights
from linewright.plan import schedule
from linewright.plan.scheduling import SystemClock, value_weights
from linewright.plan.search import portfolio
from linewright.plan.search.layer import Found
from linewright.plan.search.portfolio import GRID, Search, ordered_by, timed
from linewright.plan.search.team import Member
from linewright.plan.stop import AnyOf, NoBetterFor, Rounds
from linewright.shop.state import Choice
from tests.plan.search.graph.graph_shops import graph_shop, graph_tables
from tests.plan.search.reinsert.people_shops import people_shop, random_solution
from tests.plan.search.tardy.examples import hundred
from tests.plan.tiny_shops import START, tiny_factory, tiny_shop


def search_of(shop, objective: str = "makespan", **options: Any) -> Search:
    """A search that has not begun."""
    given = {"stop": Rounds(60), "seed": 0, "bound": 0.0, "cores": 2, **options}
    return Search(
        shop, value_weights(Weights(), objective), shop.factory.settings.move_cost, clock=SystemClock(), **given
    )


#: One factory for each way of searching, with its objective.
KINDS: dict[str, tuple[Any, str]] = {
    "makespan": (lambda: Factory.of(**graph_tables(1, jobs=8)), "makespan"),
    "people": (lambda: people_shop(3, most=20).factory, "makespan"),
    "tardy": (lambda: hundred().factory, "cost"),
    "general": (lambda: tiny_factory(4, "calendars", "changeovers", "people", most=14), "cost"),
}


@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_rounds_and_cores_give_the_same_plan(kind: str, cores: int):
    """Whichever thread is faster; the count of rounds is kept exactly, and values only go down."""
    make, objective = KINDS[kind]
    factory, plans, told = make(), [], []
    for _ in range(2):
        told.append([])
        plans.append(
            schedule(
                factory, stop=Rounds(50), seed=3, objective=objective, now=START, exact=False, cores=cores,
                watch=told[-1].append,
            )
        )  # fmt: skip
    assert plans[0].operations.equals(plans[1].operations)
    assert plans[0].value == plans[1].value
    assert [(one.rounds, one.best) for one in told[0]] == [(one.rounds, one.best) for one in told[1]]
    last = told[0][-1]
    assert plans[0].value == pytest.approx(last.best)
    assert last.rounds == 50 or last.best <= last.bound + 1e-9
    assert plans[0].origin.options["rounds"] == last.rounds
    for before, after in pairwise(told[0]):
        assert before.best >= after.best
        assert before.rounds < after.rounds


@pytest.mark.parametrize("rounds", [1, len(GRID) + 1, 33])
@pytest.mark.parametrize("cores", [1, 3])
def test_a_count_of_rounds_is_kept_exactly(rounds: int, cores: int):
    """However few they are, and also inside another stop."""
    for stop in (Rounds(rounds), AnyOf(NoBetterFor(10_000), Rounds(rounds))):
        search = search_of(graph_shop(2, jobs=8), stop=stop, cores=cores)
        search.run()
        assert search.rounds == rounds


def test_a_search_that_finds_nothing_better_comes_to_rest():
    """It ends with the first report after so many rounds without a better plan."""
    told = []
    shop = graph_shop(2, jobs=8)
    search = search_of(shop, stop=NoBetterFor(300), watch=told.append)
    search.run()
    assert told[-1].rounds_since_better >= 300
    assert all(one.rounds_since_better < 300 for one in told[:-1])
    assert all(one.best == told[-1].best for one in told if one.rounds > told[-1].rounds - 300)


class Scripted:
    """A layer that hands out plans, one in each turn, and then does what it is told to do."""

    def __init__(self, plans: list[Found], then: Any = None) -> None:
        self.plans, self.then, self.taken = list(plans), then, 0

    def adopt(self, choice: Choice, value: float) -> None:
        """Nothing to go on from."""

    def turn(self, rounds: int) -> list[Found]:
        """The next plan."""
        self.taken += 1
        if not self.plans and self.then is not None:
            self.then()
        return [self.plans.pop(0)] if self.plans else []


def random_plans(shop, count: int) -> list[tuple[float, Found]]:
    """Random plans with their makespan in hours, the longest first."""
    plans = []
    for seed in range(count):
        order, mode = random_solution(shop, seed)
        nothing = np.zeros(shop.size, np.int64)
        _, parts = timed(shop, Choice(order, mode, nothing - 1, nothing), 0.0)
        value = float((parts * value_weights(Weights(), "makespan")).sum())
        plans.append((value, (order, mode, nothing)))
    return sorted(plans, key=lambda pair: -pair[0])


def begun_with(monkeypatch: pytest.MonkeyPatch, search: Search, first: Found, *layers: Any) -> Search:
    """The same search with these layers and with this plan in place of dispatched ones."""
    members = [Member(f"layer {at}", layer, 5) for at, layer in enumerate(layers)]
    monkeypatch.setattr(portfolio, "members_for", lambda search: members)
    monkeypatch.setattr(search, "_first_plans", lambda: search._consider(*first, load=-1))
    return search


def test_the_best_proposal_of_any_layer_is_kept(monkeypatch: pytest.MonkeyPatch):
    """The timetable values each; a proposal that is worse, or cannot be timed, changes nothing."""
    shop = graph_shop(3, jobs=8)
    plans = random_plans(shop, 12)
    (least, best), (worst, longest) = plans[-1], plans[0]
    impossible = (best[0][::-1].copy(), best[1], best[2])
    layers = Scripted([longest, impossible, best, longest]), Scripted([impossible] * 4)
    search = begun_with(monkeypatch, search_of(shop, stop=Rounds(41)), longest, *layers)
    choice = search.run()
    assert worst > least == pytest.approx(search.best_value)
    assert choice.order.tolist() == best[0].tolist()
    assert choice.mode.tolist() == best[1].tolist()
    assert search.best_starts().end.max() / 3600 == pytest.approx(least)


def test_an_interrupt_in_the_middle_of_a_turn_keeps_the_best(monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C while the threads work: the plan found so far comes back, and no thread is left."""
    shop = graph_shop(3, jobs=8)
    plans = random_plans(shop, 6)
    layer = Scripted([plans[0][1], plans[-1][1]], then=_thread.interrupt_main)
    search = begun_with(monkeypatch, search_of(shop, stop=NoBetterFor(1000)), plans[0][1], layer)
    choice = search.run()
    assert search.interrupted
    assert layer.taken == 3
    assert search.team is None
    assert choice.order.tolist() == plans[-1][1][0].tolist()


def test_an_interrupt_before_the_first_plan_comes_out(monkeypatch: pytest.MonkeyPatch):
    """There is nothing to keep then."""
    search = search_of(graph_shop(3))

    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(search, "_first_plans", interrupt)
    with pytest.raises(KeyboardInterrupt):
        search.run()


def test_the_bound_ends_the_search():
    """A plan that is as good as any can be is not searched further."""
    shop = graph_shop(4, jobs=3, steps=2)
    free = search_of(shop)
    free.run()
    search = search_of(shop, stop=Rounds(100_000), bound=free.best_value)
    search.run()
    assert search.best_value == pytest.approx(free.best_value)
    assert search.rounds < 100_000


def test_a_search_goes_on_where_it_stopped():
    """Run twice with a later stop it counts on, and its plan is no worse."""
    search = search_of(tiny_shop(4, "calendars", most=12), "cost", stop=Rounds(20))
    search.run()
    value = search.best_value
    search.stop = Rounds(60)
    search.run()
    assert search.rounds == 60
    assert search.best_value <= value


@pytest.mark.parametrize("seed", range(4))
def test_operations_are_lined_up_by_their_wishes(seed: int):
    """Running work first, each after all that it waits for, and of those that may come the one that wishes first."""
    shop = tiny_shop(seed, "running", "bill", most=10)
    arrays, wanted = shop.arrays, np.random.default_rng(seed).integers(0, 50, shop.size)
    left, expected = set(range(shop.size)), []
    while left:
        arcs = {
            at: set(arrays.arcs.operation[arrays.operations.first_arc[at] : arrays.operations.first_arc[at + 1]])
            for at in left
        }
        ready = [at for at in left if not arcs[at] & left]
        expected.append(min(ready, key=lambda at: (not arrays.operations.running[at], wanted[at], at)))
        left.remove(expected[-1])
    assert ordered_by(arrays, wanted).tolist() == expected
