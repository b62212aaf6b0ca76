"""Odds and ranges in a real browser, opened from a file."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from linewright.kit.facts import doubtful_orders, percent
from linewright.kit.report import write_report
from tests.kit.report.test_browser import BAR, VIEW, middle
from tests.kit.sample_plan import START, sample_plan, sample_run

pytestmark = pytest.mark.browser

#: How many pixels of a rectangle of the board (beside the names) have a colour of the page.
PIXELS = """([name, x, y, width, height]) => {
  const probe = document.createElement("span");
  document.body.append(probe);
  probe.style.color = `var(--${name})`;
  const wanted = getComputedStyle(probe).color.match(/\\d+/g).slice(0, 3).map(Number);
  probe.remove();
  const { board } = linewright;
  const copy = document.createElement("canvas");
  const source = document.getElementById("board");
  Object.assign(copy, { width: source.width, height: source.height });
  const brush = copy.getContext("2d", { willReadFrequently: true });
  brush.drawImage(source, 0, 0);
  const { data } = brush.getImageData(board.gutter + x, y, Math.max(1, width), Math.max(1, height));
  let count = 0;
  for (let at = 0; at < data.length; at += 4) if (wanted.every((part, place) => data[at + place] === part)) count++;
  return count;
}"""


@pytest.fixture(scope="module")
def run(plan):
    """What 200 runs of the sample say."""
    return sample_run(plan)


@pytest.fixture(scope="module")
def sure_report(sample, run, tmp_path_factory):
    """The report of the sample with its run as a file."""
    plan, factory, closed = sample
    target = tmp_path_factory.mktemp("odds") / "plan.html"
    return write_report(plan, factory, target, closed=closed, made=START, run=run)


def when(plan, instant):
    """The day of an instant as the board tells it."""
    local = instant.astimezone(ZoneInfo(plan.timezone))
    return f"{local:%a} {local.day} {local:%b}"


def test_pointing_at_a_bar_tells_its_range_and_the_odds_of_its_order(opened, sure_report, plan, run):
    """In how many runs what happens when, on the plant's clock."""
    page = opened(sure_report)
    row = run.operations.row(60, named=True)
    page.mouse.move(*middle(page, row["operation"]))
    told = page.locator("#tip").inner_text()
    assert f"80 % of runs: {when(plan, row['start_p10'])}" in told
    assert ", half end by " in told
    job = plan.jobs.filter(plan.jobs["job"] == row["job"])["order"][0]
    share = run.orders.filter(run.orders["order"] == job)["on_time"][0]
    assert f"{job} is in time in {percent(share)} of runs" in told


def test_the_keyboards_grid_tells_the_range_too(opened, sure_report, plan, run):
    """What the pointer sees a screen reader says."""
    page = opened(sure_report)
    row = run.operations.row(60, named=True)
    page.evaluate("bar => linewright.twin.go(bar)", page.evaluate(BAR, row["operation"]))
    told = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert told.startswith(row["operation"])
    assert f"80 % of runs: {when(plan, row['start_p10'])}" in told
    assert "is in time in" in told


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bands_show_when_bars_can_be_told_apart_and_not_before(opened, sure_report, scheme):
    """The whole plan stays calm; from near, every bar has its band."""
    page = opened(sure_report, scheme=scheme)
    whole = "() => { linewright.board.now(); return [0, linewright.board.view.width, linewright.board.height]; }"
    _, width, height = page.evaluate(whole)
    # A pixel that two others blend into may have the colour by chance.
    assert page.evaluate(PIXELS, ["range", 0, 0, width, height]) < 20
    page.evaluate("linewright.board.zoom(8, 500, 150)")
    page.evaluate(whole)
    assert page.evaluate(PIXELS, ["range", 0, 0, width, height]) > 1000


def test_a_whisker_reaches_from_the_tenth_to_the_ninetieth_percentile(opened, sure_report, plan, run):
    """It is drawn along the lower edge of the bar that is pointed at, even in the whole plan."""
    page = opened(sure_report)
    row = run.operations.filter(run.operations["machine"] == "TU-1").row(8, named=True)
    bar = page.evaluate(BAR, row["operation"])
    ends = page.evaluate(
        """bar => {
          const { board, plan } = linewright;
          board.reveal(bar);
          board.hover = bar;
          board.now();
          const row = board.rowOfMachine.get(plan.operations.machine[bar]);
          const x = (second) => (second - board.view.from) * board.view.width / (board.view.to - board.view.from);
          const { early, last } = plan.operations;
          return [
            x(plan.run[bar] + 60 * early[bar]), x(plan.to[bar] + 60 * last[bar]), row.top - board.offset + row.height,
          ];
        }""",
        bar,
    )
    left, right, bottom = ends
    assert right > left + 20
    drawn = page.evaluate(PIXELS, ["ink", left, bottom - 4, right - left, 3])
    assert drawn >= 1.5 * (right - left)
    page.evaluate("() => { linewright.board.hover = -1; linewright.board.now(); }")
    assert page.evaluate(PIXELS, ["ink", left, bottom - 4, right - left, 3]) < 0.2 * drawn


