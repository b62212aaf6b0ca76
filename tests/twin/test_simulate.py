"""The verb: tables of a run, its odds, its intervals, and what it refuses."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from linewright import read
from linewright.errors import ModelError, StaleResult
from linewright.model import run_results as results
from linewright.model.factory import Factory
from linewright.model.results import OPERATION_COLUMNS, Plan
from linewright.model.run_results import Run
from linewright.plan import schedule
from linewright.plan.stop import Rounds
from linewright.twin.execute.frames import odds
from linewright.twin.simulating import open_run, simulate
from tests.twin.execute.shops import START, line, planned

TABLES = ("orders", "operations", "machines", "totals", "causes")


@pytest.fixture(scope="module")
def bracket(request: pytest.FixtureRequest) -> tuple[Factory, Plan]:
    """The example shop and a plan of it."""
    factory = read(request.config.rootpath / "examples" / "bracket_shop")
    return factory, schedule(factory, stop=Rounds(100), seed=7, exact=False)


@pytest.fixture(scope="module")
def run(bracket: tuple[Factory, Plan]) -> Run:
    """200 replications of it."""
    return simulate(*bracket, replications=200, seed=5)


def test_tables_have_the_columns_that_are_declared(run: Run):
    """Names, kinds and a note of how many runs each figure rests on."""
    declared = (
        results.RUN_ORDER_COLUMNS, results.RUN_OPERATION_COLUMNS, results.RUN_MACHINE_COLUMNS,
        results.RUN_TOTAL_COLUMNS, results.RUN_CAUSE_COLUMNS,
    )  # fmt: skip
    for name, columns in zip(TABLES, declared, strict=True):
        frame = getattr(run, name)
        assert dict(frame.schema) == {column: pl.Schema({column: kind})[column] for column, kind in columns.items()}
        assert frame.height > 0
        assert (frame["n"] == 200).all()
        assert (frame["seed"] == 5).all()
    assert "200 replications, strict" in repr(run)


def test_figures_fit_together(run: Run, bracket: tuple[Factory, Plan]):
    """Odds lie in their intervals, quantiles are in order, nothing begins before the plan, delays are explained."""
    orders = run.orders
    assert (orders["low"] <= orders["on_time"]).all()
    assert (orders["on_time"] <= orders["high"]).all()
    assert (orders["p50"] <= orders["p80"]).all()
    assert (orders["p80"] <= orders["p95"]).all()
    assert (run.operations["start_p10"] >= run.operations["planned_start"]).all()
    assert run.on_time_share == pytest.approx(orders["on_time"].mean())
    assert float(run.total("late_cost")["mean"]) == pytest.approx(orders["late_cost"].sum())
    finishes = (run.orders["p95"] - run.orders["planned"]).dt.total_hours()
    assert float(run.causes["hours"].sum()) > 0
    assert finishes.len() == bracket[1].orders.height
    assert dict(run.orders.select("order", "planned").iter_rows()) == dict(
        bracket[1].orders.select("order", "finish").iter_rows()
    )


def test_delays_by_cause_sum_to_the_delays(bracket: tuple[Factory, Plan]):
    """Hours of all causes are those by which orders are finished later than planned."""
    one = simulate(*bracket, replications=1, seed=9)
    late = (one.orders["p50"] - one.orders["planned"]).dt.total_seconds() / 3600
    assert float(one.causes["hours"].sum()) == pytest.approx(float(late.clip(lower_bound=0).sum()), rel=1e-6)


def test_threads_and_blocks_change_nothing(bracket: tuple[Factory, Plan], run: Run):
    """One thread, two threads, small blocks: the same tables to the last bit."""
    with ThreadPoolExecutor(2) as threads:
        other = simulate(*bracket, replications=200, seed=5, executor=threads, block=17)
    for name in TABLES:
        assert_frame_equal(getattr(run, name), getattr(other, name), check_exact=True)
    assert run.worst == other.worst


def test_a_replication_can_be_opened_as_a_plan(bracket: tuple[Factory, Plan], run: Run):
    """The costliest one has the cost that the run says, times in order, and reasons."""
    opened = open_run(*bracket, run.worst[0], seed=5)
    assert not opened.verified
    assert opened.origin.options["replication"] == run.worst[0]
    assert dict(opened.operations.schema) == dict(pl.Schema(OPERATION_COLUMNS))
    assert (opened.operations["setup_start"] <= opened.operations["start"]).all()
    assert (opened.operations["start"] <= opened.operations["end"]).all()
    assert opened.operations["waits_for"].is_in(["predecessor", "machine", "person", "material"]).any()
    assert opened.costs["lateness"] == pytest.approx(opened.orders["late_cost"].sum())
    assert opened.value == pytest.approx(
        sum(getattr(opened.weights, part) * cost for part, cost in opened.costs.items())
    )
    assert opened.orders["late_cost"].sum() >= run.total("late_cost")["mean"]


def test_a_calm_replication_opens_as_the_plan_itself(bracket: tuple[Factory, Plan]):
    """With all chances off, times, costs and value are the plan's."""
    calm = ("failures", "variation", "errors", "absence", "rework", "yields", "supply")
    opened, plan = open_run(*bracket, 0, without=calm), bracket[1]
    columns = ["operation", "machine", "setup_start", "start", "end", "changeover_minutes", "run_minutes", "people"]
    assert_frame_equal(
        opened.operations.select(columns).sort("operation"), plan.operations.select(columns).sort("operation")
    )
    assert_frame_equal(opened.orders, plan.orders, check_exact=False)
    assert_frame_equal(opened.jobs, plan.jobs)
    assert {name: round(cost, 6) for name, cost in opened.costs.items()} == {
        name: round(cost, 6) for name, cost in plan.costs.items()
    }
    assert opened.value == pytest.approx(plan.value)


