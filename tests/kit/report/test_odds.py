"""Odds and ranges in the report as a file."""

import re
from dataclasses import replace

import polars as pl
import pytest

from linewright.kit.facts import doubtful_orders, percent
from linewright.kit.report import report_html
from linewright.kit.report.bundle import bundled
from linewright.kit.report.odds import odds_panel, orders_panel
from linewright.kit.report.ranges import minutes_after
from tests.kit.report.unpacking import data_of, unpacked
from tests.kit.sample_plan import START, sample_plan, sample_run


@pytest.fixture(scope="module")
def run(plan):
    """What 200 runs of the sample say."""
    return sample_run(plan)


@pytest.fixture(scope="module")
def page(sample, run):
    """The report of the sample with its run."""
    plan, factory, closed = sample
    return report_html(plan, factory, closed=closed, made=START, run=run)


@pytest.fixture(scope="module")
def frames(page):
    """What a browser decodes from it."""
    return unpacked(data_of(page))[1]


def test_ranges_are_those_of_the_run(plan, run, frames):
    """Planned times and minutes give the run's percentiles, rounded outwards so that they hold as often as is said."""
    rows, jobs = frames["operations"], frames["jobs"]["job"]
    expected = {row["operation"]: row for row in run.operations.iter_rows(named=True)}
    for place, (job, step) in enumerate(zip(rows["job"], rows["step"], strict=True)):
        row = expected[f"{jobs[job]}/{step}"]
        for planned, minutes, moment, sign in (
            ("start", "early", "start_p10", -1),
            ("end", "half", "end_p50", 1),
            ("end", "last", "end_p90", 1),
        ):
            told, exact = rows[planned][place] + 60 * rows[minutes][place], (row[moment] - plan.start).total_seconds()
            far = exact - rows[planned][place]
            assert 0 <= sign * (told - exact) < (60 if far < 3600 else 300 if far < 8 * 3600 else 900)


def test_minutes_are_as_fine_as_chance_lets_them_be():
    """To the minute below an hour, to five below eight hours, then to 15; before the plan they are negative."""
    hours = [0.0, 58.4 / 60, 61 / 60, 7.99, 10.2, -0.06]
    moments = pl.DataFrame({"planned": [START] * 6, "hours": hours}).with_columns(
        moment=pl.col("planned") + pl.duration(seconds=(pl.col("hours") * 3600).round(0))
    )
    assert moments.select(minutes_after("moment", "planned"))["moment"].to_list() == [0, 59, 65, 480, 615, -3]
    assert moments.select(minutes_after("moment", "planned", down=True))["moment"].to_list() == [
        0,
        58,
        60,
        475,
        600,
        -4,
    ]


def test_orders_carry_their_odds_and_their_place_in_the_list(plan, run, frames):
    """Shares to a hundredth of a per cent; those that the run does not know are blank."""
    orders = frames["orders"]
    known = {row["order"]: row for row in run.orders.iter_rows(named=True)}
    for place, name in enumerate(orders["order"]):
        row = known.get(name)
        assert orders["on_time"][place] == (None if row is None else round(10_000 * row["on_time"]))
        if row is not None:
            told = orders["finish"][place] + 60 * orders["p95"][place]
            assert -1 < told - (row["p95"] - plan.start).total_seconds() < 900
    listed = sorted((place, name) for place, name in zip(orders["place"], orders["order"], strict=True) if place >= 0)
    assert [name for _, name in listed] == doubtful_orders(plan, run)["order"].to_list()


def test_the_list_tells_due_date_plan_odds_and_a_safe_date(plan, run, page):
    """Each order with its odds and their interval, the dearest first."""
    listed = doubtful_orders(plan, run)
    body = re.search(r'<tbody id="late-rows">(.*?)</tbody>', page)[1]
    rows = re.findall(r"<tr[^>]*><td><button[^>]*>([^<]*)</button></td>(.*?)</tr>", body)
    assert [order for order, _ in rows] == listed["order"].to_list()
    for (_, cells), row in zip(rows, listed.iter_rows(named=True), strict=True):
        assert f">{percent(row['on_time'])}<small>" in cells
        assert re.search(r'title="With 95 % confidence [\d.]+ to [\d.]+ %"', cells)
        assert cells.count("<td") == 4
    assert "Late or doubtful orders" in page


def test_a_long_list_is_cut_and_the_board_can_tell_the_rest():
    """The button counts all; the page holds the first sixty."""
    plan, _, _ = sample_plan(3000)
    run = sample_run(plan)
    panel = orders_panel(plan, run)
    listed = doubtful_orders(plan, run).height
    assert listed > 60
    assert f'data-more="60">Show all {listed:,}</button>' in panel
    assert panel.count("data-order=") == 60