def test_a_chosen_order_shows_its_dates_beside_its_due_date(opened, sure_report, plan, run):
    """The panel says them in words; the board holds all three."""
    page = opened(sure_report)
    row = doubtful_orders(plan, run).row(0, named=True)
    page.click(f"#late-rows button >> text={row['order']}")
    told = page.inner_text("#chain")
    assert f"In time in {percent(row['on_time'])} of runs (" in told
    for words, name in (("Half of the runs finish by", "p50"), ("80 % by", "p80"), ("95 % by", "p95")):
        assert f"{words} {when(plan, row[name])}" in told
    view = page.evaluate(VIEW)
    last = min(row["p95"] - plan.start, 1.15 * (plan.end - plan.start)).total_seconds()
    assert view["to"] >= last - 900
    assert page.evaluate(PIXELS, ["ink", 0, 15, view["width"], 14]) > 60


def test_the_number_on_time_opens_the_odds(opened, sure_report):
    """By mouse, and back by the arrow keys."""
    page = opened(sure_report)
    page.click(".facts button >> nth=0")
    assert page.locator("#odds").is_visible()
    assert page.get_attribute("#tab-odds", "aria-selected") == "true"
    page.keyboard.press("ArrowLeft")
    assert page.locator("#late").is_visible()


def test_show_all_adds_exactly_the_orders_that_are_missing(opened, tmp_path):
    """With the same cells as the page's own rows."""
    plan, factory, closed = sample_plan(3000)
    run = sample_run(plan)
    page = opened(write_report(plan, factory, tmp_path / "large.html", closed=closed, run=run))
    expected = doubtful_orders(plan, run)
    page.click("button[data-more]")
    assert page.locator("#late-rows button").all_inner_texts() == expected["order"].to_list()
    assert page.locator("button[data-more]").count() == 0
    cells = page.locator("#late-rows tr:not(.note)").nth(70).locator("td").all_inner_texts()
    row = expected.row(70, named=True)
    due, safe = (row[name].astimezone(ZoneInfo(plan.timezone)) for name in ("due", "p80"))
    assert cells[0] == row["order"]
    assert cells[1].split("\n") == [f"{due.day} {due:%b}", f"{due:%H:%M}"]
    assert cells[3].split("\n")[0] == percent(row["on_time"])
    assert cells[4].split("\n")[0] == f"{safe.day} {safe:%b}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_odds_without_scrolling_sideways(opened, sure_report, scheme):
    """At 390 pixels nothing sticks out, in the list nor in the panel."""
    page = opened(sure_report, width=390, height=844, scheme=scheme)
    for tab in ("late", "odds", "chain"):
        page.click(f"#tab-{tab}")
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.click("#tab-late")
    page.click("#late-rows button >> nth=0")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator(".facts button").last.bounding_box()["width"] > 300


def test_seven_tabs_fit_beside_the_board(opened, sure_report):
    """At the usual width no tab is cut."""
    page = opened(sure_report)
    cut = "() => { const tabs = document.getElementById('tabs'); return tabs.scrollWidth - tabs.clientWidth; }"
    assert page.evaluate(cut) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_barrier_in_odds(opened, sure_report, scheme, width):
    """Names, roles and contrast hold in the list, the panel and the chain, in both themes."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = opened(sure_report, width=width, scheme=scheme)
    page.wait_for_selector("#twin [role=gridcell]", state="attached")
    page.click("#late-rows button >> nth=0")
    found = []
    for tab in ("chain", "late", "odds"):
        page.click(f"#tab-{tab}")
        found += [
            f"{tab}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in axe.Axe().run(page).response["violations"]
        ]
    assert found == []


def test_paper_shows_the_odds(opened, sure_report, tmp_path):
    """Printed, list and panel follow the board."""
    page = opened(sure_report)
    page.emulate_media(media="print")
    assert page.locator("#odds").is_visible()
    assert page.locator("#late-rows").is_visible()
    page.pdf(path=tmp_path / "odds.pdf", prefer_css_page_size=True)
    assert (tmp_path / "odds.pdf").stat().st_size > 20_000


def test_searching_and_folding_work_with_ranges(opened, sure_report, plan):
    """Bars that are not found show no band; folded rows draw none."""
    page = opened(sure_report)
    page.evaluate("linewright.board.zoom(8, 500, 150)")
    page.fill("#search", plan.late_orders["order"][0])
    page.evaluate("linewright.board.now()")
    page.evaluate("['Turning', 'Milling'].forEach((center) => linewright.board.toggle(center))")
    page.evaluate("linewright.board.now()")
    assert page.evaluate("linewright.board.layout.rows.filter(({ kind }) => kind === 'machine').length") == 11
