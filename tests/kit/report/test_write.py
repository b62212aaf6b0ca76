"""The report as a file."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import polars as pl
import pytest

from linewright.kit.load import load_by_day
from linewright.kit.report import report_html, write_report
from linewright.kit.report.payload import utc_offsets
from tests.kit.report.unpacking import data_of, unpacked
from tests.kit.sample_plan import START, sample_plan


@pytest.fixture(scope="module")
def page(sample):
    """The report of the sample."""
    plan, factory, closed = sample
    return report_html(plan, factory, closed=closed, made=START)


@pytest.fixture(scope="module")
def frames(page):
    """What a browser decodes from it."""
    return unpacked(data_of(page))[1]


def test_the_report_holds_every_operation_with_its_exact_numbers(plan, frames):
    """Decoded rows equal the plan's rows, to the second and to the last bit."""
    rows = frames["operations"]
    jobs = frames["jobs"]["job"]
    names = [f"{jobs[job]}/{step}" for job, step in zip(rows["job"], rows["step"], strict=True)]
    expected = {row["operation"]: row for row in plan.operations.iter_rows(named=True)}
    assert sorted(names) == sorted(expected)
    for place, name in enumerate(names):
        row = expected[name]
        assert frames["machines"]["machine"][rows["machine"][place]] == row["machine"]
        for column in ("setup_start", "start", "end"):
            assert rows[column][place] == (row[column] - plan.start).total_seconds()
        for column in ("material", "name", "quantity", "setup_minutes", "run_minutes", "people", "kwh", "load"):
            assert rows[column][place] == row[column]
        before = rows["waits_for_operation"][place]
        assert (names[before] if before >= 0 else "") == row["waits_for_operation"]


def test_the_report_holds_orders_and_what_feeds_them(plan, frames):
    """Rows of orders, jobs and pegging name each other by their places."""
    orders, jobs, pegging = frames["orders"], frames["jobs"], frames["pegging"]
    assert orders["order"] == plan.orders["order"].to_list()
    assert orders["late_days"] == plan.orders["late_days"].to_list()
    assert [orders["order"][row] for row in jobs["order"]] == plan.jobs["order"].to_list()
    fed = {
        ((orders["order"] if kind == "order" else jobs["job"])[consumer], jobs["job"][supply])
        for kind, consumer, supply in zip(
            pegging["consumer_kind"], pegging["consumer"], pegging["supply_job"], strict=True
        )
    }
    assert fed == set(plan.pegging.select("consumer", "supply").iter_rows())


def test_bought_supplies_keep_their_names(sample):
    """A supply that is no job is told by its name, with no row of jobs."""
    plan, factory, closed = sample
    row = {**plan.pegging.row(0, named=True), "supply_kind": "purchase", "supply": "PO-7"}
    bought = replace(plan, pegging=pl.DataFrame([row], schema=plan.pegging.schema))
    pegging = unpacked(data_of(report_html(bought, factory, closed=closed)))[1]["pegging"]
    assert (pegging["supply"], pegging["supply_job"]) == (["PO-7"], [-1])


def test_the_load_in_the_report_is_the_load_of_the_plan(sample, frames):
    """Machine after machine, day after day."""
    load = load_by_day(*sample)
    assert frames["load"]["busy"] == pytest.approx(load.busy_hours.ravel().tolist(), rel=1e-6)
    assert frames["load"]["open"] == pytest.approx(load.open_hours.ravel().tolist(), rel=1e-6)
    assert len(frames["days"]["midnight"]) == load.busy_hours.shape[1] + 1


def test_the_clock_change_is_found_to_the_second(plan):
    """Berlin's summer time begins on 29 March 2026 at 01:00 UTC."""
    offsets = utc_offsets(plan)
    change = next(second for second, offset in offsets[1:] if offset == 7200)
    assert plan.start.timestamp() + change == 1774746000
    assert offsets[0][1] == 3600


def test_the_tables_can_be_read_without_the_board(plan, page):
    """Late orders, faults, assumptions and costs are plain HTML."""
    for order in plan.late_orders["order"]:
        assert f">{order}</button>" in page
    for told in (
        "operations!D1362",
        "did you mean CNC-8?",
        "No tools table",
        "MI-1 is closed",
        "Changeovers",
        "1,830.50",
    ):
        assert told in page
    assert "no machine may do step 20 of GEAR-99" in page


def test_names_cannot_become_part_of_the_page(page):
    """Customers, people and factories may be called <anything>."""
    assert "Gear works &lt;Süd&gt;" in page
    assert "<Süd>" not in page
    assert "nobody needs &lt;polishing&gt;" in page


def test_the_page_allows_its_own_script_and_style_and_nothing_else(page):
    """The policy names their hashes, and the page refers to no other address."""
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert "default-src &#x27;none&#x27;" in policy or "default-src 'none'" in policy
    for text in (
        re.search(r"<style>(.*?)</style>", page, re.S)[1],
        re.search(r'<script type="module">(.*?)</script>', page, re.S)[1],
    ):
        assert b64encode(sha256(text.encode()).digest()).decode() in policy
    assert not re.search(r'(src|href)="', page)
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert ' style="' not in page


def test_the_same_plan_gives_the_same_file(sample, tmp_path):
    """Nothing depends on the clock; a half-written file never takes the name."""
    plan, factory, closed = sample
    first = write_report(plan, factory, tmp_path / "a.html", closed=closed).read_bytes()
    assert first == write_report(plan, factory, tmp_path / "b.html", closed=closed).read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_three_thousand_operations_stay_below_half_a_megabyte():
    """A report can be sent by mail."""
    plan, factory, closed = sample_plan(3000)
    assert plan.operations.height >= 3000
    assert len(report_html(plan, factory, closed=closed).encode()) < 500_000


def test_a_plan_without_operations_orders_or_calendars_is_a_report_too(plan, sample):
    """The report of an empty plan says that it is empty."""
    empty = replace(
        plan, operations=plan.operations.clear(), orders=plan.orders.clear(), jobs=plan.jobs.clear(),
        pegging=plan.pegging.clear(), faults=(), assumptions=(), relaxed=(), costs={},
    )  # fmt: skip
    page = report_html(empty, sample[1])
    assert "There are no orders with a date to keep." in page
    assert unpacked(data_of(page))[1]["operations"]["job"] == []
