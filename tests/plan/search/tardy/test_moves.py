"""Every move leaves whole sequences without a circle, and its change in value is exact and can be taken back."""

from __future__ import annotations

import functools
import itertools
import operator

import numpy as np
import pytest

from linewright.plan.search.chance import new_chance
from linewright.plan.search.tardy.family_run import family_run
from linewright.plan.search.tardy.gather import gather
from linewright.plan.search.tardy.moves import fits_between
from linewright.plan.search.tardy.propagate import MOVED, OUTSIDE, carry, keep, take_back
from linewright.plan.search.tardy.reassign import reassign
from linewright.plan.search.tardy.shift import shift
from tests.plan.search.tardy.examples import OBJECTIVES, doors_of, fresh_value, hundred, sequences, small_shops, started


def _shift(records, plan, scratch, chance, operation):
    return shift(records, plan.nodes, scratch, chance, operation, operation % 2 == 0)


def _family_run(records, plan, scratch, chance, operation):
    return family_run(records, plan.nodes, scratch, chance, operation, operation % 2 == 0)


def _reassign(records, plan, scratch, chance, operation):
    return reassign(records, plan.nodes, scratch, chance, doors_of(records, plan), operation)


def _gather(records, plan, scratch, chance, operation):
    return gather(records, plan.nodes, scratch, chance, doors_of(records, plan), operation)


MOVES = {"shift": _shift, "family_run": _family_run, "reassign": _reassign, "gather": _gather}


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("name", MOVES)
def test_the_change_in_value_is_that_of_a_full_pass(name, objective):
    """After each move the carried value equals the one of the sequences timed from nothing."""
    made = 0
    for shop in [*small_shops(seeds=2), hundred(), hundred()]:
        records, plan, scratch, value = started(shop, made % 5, objective, families=name == "family_run")
        chance, pressure = new_chance(7), np.zeros((shop.size, 17))
        for at in range(60 if shop.size < 50 else 400):
            if MOVES[name](records, plan, scratch, chance, at * 7 % shop.size):
                value += carry(records, plan, scratch, pressure, 60)
                keep(scratch)
                made += 1
                assert fresh_value(records, plan) == pytest.approx(value, rel=1e-9, abs=1e-6)
        assert sorted(functools.reduce(operator.iadd, sequences(plan, shop.size), [])) == list(range(shop.size))
    assert made > 3


@pytest.mark.parametrize("name", MOVES)
def test_a_move_taken_back_leaves_no_trace(name):
    """Nodes, dates and sequences are what they were."""
    records, plan, scratch, _ = started(hundred(), seed=3, families=name == "family_run")
    chance, pressure = new_chance(5), np.zeros((100, 17))
    before, met, made = plan.nodes.copy(), plan.met.copy(), 0
    for at in range(500):
        if MOVES[name](records, plan, scratch, chance, at % 100):
            made += 1
            carry(records, plan, scratch, pressure, 60)
            take_back(records, plan, scratch)
            assert plan.nodes.tolist() == before.tolist()
            assert plan.met.tolist() == met.tolist()
    assert made > 0


@pytest.mark.parametrize("name", MOVES)
def test_what_is_outside_the_window_stays(name):
    """No operation is moved, and none is put among operations that may not move."""
    records, plan, scratch, _ = started(hundred(), seed=1, stage=OUTSIDE)
    before = sequences(plan, 100)
    for at in range(100):
        if name in {"reassign", "gather"} or not MOVES[name](records, plan, scratch, new_chance(at), at):
            continue
        assert scratch.counts[MOVED] == 0
    assert sequences(plan, 100) == before


def test_a_family_moves_as_a_whole():
    """Operations of one family that stood together stand together after their run moved."""
    records, plan, scratch, _ = started(hundred(), seed=2)
    for seed in range(300):
        before = {at: int(plan.nodes.after[at]) for at in range(100)}
        if family_run(records, plan.nodes, scratch, new_chance(seed), seed % 100, True):
            moved = scratch.moved.operation[: scratch.counts[MOVED]].tolist()
            assert all(before[one] == other for one, other in itertools.pairwise(moved))
            assert all(plan.nodes.after[one] == other for one, other in itertools.pairwise(moved))
            assert len({int(records.steps.family[at]) for at in moved}) == 1
            return
    raise AssertionError("no run of a family moved")


def test_a_place_that_fits_never_makes_a_circle():
    """Wherever the check allows an operation, brute force finds an order; some that are refused would make a circle."""
    refused = 0
    for shop in small_shops(seeds=2):
        for seed in range(2):
            records, plan, _scratch, _ = started(shop, seed)
            for operation in range(shop.size):
                row = next(row for row in sequences(plan, shop.size) if operation in row)
                door = shop.size + int(plan.nodes.machine[operation])
                for before in [door, *row]:
                    after = int(plan.nodes.after[before])
                    if operation in {before, after}:
                        continue
                    fits = fits_between(records, plan.nodes, operation, before, after)
                    rest = [other for other in row if other != operation]
                    at = rest.index(before) + 1 if before != door else 0
                    sequence = [*rest[:at], operation, *rest[at:]]
                    possible = _has_order(records, plan, sequence, int(plan.nodes.machine[operation]))
                    assert possible or not fits
                    refused += not possible
    assert refused > 0


def _has_order(records, plan, sequence, machine):
    """Whether the sequence of one machine agrees with the precedences and the other machines."""
    size = records.steps.size - 1
    rows = sequences(plan, size)
    rows[machine] = sequence
    before = {at: set() for at in range(size)}
    for at in range(size):
        links = range(records.steps.first_before[at], records.steps.first_before[at + 1])
        before[at] |= {int(records.befores.operation[link]) for link in links}
    for row in rows:
        for one, other in itertools.pairwise(row):
            before[other].add(one)
    done = set()
    while ready := {at for at in before if at not in done and before[at] <= done}:
        done |= ready
    return len(done) == size