def test_it_stops_when_the_odds_are_known():
    """The least sure order's interval is as narrow as asked, with no more runs than that takes."""
    factory = line(orders=3, hours=10, due_hours=20, routing={"run_variation": 0.4})
    run = simulate(factory, planned(factory), half_width=0.05, seed=2)
    halves = (run.orders["high"] - run.orders["low"]) / 2
    assert halves.max() <= 0.05
    assert 200 <= run.replications < 1000


def test_odds_are_known_as_promised_where_pairs_share_errors():
    """The rule that stops counts pairs as the table does."""
    factory = line(orders=3, hours=10, due_hours=31, routing={"time_error": 0.1})
    run = simulate(factory, planned(factory), half_width=0.06, seed=2)
    assert ((run.orders["high"] - run.orders["low"]) / 2).max() <= 0.06


def test_runs_that_all_agree_count_by_pairs():
    """With a share of 0 or 1 the correlation inside the pairs is unknown: 200 runs are as good as 100."""
    agreed = np.ones((200, 1), np.bool_)
    assert float(odds(agreed, 2)[1][0]) == pytest.approx(float(odds(agreed[:100], 1)[1][0]))
    assert float(odds(~agreed, 2)[2][0]) == pytest.approx(float(odds(~agreed[:100], 1)[2][0]))


def test_patience_and_threshold_are_numbers_from_nought():
    """What no clock can hold is refused with what can be used, by both verbs."""
    factory = line()
    plan = planned(factory)
    for wrong in (float("nan"), float("inf"), -1.0):
        with pytest.raises(ModelError) as caught:
            simulate(factory, plan, replications=1, patience_minutes=wrong, threshold_hours=wrong)
        assert [problem.split()[0] for problem in caught.value.problems] == ["patience_minutes", "threshold_hours"]
        with pytest.raises(ModelError, match="such as 30"):
            open_run(factory, plan, 0, patience_minutes=wrong)


def test_errors_of_means_are_stated_beside_chance():
    """A time whose mean alone is unsure has an error and no chance."""
    factory = line(hours=10, routing={"time_error": 0.2})
    total = simulate(factory, planned(factory), replications=2000, seed=2).total("makespan")
    assert total["chance"] == 0
    assert total["error"] == pytest.approx(2, rel=0.1)
    factory = line(hours=10, routing={"run_variation": 0.2})
    total = simulate(factory, planned(factory), replications=2000, seed=2).total("makespan")
    assert total["error"] == 0
    assert total["chance"] == pytest.approx(2, rel=0.1)


def test_oee_is_the_product_of_its_losses():
    """A run of 10 h, nominal 8 h, 80 % good, in a machine's 12 h of work."""
    factory = line(hours=10, machine={"mtbf_hours": 1e9, "mttr_hours": 1.0}, routing={"run_variation": 0.3})
    run = simulate(factory, planned(factory), replications=50, seed=1)
    figures = {row["figure"]: row["mean"] for row in run.machines.iter_rows(named=True)}
    assert figures["availability"] == pytest.approx(1.0)
    assert figures["run"] + figures["setup"] + figures["down"] + figures["blocked"] + figures[
        "waiting"
    ] == pytest.approx(1)
    assert figures["oee"] == pytest.approx(figures["performance"], rel=1e-6)