def test_the_panel_tells_totals_causes_losses_and_how_it_was_made(run, page):
    """In a sentence first, then tables; mode, seed, runs and assumptions are named."""
    panel = odds_panel(run)
    assert panel in page
    for told in (
        "of orders in time on average",
        "200 runs, seed 3; mode skip: work that is not there yet is skipped.",
        "1,100 to 1,370",
        "90 % of runs: 420 to 3,200 · spread by chance 800 EUR, by unsure mean times 300 EUR",
        "Time to finish everything",
        "Further figures</h3>",
        "<td>Repairs</td><td>3.25</td><td>3.10 to 3.40</td>",
        "breakdowns of TU-1",
        "nights and days off in between",
        '<th scope="col" class="number">OEE</th>',
        "No &lt;failure modes&gt; of ovens",
    ):
        assert told in panel
    # What never happens is no figure.
    assert "Units short" not in panel
    # The machine that loses most comes first.
    lost = run.machines.filter(pl.col("figure") != "oee").group_by("machine").agg(pl.col("mean").sum())
    assert (
        re.search(r"lost, most first</h3>.*?<tbody><tr><td>([^<]*)", panel)[1]
        == lost.sort(["mean", "machine"], descending=[True, False])["machine"][0]
    )


def test_the_head_tells_the_share_of_orders_in_time(run, page):
    """A button that opens the panel."""
    share = percent(run.on_time_share)
    fact = re.search(r'<button type="button" data-open="odds"[^>]*>(.*?)</button>', page)[1]
    assert f'<span class="value">{share}</span>' in fact
    assert "200 runs" in fact


def test_without_a_run_the_report_knows_nothing_of_runs(sample):
    """No column, no panel, no style and no line of script is there for runs."""
    plan, factory, closed = sample
    page = report_html(plan, factory, closed=closed, made=START)
    meta, frames = unpacked(data_of(page))
    assert "runs" not in meta
    assert not {"early", "half", "last"} & set(frames["operations"])
    assert not {"on_time", "p50", "place"} & set(frames["orders"])
    assert "dds" not in page
    assert "with a run" not in page
    script = bundled("main", with_run=False)
    assert script in page
    assert "module_odds" in bundled("main")


def test_a_run_adds_less_than_a_quarter_to_three_thousand_operations():
    """Odds for every order and a range for every operation, and it can still be sent by mail."""
    plan, factory, closed = sample_plan(3000)
    without = len(report_html(plan, factory, closed=closed).encode())
    assert without < len(report_html(plan, factory, closed=closed, run=sample_run(plan)).encode()) < 1.25 * without


def test_the_same_run_gives_the_same_file(sample, run, page):
    """Nothing depends on the clock or on chance."""
    plan, factory, closed = sample
    assert page == report_html(plan, factory, closed=closed, made=START, run=run)


def test_a_run_that_knows_nothing_of_the_plan_is_shown_without_ranges(sample, run):
    """Operations and orders that the run does not name have blanks, and the panels say what there is."""
    plan, factory, closed = sample
    empty = replace(
        run, orders=run.orders.clear(), operations=run.operations.clear(), machines=run.machines.clear(),
        totals=run.totals.clear(), causes=run.causes.clear(), assumptions=(), stopped="",
    )  # fmt: skip
    page = report_html(plan, factory, closed=closed, run=empty)
    frames = unpacked(data_of(page))[1]
    assert set(frames["operations"]["early"]) == {None}
    assert set(frames["orders"]["on_time"]) == {None}
    assert "There are no dates to keep." in page
    assert plan.late_orders["order"][0] in page


def test_an_empty_plan_with_a_run_is_a_report_too(sample, run):
    """No operations, no orders: nothing to be sure about."""
    plan, factory, _ = sample
    empty = replace(
        plan, operations=plan.operations.clear(), orders=plan.orders.clear(), jobs=plan.jobs.clear(),
        pegging=plan.pegging.clear(), faults=(), assumptions=(), relaxed=(), costs={},
    )  # fmt: skip
    page = report_html(empty, factory, run=run)
    assert "No order is late or below 90 %." in page


def test_a_single_run_has_no_intervals(plan, run):
    """What is not known is left out instead of being told as NaN."""
    nan = pl.lit(float("nan"))
    one = replace(
        run, orders=run.orders.with_columns(low=nan, high=nan),
        totals=run.totals.with_columns(low=nan, high=nan, p5=nan, p95=nan, error=nan),
    )  # fmt: skip
    told = orders_panel(plan, one) + odds_panel(one)
    assert not re.search(r"\bnan\b", told, re.IGNORECASE)
    assert "With 95 % confidence" not in told
