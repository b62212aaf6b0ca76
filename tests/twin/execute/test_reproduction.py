"""Without disturbances a run is the plan, to the second, however the floor follows it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linewright import read
from linewright.io.frepple import FreppleReader
from linewright.io.machine_shop import MachineShopReader
from linewright.io.templates import new_factory
from linewright.model.intake import assemble
from linewright.plan import schedule
from linewright.plan.stop import Rounds
from linewright.twin.execute.records import REPAIR, SKIP, STRICT
from tests.model.verify.any_shop import any_shop
from tests.plan.tiny_shops import FEATURES, START, tiny_factory
from tests.twin.execute.shops import undisturbed

MODES = (STRICT, SKIP, REPAIR)


@pytest.mark.parametrize("template", ["job-shop", "batch"])
def test_templates_run_as_planned(template: str):
    """Crews, an oven with loads, transfer batches, changeovers, tools and two levels of bills."""
    factory = new_factory(template)
    plan = schedule(factory, stop=Rounds(50), seed=7, exact=False)
    assert [undisturbed(factory, plan, mode) for mode in MODES] == [[], [], []]


def test_the_bracket_shop_runs_as_planned(root):
    """The example of the documentation."""
    factory = read(root / "examples" / "bracket_shop")
    plan = schedule(factory, stop=Rounds(300), seed=7, exact=False)
    assert [undisturbed(factory, plan, mode) for mode in MODES] == [[], [], []]


def test_four_weeks_of_bicycles_run_as_planned(root):
    """3,000 work orders of AdventureWorks."""
    factory = read(root / "examples" / "adventureworks", options={"start": "2014-05-05", "weeks": "4"})
    plan = schedule(factory, stop=Rounds(2), seed=7, exact=False)
    assert undisturbed(factory, plan, STRICT) == []
    assert undisturbed(factory, plan, SKIP) == []


@pytest.mark.parametrize("seed", range(1, 9))
def test_any_shop_runs_as_planned(seed: int):
    """Calendars over clock changes, sites, crews, pins, running work, loads and lots at random."""
    factory = any_shop(seed)
    plan = schedule(factory, stop=Rounds(10), seed=seed, exact=False)
    assert [undisturbed(factory, plan, mode) for mode in MODES] == [[], [], []]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), features=st.sets(st.sampled_from(FEATURES), min_size=2, max_size=5))
def test_tiny_shops_run_as_planned(seed: int, features: set[str]):
    """Any rules together, on two machines."""
    factory = tiny_factory(seed, *features)
    plan = schedule(factory, stop=Rounds(10), seed=seed, exact=False, now=START)
    assert [undisturbed(factory, plan, mode) for mode in MODES] == [[], [], []]


@pytest.mark.parametrize("name", ["demo", "jobshop", "manufacturing_demo"])
def test_frepple_demos_run_as_planned(root, name: str):
    """Plants of another planning tool."""
    factory = assemble(FreppleReader().read([root / "tests" / "data" / "frepple" / f"{name}.json"], {}))
    plan = schedule(factory, stop=Rounds(2), seed=7, exact=False)
    assert [undisturbed(factory, plan, mode) for mode in MODES] == [[], [], []]


def test_the_machine_shop_runs_as_planned(root):
    """Jobs of a real shop, read from its log."""
    path = root / "tests" / "data" / "machine_shop" / "joblog_slice.csv"
    factory = assemble(MachineShopReader().read([path], {}))
    plan = schedule(factory, stop=Rounds(2), seed=7, exact=False)
    assert plan.operations.height > 0
    assert [undisturbed(factory, plan, mode) for mode in MODES] == [[], [], []]