def test_a_stale_plan_is_refused_by_the_names_of_tables(bracket: tuple[Factory, Plan]):
    """Unless its sequence is wanted all the same."""
    factory, plan = bracket
    changed = factory.with_settings(late_cost_per_day=1.0)
    with pytest.raises(StaleResult, match="settings"):
        simulate(changed, plan, replications=2)
    assert simulate(changed, plan, replications=2, accept_stale=True).replications == 2
    fewer = line(2)
    with pytest.raises(StaleResult, match="does not have the operations"):
        simulate(fewer, planned(line(1)), replications=2, accept_stale=True)


def test_nothing_that_can_go_wrong_is_said():
    """A model without chance is an assumption, not an error."""
    factory = line()
    run = simulate(factory, planned(factory), replications=5)
    assert any("Nothing can go wrong in this model" in said for said in run.assumptions)
    assert run.on_time_share == 1


def test_wrong_words_are_named_with_the_right_ones(bracket: tuple[Factory, Plan]):
    """Modes, rules, numbers and chances."""
    with pytest.raises(ModelError) as caught:
        simulate(*bracket, mode="strikt", rule="LIFO", replications=0, half_width=2.0)
    assert len(caught.value.problems) == 4
    with pytest.raises(ModelError, match="give a planner"):
        simulate(*bracket, mode="replan")
    with pytest.raises(ModelError, match="failures"):
        simulate(*bracket, replications=1, without=("luck",))


def test_a_planner_is_asked_when_an_order_gets_late():
    """A over M1 and M2 is late, as M1 fails; the new plan lets B go first on M2."""
    factory = line(
        2,
        materials=[{"material": "a"}, {"material": "b"}],
        operations=[
            {"material": "a", "step": 10, "machine": "M1", "run_minutes": 120},
            {"material": "a", "step": 20, "machine": "M2", "run_minutes": 600},
            {"material": "b", "step": 10, "machine": "M2", "run_minutes": 120},
        ],
        order_rows=[
            {"order": "A", "material": "a", "quantity": 1, "due": START + timedelta(hours=12),
             "late_cost_per_day": 100},
            {"order": "B", "material": "b", "quantity": 1, "due": START + timedelta(hours=16),
             "late_cost_per_day": 1000,             "release": START + timedelta(hours=8)},
        ],
        failure_modes=[{"machine": "M1", "up_hours": 1, "up_distribution": "fixed", "repair_hours": 5,
                        "repair_distribution": "fixed"}],
    )  # fmt: skip
    plan = planned(factory)
    asked: list[Factory] = []

    def planner(state: Factory, *, stop=None, seed: int = 0, now=None) -> Plan:
        asked.append(state)
        return schedule(state, stop=stop or Rounds(20), seed=seed, now=now, exact=False)

    strict = simulate(factory, plan, replications=2, without=("variation",))
    run = simulate(factory, plan, replications=2, mode="replan", planner=planner, threshold_hours=1.0)
    assert len(asked) == 2
    state = asked[0]
    assert state.settings.start == START + timedelta(hours=7)
    assert state.work_orders.content.select("order", "step").rows() == [("A", 20)]
    finish = {row["order"]: row["p50"] for row in run.orders.iter_rows(named=True)}
    worse = {row["order"]: row["p50"] for row in strict.orders.iter_rows(named=True)}
    assert worse["B"] == START + timedelta(hours=19)
    assert finish == {"A": START + timedelta(hours=20), "B": START + timedelta(hours=10)}
    assert float(run.total("late_cost")["mean"]) < float(strict.total("late_cost")["mean"])
    assert np.isfinite(run.totals["mean"].to_numpy()).all()


def test_other_processes_change_nothing():
    """Blocks that run in two new processes bring the same tables."""
    factory = line(2, orders=3, routing={"run_variation": 0.4}, machine={"mtbf_hours": 8, "mttr_hours": 1})
    plan = planned(factory)
    here = simulate(factory, plan, replications=40, seed=5)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        there = simulate(factory, plan, replications=40, seed=5, executor=processes, block=20)
    for name in TABLES:
        assert_frame_equal(getattr(here, name), getattr(there, name), check_exact=True)
