"""The report in a real browser, opened from a file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linewright.kit.chains import Chains
from linewright.kit.report import write_report
from tests.kit.sample_plan import sample_plan

pytestmark = pytest.mark.browser

#: The middle of a bar on the page, after it was brought into view.
MIDDLE = """bar => {
  const { board, plan } = linewright;
  board.reveal(bar);
  board.now();
  const row = board.rowOfMachine.get(plan.operations.machine[bar]);
  const box = document.getElementById("board").getBoundingClientRect();
  const pixels = board.view.width / (board.view.to - board.view.from);
  const x = ((plan.run[bar] + plan.to[bar]) / 2 - board.view.from) * pixels;
  const y = row.height * (plan.operations.lane[bar] + 0.5) / row.lanes;
  return [box.left + board.gutter + x, box.top + row.top - board.offset + y];
}"""
#: The number of a bar by the name of its operation.
BAR = """name => [...Array(linewright.plan.count).keys()].find(bar => {
  const { operations, jobs } = linewright.plan;
  return `${jobs.job.values[jobs.job.codes[operations.job[bar]]]}/${operations.step[bar]}` === name;
})"""
VIEW = "() => ({ ...linewright.board.view, offset: linewright.board.offset, rowHeight: linewright.board.rowHeight })"


def middle(page, operation):
    """Where to point at an operation."""
    bar = page.evaluate(BAR, operation)
    assert bar is not None, operation
    return page.evaluate(MIDDLE, bar)


def test_it_opens_from_a_file_and_draws_the_plan(opened, plan):
    """The headline is there, and the board is not empty."""
    page = opened()
    assert "will be late" in page.inner_text(".headline")
    assert page.evaluate("linewright.plan.count") == plan.operations.height
    colours = page.evaluate("""() => {
      const canvas = document.getElementById("board");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    }""")
    assert colours > 10


def test_pointing_at_a_bar_tells_what_it_is(opened, plan):
    """Operation, order, machine, times in the plant's time zone, people, and what it waits for."""
    page = opened()
    row = plan.operations.filter(plan.operations["waits_for"] == "machine").row(3, named=True)
    page.mouse.move(*middle(page, row["operation"]))
    told = page.locator("#tip").inner_text()
    assert row["operation"] in told
    assert row["machine"] in told
    assert f"waits for machine {row['machine']}, busy with {row['waits_for_operation']}" in told
    assert f"{row['setup_start'].astimezone(Chains(plan).zone):%H:%M}" in told
    page.mouse.move(5, 5)
    assert page.locator("#tip").is_hidden()


def test_search_lights_exactly_the_operations_that_match(opened, plan):
    """By order, and Enter goes from one match to the next."""
    page = opened()
    order = plan.late_orders["order"][0]
    page.keyboard.press("/")
    page.keyboard.type(order)
    jobs = plan.jobs.filter(plan.jobs["order"] == order)["job"]
    expected = plan.operations.filter(plan.operations["job"].is_in(jobs.to_list())).height
    assert page.inner_text("#found") == f"{expected} operations"
    assert page.evaluate("linewright.board.mask.reduce((a, b) => a + b)") == expected
    page.keyboard.press("Enter")
    assert page.evaluate("linewright.board.isLit(linewright.board.hover)")
    page.keyboard.press("Escape")
    assert page.evaluate("linewright.board.mask") is None


def test_clicking_a_late_order_shows_its_chain(opened, plan):
    """The panel lists its steps and what they waited for; the board shows them all, and when it was due."""
    page = opened()
    order = plan.late_orders["order"][0]
    page.click(f"button[data-order] >> text={order}")
    assert page.inner_text("#chain h2") == f"Order {order}"
    chains = Chains(plan)
    back = [row["operation"] for row in chains.back(chains.last_operation(order))]
    told = page.locator("#chain .steps").first.locator("button").all_inner_texts()
    assert [text.split(" ")[0] for text in told] == back
    assert chains.cause(order).words in page.inner_text("#chain")
    view = page.evaluate(VIEW)
    bars = page.evaluate("linewright.board.chain.bars.map(bar => [linewright.plan.from[bar], linewright.plan.to[bar]])")
    assert all(view["from"] <= begin and end <= view["to"] for begin, end in bars)
    assert page.url.endswith(f"#order={order}")


def test_clicking_a_bar_shows_the_chain_of_its_order(opened, plan):
    """From the board, too; a click beside all bars ends it."""
    page = opened()
    row = plan.operations.row(40, named=True)
    order = plan.jobs.filter(plan.jobs["job"] == row["job"])["order"][0]
    page.mouse.click(*middle(page, row["operation"]))
    assert page.inner_text("#chain h2") == f"Order {order}"
    page.keyboard.press("Escape")
    assert page.evaluate("linewright.board.chain") is None


def test_a_link_with_an_order_opens_its_chain(opened, plan):
    """The address can be sent to somebody."""
    order = plan.late_orders["order"][0]
    page = opened(fragment=f"#order={order}")
    assert page.inner_text("#chain h2") == f"Order {order}"


