"""The exact solver beside the search."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest

from linewright.io.read import read
from linewright.model.results import Weights
from linewright.plan import schedule
from linewright.plan.search.aside import Aside
from linewright.plan.search.portfolio import GRID
from linewright.plan.stop import Seconds
from linewright.shop.arrays import Shop
from linewright.shop.compile import compile_shop
from tests.plan.search.reinsert.people_shops import ends_by_timetable
from tests.plan.tiny_shops import START, timed


@pytest.fixture
def small(root) -> Shop:
    """Fisher and Thompson's 6 x 6 shop, whose best plan takes 55 minutes."""
    return compile_shop(read(root / "tests" / "data" / "classics" / "ft06.txt"), START)


@pytest.fixture
def hard(root) -> Shop:
    """Their 10 x 10 shop, which takes much longer to prove."""
    return compile_shop(read(root / "tests" / "data" / "frepple" / "jobshop.json"), START)


def first_work(shop: Shop):
    """The work records of one job after the other, and their makespan in hours."""
    known = timed(shop, np.arange(shop.size), shop.arrays.operations.first_mode[:-1])
    assert known is not None
    return known[1][:-1], known[0][0]


def test_an_optimum_is_proven_beside_the_search(small: Shop):
    """Answers come while it works, each no worse than the last; the last one carries the proof."""
    aside = Aside(small, Weights(), "makespan", seed=0)
    assert not aside.busy
    assert aside.news() == []
    work, value = first_work(small)
    aside.begin(work, value)
    assert aside.thread is not None
    aside.thread.join()
    answers = aside.news()
    assert not aside.busy
    assert aside.news() == []
    values = [answer.value for answer in answers]
    assert values == sorted(values, reverse=True)
    assert answers[-1].proven
    assert answers[-1].bound * 60 == pytest.approx(55)
    assert ends_by_timetable(small, answers[-1].order, answers[-1].mode).max() == 55 * 60


def test_it_begins_once(small: Shop):
    """A second beginning changes nothing."""
    aside = Aside(small, Weights(), "makespan", seed=0)
    work, value = first_work(small)
    aside.begin(work, value)
    thread = aside.thread
    aside.begin(work, value)
    assert aside.thread is thread
    aside.end()


def test_it_stops_when_the_search_ends(hard: Shop):
    """Long before it could have proven anything; what it had found by then can still be heard."""
    aside = Aside(hard, Weights(), "makespan", seed=0)
    aside.begin(*first_work(hard))
    assert aside.busy
    aside.end()
    assert not aside.busy
    assert all(not answer.proven for answer in aside.news())


def test_an_end_without_a_beginning_is_no_harm(small: Shop):
    """And what begins afterwards stops at once."""
    aside = Aside(small, Weights(), "makespan", seed=0)
    aside.end()
    assert aside.news() == []
    aside.begin(*first_work(small))
    aside.end()
    assert not aside.busy


@pytest.mark.parametrize("cores", [1, 2])
def test_a_proof_ends_the_search_early(root, cores: int):
    """The plan says that it is optimal, though an hour was allowed; on one core the solver has the same thread."""
    told = []
    factory = read(root / "tests" / "data" / "classics" / "ft06.txt")
    plan = schedule(factory, stop=Seconds(3600), now=START, objective="makespan", cores=cores, watch=told.append)
    assert plan.verified
    assert plan.value * 60 == pytest.approx(55)
    assert plan.bound.kind == "exact"
    assert plan.bound.value == pytest.approx(plan.value)
    assert told[-1].seconds < 3600


def test_the_search_goes_on_while_the_solver_works(root):
    """Progress is told while nothing is proven yet; at the end of the time the solver has stopped too."""
    told = []

    def enough(progress) -> bool:
        return progress.rounds > 200

    factory = read(root / "tests" / "data" / "frepple" / "jobshop.json")
    plan = schedule(factory, stop=enough, objective="makespan", watch=told.append)
    assert plan.verified
    assert plan.bound.value <= plan.value + 1e-9
    assert told[-1].rounds > 200


def test_an_interrupt_while_the_solver_works_keeps_the_best_plan(root):
    """A real signal reaches the search although a solver is at work, and the solver ends with it."""
    sent = []

    def interrupt(progress):
        if progress.rounds > len(GRID) and not sent:
            sent.append(progress)
            os.kill(os.getpid(), signal.SIGINT)

    plan = schedule(read(root / "examples" / "bracket_shop"), stop=Seconds(600), watch=interrupt)
    assert plan.verified
    assert plan.origin.options["interrupted"] is True
    assert len(sent) == 1
