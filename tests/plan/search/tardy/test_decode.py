"""Dispatch and its search over priorities."""

from __future__ import annotations

import functools
import operator

import numpy as np
import pytest

from linewright.model.results import Weights
from linewright.plan.scheduling import value_weights
from linewright.plan.search.chance import new_chance
from linewright.plan.search.tardy.decode import decode, new_room, ways_to_go
from linewright.plan.search.tardy.events import EVENT, pop_event, push_event
from linewright.plan.search.tardy.records import new_plan, tardy_shop
from linewright.plan.search.tardy.shake import shake
from linewright.shop.arrays import records as made
from tests.plan.search.tardy.examples import fresh_value, hundred, sequences, small_shops

RULE = np.array([1e-4, 1e-3, 0.5])


def _shop(shop, objective="cost"):
    weights = value_weights(Weights(), objective)
    records = tardy_shop(shop.arrays, weights)
    return records, new_room(records, shop.arrays, weights), np.zeros(len(shop.job_names))


@pytest.mark.parametrize("objective", ["cost", "makespan", "tardiness"])
def test_a_dispatched_plan_is_whole_and_timed_exactly(objective):
    """Every operation stands once, and the value is that of the sequences timed from nothing."""
    for shop in [*small_shops(seeds=2), hundred()]:
        records, room, bias = _shop(shop, objective)
        plan = new_plan(records)
        value = decode(records, plan, room, RULE, bias)
        assert sorted(functools.reduce(operator.iadd, sequences(plan, shop.size), [])) == list(range(shop.size))
        assert fresh_value(records, plan) == pytest.approx(value, rel=1e-9)


def test_the_compiled_dispatch_equals_the_plain_one():
    """Python and machine code build the same plan."""
    records, room, bias = _shop(hundred())
    bias += np.random.default_rng(1).normal(0, 1, bias.size)
    compiled, plain = new_plan(records), new_plan(records)
    assert decode(records, compiled, room, RULE, bias) == decode.py_func(records, plain, room, RULE, bias)
    assert sequences(compiled, 100) == sequences(plain, 100)


def test_a_job_with_a_higher_bias_goes_first():
    """A bias that beats all urgency lets the job's first operation start when the plan starts."""
    records, room, bias = _shop(hundred())
    for job in range(bias.size):
        bias[:] = 0.0
        bias[job] = 1e6
        plan = new_plan(records)
        decode(records, plan, room, RULE, bias)
        assert plan.nodes.start[:100][records.steps.job[:-1] == job].min() == 0


def test_the_way_to_go_is_the_longest_one():
    """It equals what walking over all followers finds."""
    for shop in small_shops(seeds=2):
        records, _, _ = _shop(shop)
        found = ways_to_go(records)

        def walk(operation, records=records):
            run = records.ways.run[records.steps.first_way[operation] : records.steps.first_way[operation + 1]].min()
            links = range(records.steps.first_after[operation], records.steps.first_after[operation + 1])
            return run + max((walk(records.afters.operation[a]) + records.afters.wait[a] for a in links), default=0)

        assert found.tolist() == [walk(at) for at in range(shop.size)]


def test_events_come_out_in_the_order_of_time():
    """Whatever goes in, the earliest comes out first."""
    moments = np.random.default_rng(2).integers(0, 50, 200)
    heap, size, out = made(EVENT, 200), 0, []
    for at, moment in enumerate(moments.tolist()):
        size = push_event(heap, size, moment, at)
    while size:
        out.append(int(heap[0].moment))
        size = pop_event(heap, size)
    assert out == sorted(moments.tolist())


def test_shaken_priorities_keep_the_best_plan():
    """The best value never rises, is that of the best plan, and is lower after many tries."""
    records, room, bias = _shop(hundred())
    records.demands.due //= 2
    best, trial = new_plan(records), new_plan(records)
    first = decode(records, best, room, RULE, bias)
    values, history = np.array([first, first, 0.0]), np.full(20, first)
    seen = [first]
    for _ in range(10):
        shake(records, best, trial, room, RULE.copy(), bias, history, values, new_chance(len(seen)), 30)
        seen.append(float(values[1]))
        assert fresh_value(records, best) == pytest.approx(values[1])
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] < first