def test_wheel_drag_and_buttons_change_the_view(opened):
    """Zoom around the pointer, move by dragging, and back to the whole plan."""
    page = opened()
    whole = page.evaluate(VIEW)
    box = page.locator("#board").bounding_box()
    x, y = box["x"] + 600, box["y"] + 200
    at = "x => { const { from, to, width } = linewright.board.view; return from + x * (to - from) / width; }"
    under = page.evaluate(at, 600 - 132)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -400)
    closer = page.evaluate(VIEW)
    assert closer["to"] - closer["from"] < 0.6 * (whole["to"] - whole["from"])
    assert page.evaluate(at, 600 - 132) == pytest.approx(under, abs=1)
    page.mouse.down()
    page.mouse.move(x - 150, y, steps=4)
    page.mouse.up()
    moved = page.evaluate(VIEW)
    seconds = 150 * (closer["to"] - closer["from"]) / closer["width"]
    assert moved["from"] == pytest.approx(closer["from"] + seconds, rel=1e-6)
    assert page.evaluate("linewright.board.chain") is None
    page.click("#fit")
    assert page.evaluate(VIEW)["to"] == pytest.approx(whole["to"])


def test_pinching_zooms_on_a_touch_screen(opened):
    """Two fingers apart show half as much."""
    page = opened(width=390, height=844, has_touch=True)
    page.locator("#board").scroll_into_view_if_needed()
    box = page.locator("#board").bounding_box()
    touch = page.context.new_cdp_session(page)
    before = page.evaluate(VIEW)
    y, left, right = box["y"] + 100, box["x"] + 200, box["x"] + 240

    def send(kind, a, b):
        points = [] if kind == "touchEnd" else [{"x": a, "y": y, "id": 1}, {"x": b, "y": y, "id": 2}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", left, right)
    for step in range(1, 9):
        send("touchMove", left - 5 * step, right + 5 * step)
    send("touchEnd", 0, 0)
    after = page.evaluate(VIEW)
    assert after["to"] - after["from"] < 0.6 * (before["to"] - before["from"])


def test_the_keyboard_reaches_every_bar_of_a_machine_and_opens_its_chain(opened, plan):
    """Tab into the grid, arrows along the machine, Enter for the chain, Escape back."""
    page = opened()
    names = plan.operations.filter(plan.operations["machine"] == "TU-1").sort("setup_start")["operation"].to_list()
    assert len(names) > 20
    page.evaluate("bar => linewright.twin.go(bar)", page.evaluate(BAR, names[0]))
    reached = []
    for _ in names:
        reached.append(page.evaluate("document.activeElement.getAttribute('aria-label')").split(" ")[0])
        page.keyboard.press("ArrowRight")
    assert reached == names
    assert names[-1] in page.locator("#tip").inner_text()
    page.keyboard.press("Enter")
    assert page.locator("#chain h2").is_visible()
    assert names[-1] in page.inner_text("#said")
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(names[0])
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "gridcell"


def test_tab_goes_into_the_grid_and_keys_zoom_and_move(opened):
    """Nothing needs a mouse."""
    page = opened()
    page.wait_for_selector("#twin [role=gridcell][tabindex='0']")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "gridcell":
            break
    assert page.evaluate("document.activeElement.closest('#twin') !== null")
    before = page.evaluate(VIEW)
    page.keyboard.press("+")
    closer = page.evaluate(VIEW)
    assert closer["to"] - closer["from"] < before["to"] - before["from"]
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate(VIEW)["from"] > closer["from"]
    page.keyboard.press("0")
    assert page.evaluate(VIEW)["from"] == pytest.approx(before["from"])


def test_every_visible_bar_has_a_cell_in_the_grid(opened):
    """The grid is a twin of what is drawn."""
    page = opened()
    page.evaluate("linewright.board.zoom(6, 300, 100)")
    page.wait_for_timeout(250)
    shown = page.evaluate("linewright.board.shown()")
    assert shown["level"] == "bars"
    assert page.locator("#twin [role=gridcell]").count() == shown["bars"]


def test_work_centers_fold(opened):
    """A click on a heading hides its machines and keeps their load."""
    page = opened()
    rows = page.evaluate("linewright.board.layout.rows.length")
    page.click("#headings button >> nth=0")
    assert page.evaluate("linewright.board.layout.rows.length") == rows - 2
    # The heading itself is drawn with the next frame.
    page.wait_for_selector("#headings button:first-of-type[aria-expanded='false']")
    assert page.get_attribute("#headings button >> nth=0", "aria-expanded") == "false"


def test_pointing_at_the_load_tells_its_hours(opened):
    """Busy and open hours of the day under the pointer."""
    page = opened()
    box = page.locator("#load").bounding_box()
    page.mouse.move(box["x"] + 180, box["y"] + 30)
    assert "Turning" in page.inner_text("#tip")
    assert " of 16 h" in page.inner_text("#tip")


def test_tabs_open_the_panels(opened):
    """By mouse and by arrow keys; numbers in the head open what they count."""
    page = opened()
    page.click("#tab-faults")
    assert page.locator("#faults").is_visible()
    assert page.locator("#late").is_hidden()
    page.keyboard.press("ArrowRight")
    assert page.locator("#assumed").is_visible()
    page.click(".facts button >> nth=2")
    assert page.locator("#cost").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(opened, scheme):
    """At 390 pixels nothing sticks out."""
    page = opened(width=390, height=844, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator("#board").bounding_box()["height"] > 200
    page.click("button[data-order] >> nth=0")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_dark_and_light_follow_the_system_and_the_button(opened):
    """The canvas changes with the page."""
    page = opened(scheme="dark")
    corner = """() => {
      const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      brush.drawImage(document.getElementById("board"), 0, 0);
      return brush.getImageData(4, 4, 1, 1).data[0];
    }"""
    page.wait_for_timeout(100)
    assert page.evaluate(corner) < 60
    page.click("#theme")
    page.wait_for_timeout(100)
    assert page.evaluate(corner) > 200
    assert page.inner_text("#theme") == "Theme: light"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_barrier(opened, plan, scheme, width):
    """Names, roles and contrast hold on every panel, in both themes."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = opened(width=width, scheme=scheme)
    page.wait_for_selector("#twin [role=gridcell]", state="attached")
    page.click("button[data-order] >> nth=0")
    found = []
    for tab in ("chain", "late", "machines", "faults", "assumed", "cost"):
        page.click(f"#tab-{tab}")
        found += [
            f"{tab}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in axe.Axe().run(page).response["violations"]
        ]
    assert found == []


def test_paper_shows_all_panels(opened):
    """Printed, the tables follow the board; what is for the screen is gone."""
    page = opened()
    page.emulate_media(media="print")
    for panel in ("late", "machines", "faults", "assumed", "cost"):
        assert page.locator(f"#{panel}").is_visible()
    assert page.locator("#tabs").is_hidden()
    assert page.locator("#search").is_hidden()


def test_paper_is_light_even_when_the_screen_is_dark(opened, tmp_path):
    """Printing changes the colours of the board before, and restores them after."""
    page = opened(scheme="dark")
    page.evaluate("""() => {
      window.seen = [];
      const look = () => seen.push([document.documentElement.dataset.theme, linewright.board.onPaper ?? false]);
      addEventListener("beforeprint", look);
      addEventListener("afterprint", look);
    }""")
    page.pdf(path=tmp_path / "plan.pdf", prefer_css_page_size=True)
    assert page.evaluate("seen") == [["light", True], ["auto", False]]
    assert (tmp_path / "plan.pdf").stat().st_size > 20_000


def test_twenty_thousand_bars_stay_fluid(opened, tmp_path):
    """A frame takes far less time than drawing every bar would, at every distance."""
    plan, factory, closed = sample_plan(20_000)
    page = opened(write_report(plan, factory, tmp_path / "large.html", closed=closed))
    times = page.evaluate("""() => {
      const { board, plan } = linewright;
      const frame = (step, frames = 30) => {
        const times = [];
        for (let count = 0; count < frames; count++) {
          step();
          const start = performance.now();
          board.now();
          times.push(performance.now() - start);
        }
        return times.sort((a, b) => a - b)[frames >> 1];
      };
      // One fillRect for each of 20,000 bars, on a canvas of the same size: the measure of this machine.
      const canvas = Object.assign(document.createElement("canvas"), { width: 1000, height: 500 });
      const brush = canvas.getContext("2d", { willReadFrequently: true });
      const naive = () => {
        for (let bar = 0; bar < plan.count; bar++) brush.fillRect(bar % 1000, bar % 500, 3, 3);
        brush.getImageData(0, 0, 1, 1);
      };
      const start = performance.now();
      for (let count = 0; count < 5; count++) naive();
      const all = (performance.now() - start) / 5;
      board.fit();
      const far = frame(() => board.pan(1, 5));
      const levels = [board.shown().level];
      const zoom = frame(() => board.zoom(1.12, 500, 200), 45);
      const near = frame(() => board.pan(5, 2));
      levels.push(board.shown().level);
      return { all, far, zoom, near, levels };
    }""")
    assert times["levels"] == ["heat", "bars"]
    assert max(times["far"], times["zoom"], times["near"]) < max(3 * times["all"], 40)


def test_times_are_those_of_the_plant_wherever_the_reader_is(opened, plan):
    """A reader in New York sees the factory's clock, also after its change."""
    page = opened(timezone_id="America/New_York", locale="de-DE")
    summer = plan.operations.filter(plan.operations["start"] > plan.start + timedelta(days=8)).row(0, named=True)
    page.mouse.move(*middle(page, summer["operation"]))
    local = summer["setup_start"].astimezone(Chains(plan).zone)
    assert f"{local:%a} {local.day} {local:%b %H:%M}" in page.inner_text("#tip")
