"""How sure a plan is, in the terminal and as plain values."""

import json
from dataclasses import replace
from io import StringIO

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from linewright.kit.facts import doubtful_orders, odds_headline, percent, plan_facts, run_cause
from linewright.kit.page import manager_page
from linewright.kit.tables import odds_table
from tests.kit.sample_plan import sample_plan, sample_run


@pytest.fixture(scope="module")
def run(plan):
    """What 200 runs of the sample say."""
    return sample_run(plan)


def shown(plan, factory, closed, run=None, width=100):
    """The page as text."""
    console = Console(file=StringIO(), width=width)
    manager_page(plan, factory, console, closed, run)
    return console.file.getvalue()


def test_the_facts_carry_the_odds_of_every_order(plan, run):
    """On-time share, its interval and three dates for each order; the values are those of the run."""
    odds = json.loads(json.dumps(plan_facts(plan, run), allow_nan=False))["odds"]
    assert odds["seed"] == 3
    assert odds["replications"] == 200
    assert [row["order"] for row in odds["orders"]] == run.orders["order"].to_list()
    for told, row in zip(odds["orders"], run.orders.iter_rows(named=True), strict=True):
        assert [told[name] for name in ("on_time", "low", "high")] == [row[name] for name in ("on_time", "low", "high")]
        assert [told[name] for name in ("p50", "p80", "p95")] == [
            row[name].isoformat() for name in ("p50", "p80", "p95")
        ]


def test_without_a_run_the_facts_and_the_page_say_nothing_about_odds(sample):
    """They are what they were before there were runs."""
    facts = plan_facts(sample[0])
    assert "odds" not in facts
    assert [name for name in plan_facts(sample[0], sample_run(sample[0])) if name != "odds"] == list(facts)
    assert "dds" not in shown(*sample)


def test_figures_that_are_not_known_are_null_in_json(plan, run):
    """A single run has no interval; NaN is no JSON."""
    one = run.totals.with_columns(low=pl.lit(float("nan")), high=pl.lit(float("nan")))
    odds = json.loads(json.dumps(plan_facts(plan, replace(run, totals=one)), allow_nan=False))["odds"]
    assert odds["totals"][0]["low"] is None


def test_doubtful_orders_are_late_or_below_ninety_per_cent(plan, run):
    """Nothing else is listed, nothing is missing, and the highest expected cost comes first."""
    listed = doubtful_orders(plan, run)
    odds = dict(run.orders.select("order", "on_time").iter_rows())
    expected = {
        order
        for order, late in plan.orders.select("order", "late_days").iter_rows()
        if (late or 0) > 0 or odds.get(order, 1.0) < 0.9
    }
    assert set(listed["order"]) == expected
    assert listed["expected_cost"].is_sorted(descending=True)
    assert 0 < plan.late_orders.height < listed.height < plan.orders.height


def test_late_orders_that_the_run_does_not_know_are_listed_with_their_planned_cost(plan, run):
    """An order without odds stays an order."""
    unknown = replace(run, orders=run.orders.clear())
    listed = doubtful_orders(plan, unknown)
    assert sorted(listed["order"]) == sorted(plan.late_orders["order"])
    assert listed["on_time"].null_count() == listed.height
    assert listed["expected_cost"].to_list() == plan.late_orders["late_cost"].to_list()


def test_an_order_and_a_work_order_of_the_same_name_keep_their_own_odds(plan, run):
    """Rows are matched by name and kind."""
    late = plan.late_orders.head(1)
    both = pl.concat([late, late.with_columns(kind=pl.lit("work_order"))])
    one = run.orders.filter(pl.col("order") == late["order"][0])
    odds = pl.concat([one, one.with_columns(kind=pl.lit("work_order"), on_time=pl.lit(0.25))])
    listed = doubtful_orders(replace(plan, orders=both), replace(run, orders=odds))
    assert dict(listed.select("kind", "on_time").iter_rows()) == {"order": one["on_time"][0], "work_order": 0.25}


