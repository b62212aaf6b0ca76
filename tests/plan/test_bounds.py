"""No plan of any order of work is below a bound, and some bounds are reached."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from linewright.io.read import read
from linewright.model.results import Weights
from linewright.plan.bounds import limits, lower_bound
from linewright.plan.bounds.curves import CurveBook
from linewright.plan.bounds.load import makespan_bound
from linewright.plan.bounds.machine_sets import machine_pools
from linewright.plan.search.portfolio import timed as timed_choice
from linewright.shop.compile import compile_shop
from linewright.shop.evaluate import CHANGEOVERS, ENERGY, LATENESS, PREFERENCE
from linewright.shop.state import Choice
from tests.plan.tiny_shops import FEATURES, START, best_of_all, feasible_orders, timed, tiny_shop

MIXES = [(), *((feature,) for feature in FEATURES), ("calendars", "people", "changeovers"),
         ("calendars", "no_pause", "waits"), ("alternatives", "changeovers", "tools"), ("bill", "calendars", "sites"),
         ("calendars", "transfer", "waits"), ("oven", "changeovers", "people"),
         ("alternatives", "calendars", "places"), ("alternatives", "people", "calendars")]  # fmt: skip


@pytest.mark.parametrize("features", MIXES, ids="+".join)
def test_no_order_of_work_beats_a_bound(features):
    """Whatever order and machines are chosen, makespan, tardiness and cost are at least their bounds."""
    for seed in range(6):
        shop = tiny_shop(seed, *features, most=4)
        best = best_of_all(shop)
        for objective in ("makespan", "tardiness", "cost"):
            bound = lower_bound(shop, Weights(), objective).value
            assert bound <= getattr(best, objective) * (1 + 1e-12), (seed, objective)


@pytest.mark.parametrize("features", MIXES, ids="+".join)
def test_no_operation_is_earlier_than_its_limit(features):
    """The pass through the graph never says that work begins later than some plan has it."""
    for seed in range(6):
        shop = tiny_shop(seed, *features, most=4)
        known = limits(shop)
        first = shop.arrays.operations.first_mode[:-1]
        for order in feasible_orders(shop):
            work = timed(shop, order, first)[1][:-1]
            assert (work["start"] >= known.start).all()
            assert (work["end"] >= known.end).all()
            assert work["end"].max() >= (work["end"] + known.tail).max()


@pytest.mark.parametrize(("name", "minutes"), [("ft06.txt", 52), ("la01.txt", 666)])
def test_the_load_bound_is_jacksons_preemptive_one(root, name, minutes):
    """On job shops the load bound equals the published one-machine bounds (52 for FT06, the optimum for LA01)."""
    shop = compile_shop(read(root / "tests" / "data" / "classics" / name), START)
    known = limits(shop)
    pools = machine_pools(shop, CurveBook(shop.arrays.calendars))
    assert makespan_bound(list(pools), known.block, known.tail)[0] == 60 * minutes


def test_a_bound_says_what_forces_it(root):
    """Edge finding proves more than 52 of FT06's 55; one machine's work forces LA01; steps force a lone job."""
    proven = [
        lower_bound(compile_shop(read(root / "tests" / "data" / "classics" / name), START), Weights(), "makespan")
        for name in ("ft06.txt", "la01.txt")
    ]
    assert 52 < proven[0].value * 60 <= 55
    assert proven[0].meaning.startswith("In less time the machines cannot")
    assert "11.1 h of work must be done there" in proven[1].meaning
    lone = lower_bound(tiny_shop(3, most=1), Weights(), "makespan")
    assert (lone.kind, lone.meaning[:4]) == ("job", "Job ")


@pytest.mark.parametrize("features", [("alternatives",), ("alternatives", "calendars"), ("changeovers", "energy")])
def test_parts_of_the_bound_add_up_and_each_is_a_bound(features):
    """The sum of the least parts is the value; no order is less late than it must be in the plan that is best."""
    for seed in range(4):
        shop = tiny_shop(seed, *features, most=4)
        bound = lower_bound(shop, Weights(), "cost")
        assert sum(bound.parts.values()) == pytest.approx(bound.value)
        assert sum(bound.late.values()) <= bound.parts["lateness"] + 1e-9
        for order in feasible_orders(shop)[:20]:
            parts = parts_of(shop, order)
            assert all(parts[name] >= least - 1e-9 for name, least in bound.parts.items())


def parts_of(shop, order):
    """The parts of the cost of one order of work on the first machines."""
    choice = Choice(*(np.array(values, np.int64) for values in
                      (order, shop.arrays.operations.first_mode[:-1], [-1] * shop.size, [0] * shop.size)))  # fmt: skip
    money = timed_choice(shop, choice, 0.0)[1]
    return {"lateness": money[LATENESS], "changeovers": money[CHANGEOVERS], "energy": money[ENERGY],
            "preference": money[PREFERENCE]}  # fmt: skip


@pytest.mark.parametrize(
    ("problem", "paths"),
    [
        ("jsp", ["ft/ft10.txt", "la/la02.txt", "la/la21.txt", "orb/orb02.txt", "ta/ta21.txt", "swv/swv06.txt"]),
        ("fjsp", ["brandimarte/mk01.fjs", "brandimarte/mk05.fjs", "dauzere/dpp01a.fjs", "hurink-edata/la09_edata.fjs",
                  "hurink-rdata/la29_rdata.fjs", "hurink-vdata/la29_vdata.fjs", "barnes/mt10c1.fjs",
                  "behnke/behnke1.fjs", "behnke/behnke28.fjs", "kacem/kacem1.fjs", "fattahi/fattahi10.fjs"]),
    ],
)  # fmt: skip
def test_no_bound_is_above_the_best_known_makespan(bench, problem, paths):
    """Published optima and best known values of public instances are never below the bound."""
    with bench("scheduling/index.csv").open(encoding="utf-8") as file:
        known = {row["file"]: row for row in csv.DictReader(file)}
    tried = [path for path in paths if f"{problem}/{path}" in known and known[f"{problem}/{path}"]["best_known_ub"]]
    assert len(tried) >= 3
    for path in tried:
        shop = compile_shop(read(bench(f"scheduling/{problem}/{path}")), START)
        bound = lower_bound(shop, Weights(), "makespan").value * 60
        assert 0 < bound <= float(known[f"{problem}/{path}"]["best_known_ub"]) + 1e-6, path
