"""Real files, unchanged, from reading to a verified plan."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from linewright import read
from linewright.io.csv_folder import write_csv_folder
from linewright.model.factory import Factory
from linewright.plan import schedule
from linewright.plan.stop import Rounds, Seconds

ROOT = Path(__file__).parents[2]
CLASSICS = ROOT / "tests" / "data" / "classics"
NOW = datetime(2026, 3, 2, tzinfo=UTC)

#: One file of each kind among the shared instances.
SAMPLE = (
    "jsp/ft/ft10.txt", "jsp/swv/swv02.txt", "fjsp/brandimarte/mk01.fjs", "fjsp/behnke/behnke1.fjs",
    "fjsp-w/BrandimarteMk1.fjsw", "fajsp/dafjs01.txt", "rcpsp/j30/j3015_1.sm", "jsp-sdst/abz5.txt",
    "fjsp-sdst/Fattahi_setup_09.fjs", "fjsp-synthetic/syn1000x20s4.fjs",
)  # fmt: skip


@pytest.mark.parametrize(("name", "optimum"), [("ft06.txt", 55), ("la01.txt", 666), ("mk01.fjs", 40)])
def test_small_optima_are_proven(name, optimum):
    """The published optimum, found and proven; a time unit is a minute."""
    plan = schedule(read(CLASSICS / name), stop=Seconds(120), objective="makespan")
    assert plan.value * 60 == pytest.approx(optimum)
    assert plan.proven
    assert plan.bound.kind == "exact" or plan.bound.value == plan.value


@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample_of_the_instances_plans_and_verifies(name, bench):
    """One file of each format; the bound stays below the plan."""
    file = bench(f"scheduling/{name}")
    plan = schedule(read(file), stop=Rounds(15), now=NOW, exact=False)
    assert plan.verified
    assert plan.bound.value <= plan.value + 1e-6


@pytest.mark.parametrize("name", ["demo", "manufacturing_demo", "distribution_demo", "jobshop", "demo_ai_forecasting"])
def test_frepples_demos_open_and_plan(name, bench):
    """Fixtures of another planner, unchanged; what only holds history has nothing to plan."""
    plan = schedule(read(bench(f"plants/frepple_demo/{name}.json")), stop=Rounds(20), exact=False)
    assert plan.verified


def test_fewer_than_four_of_ten_are_late_in_frepples_job_shop():
    """All ten orders are due at 930 h, the known optimum; frePPLe itself leaves four late."""
    factory = read(ROOT / "tests" / "data" / "frepple" / "jobshop.json")
    plan = schedule(factory, stop=Seconds(30))
    assert plan.orders.height == 10
    assert plan.late_orders.height < 4


def test_the_machine_shop_of_2012_opens_and_plans(bench):
    """Machines, people, operations and what really happened; the open jobs are planned."""
    factory = read(bench("plants/machine_shop_2012/joblog_jan_feb.csv"))
    assert len(factory.machines) == 31
    assert len(factory.actuals) == 2964
    assert len(factory.people) > 40
    plan = schedule(factory, stop=Rounds(15), exact=False)
    assert plan.verified
    assert plan.operations.height > 100


def test_the_demo_plans_four_weeks_of_adventureworks():
    """3,000 work orders and 3,000 operations; late orders have reasons, and the traps are told."""
    factory = read(ROOT / "examples" / "adventureworks", options={"start": "2014-05-05", "weeks": "4"})
    plan = schedule(factory, stop=Rounds(13), seed=7)
    assert plan.verified
    assert plan.operations.height == 3005
    assert len(factory.work_orders) == 2999
    assert factory.work_orders.frame["material"].n_unique() == 171
    assert 0 < plan.bound.value <= plan.value
    rules = {fault.rule for fault in factory.faults}
    assert len([fault for fault in factory.faults if fault.rule == "made_without_steps"]) >= 89
    assert "made_without_bill" in rules


def test_one_bad_row_of_ten_thousand_leaves_the_rest_planned(tmp_path):
    """The order with a quantity that is no number is named with its line; the other 9,999 are planned."""
    factory = Factory.of(
        machines=[{"machine": "saw"}], operations=[{"material": "bar", "step": 10, "machine": "saw", "run_minutes": 1}]
    )
    write_csv_folder(factory, tmp_path)
    head = "order,material,quantity,due\n"
    lines = [f"N{at},bar,{'ten' if at == 6000 else 1},2026-03-{2 + at % 28:02}\n" for at in range(1, 10_001)]
    (tmp_path / "orders.csv").write_text(head + "".join(lines), encoding="utf-8")
    bad = [fault for fault in read(tmp_path).faults if fault.level == "error"]
    assert [(fault.table, fault.row, fault.value) for fault in bad] == [("orders", 6001, "ten")]
    plan = schedule(read(tmp_path), stop=Rounds(1), now=NOW, exact=False)
    assert plan.orders.height == 9_999
    assert plan.verified