def test_the_headline_tells_the_mean_share_and_the_doubtful_orders(plan, run):
    """In one sentence; without dates it says that."""
    below = run.orders.filter(pl.col("on_time") < 0.9).height
    share = run.total("on_time")
    middle, low, high = (f"{100 * share[name]:.0f}" for name in ("mean", "low", "high"))
    assert (
        odds_headline(run) == f"{middle} % of orders in time on average ({low} to {high}); {below} orders below 90 %."
    )
    assert odds_headline(replace(run, orders=run.orders.clear())) == "There are no dates to keep."


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.725, "73 %"),
        (0.845, "85 %"),
        (0.997, "99.7 %"),
        (0.9999, "> 99.9 %"),
        (0.0001, "< 0.1 %"),
    ],
)
def test_shares_are_told_as_whole_per_cent(share, told):
    """Except where that would say never or always."""
    assert percent(share) == told


@given(st.floats(0, 1))
def test_only_what_is_certain_is_told_as_certain(share):
    """100 % means all runs and 0 % none; everything else is within half a per cent (halves after two decimals)."""
    told = percent(share)
    assert (told == "100 %") == (share == 1)
    assert (told == "0 %") == (share == 0)
    if told[0] not in "<>":
        assert float(told[:-2]) == pytest.approx(100 * share, abs=0.506)


def test_the_page_tells_the_odds_in_three_lines(sample):
    """Shares, the orders that look safe and are not, runs and seed, and the largest cause."""
    plan, factory, closed = sample
    run = sample_run(plan)
    page = shown(plan, factory, closed, run)
    told = " ".join(page.split())
    safe = doubtful_orders(plan, run).filter(pl.col("late_days") == 0)
    assert odds_headline(run).rstrip(".") in told
    assert f"{safe.height} of them in time by the plan: {safe['order'][0]} {percent(safe['on_time'][0])}" in told
    assert "200 runs, seed 3." in told
    assert "Delays most: breakdowns of TU-1, 12 h a run over all late orders" in told
    head = next(line for line in page.splitlines() if line.startswith("order "))
    assert head.split()[:4] == ["order", "late", "odds", "EUR"]


@pytest.mark.parametrize("operations", [300, 3000])
def test_the_page_with_odds_still_fits_on_a_screen(operations):
    """At most three lines more than without a run, and at most 40 lines of 100 signs."""
    plan, factory, closed = sample_plan(operations)
    crowded = replace(plan, faults=plan.faults * 3, assumptions=plan.assumptions * 3)
    before = shown(crowded, factory, closed).splitlines()
    lines = shown(crowded, factory, closed, sample_run(crowded)).splitlines()
    assert len(lines) <= min(40, len(before) + 3)
    assert max(map(len, lines)) <= 100


def test_the_page_of_a_sure_plan_has_no_list(sample):
    """Where every order is sure the line is short."""
    plan, factory, closed = sample
    in_time = replace(plan, orders=plan.orders.filter(pl.col("late_days") == 0))
    run = sample_run(in_time)
    sure = replace(run, orders=run.orders.with_columns(on_time=pl.lit(1.0)), causes=run.causes.clear())
    page = " ".join(shown(in_time, factory, closed, sure).split())
    assert "no order below 90 %; 200 runs, seed 3." in page
    assert "Delays most" not in page


def test_the_table_of_odds_names_the_dearest_and_counts_the_rest(run):
    """Each with due date, plan, odds, interval and a date to promise."""
    console = Console(file=StringIO(), width=120)
    console.print(odds_table(run, limit=2))
    lines = console.file.getvalue().splitlines()
    below = run.orders.filter(pl.col("on_time") < 0.9).sort("late_cost", descending=True)
    assert lines[0].strip() == f"Orders below 90 %: {below.height}, the 2 dearest, and {below.height - 2} more"
    assert lines[2].startswith(below["order"][0])
    assert percent(below["on_time"][0]) in lines[2]
    assert len(lines) == 4


def test_causes_are_told_in_words():
    """Also those that nobody has named yet."""
    assert run_cause("failure", "M4") == "breakdowns of M4"
    assert run_cause("failure", "") == "breakdowns"
    assert run_cause("tool_wear", "T1") == "tool wear of T1"
