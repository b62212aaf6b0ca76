"""Writes a plan as one HTML file that needs nothing else: no server, no network, no other file."""

from __future__ import annotations

import gzip
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from linewright.kit import words
from linewright.kit.facts import counts, doubtful_orders, headline, odds_headline
from linewright.kit.load import Closed, Load, load_by_day
from linewright.kit.report import odds, panels
from linewright.kit.report.bundle import bundled, static
from linewright.kit.report.elements import Html, joined, tag
from linewright.kit.report.payload import payload
from linewright.model.factory import Factory
from linewright.model.results import Plan
from linewright.model.run_results import Run

#: The entry of the board's legend that only a report with a run has.
RANGE_LEGEND = tag("li", tag("i", style_class="swatch range"), "80 % of runs")


def write_report(
    plan: Plan,
    factory: Factory,
    path: str | Path,
    *,
    closed: Closed | None = None,
    made: datetime | None = None,
    run: Run | None = None,
) -> Path:
    """Write the plan as one file that opens in any browser, and return its path.

    Parameters
    ----------
    closed
        For each machine the windows, sorted and apart, in which it does not work, over the whole plan; they are
        shaded, and load is told as a share of the rest. Without them every machine counts as open round the clock.
    made
        When the plan was made, for the page's heading; left out when it is None.
    run
        What many simulated runs of the plan say: bars get their ranges, orders their odds, and a panel tells how sure
        the plan is. Without it the report says nothing about odds.
    """
    target = Path(path)
    # Written beside the target and then renamed: an interrupted run never leaves half a report.
    draft = target.with_name(f".{target.name}.part")
    draft.write_text(report_html(plan, factory, closed=closed, made=made, run=run), encoding="utf-8")
    return draft.replace(target)


def report_html(
    plan: Plan,
    factory: Factory,
    *,
    closed: Closed | None = None,
    made: datetime | None = None,
    run: Run | None = None,
) -> Html:
    """The report as text; the parameters are those of :func:`write_report`."""
    load = load_by_day(plan, factory, closed)
    style = static("report.css") + (static("odds.css") if run is not None else "")
    script = bundled("main", with_run=run is not None)
    data = b64encode(gzip.compress(payload(plan, load, closed or {}, run), compresslevel=6, mtime=0)).decode()
    fields = {
        "title": tag("title", f"Plan of {plan.factory_name}"),
        "policy": _content_policy(style, script),
        "style": style,
        "heading": _heading(plan, made, run),
        "facts": _facts(plan, load, run),
        "tabs": _tabs(plan, run),
        "panels": _panels(plan, load, run),
        "range_legend": RANGE_LEGEND if run is not None else "",
        "load_told": _load_told(load),
        "data": data,
        "script": script,
    }
    return Html(Template(static("report.html")).substitute(fields))


def _content_policy(style: str, script: str) -> str:
    """Allow this very style and script and nothing else; the browser then refuses any request to the network."""
    hashes = {"style": style, "script": script}
    allowed = [
        f"{kind}-src 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for kind, text in hashes.items()
    ]
    return "; ".join(["default-src 'none'", *allowed, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _heading(plan: Plan, made: datetime | None, run: Run | None) -> Html:
    zone = ZoneInfo(plan.timezone)
    checked = (
        tag("span", "verified", style_class="good")
        if plan.verified
        else tag("strong", "not verified", style_class="late")
    )
    when = f" · made {words.stamp(made, zone)}" if made else ""
    span = f"{words.stamp(plan.start, zone)} – {words.stamp(plan.end, zone)}"
    facts = f" · seed {plan.origin.seed}{when} · times in {plan.timezone} · linewright {plan.origin.code_version}"
    return joined(
        [
            tag("h1", plan.factory_name),
            tag("p", headline(plan), style_class="headline"),
            # The plan's own promise never stands alone where its odds are known.
            *([tag("p", f"When it is run: {odds_headline(run)}")] if run else []),
            tag("p", f"{span} · ", checked, facts, style_class="quiet"),
        ]
    )


def _facts(plan: Plan, load: Load, run: Run | None) -> Html:
    """The few numbers that matter; each is a button that opens the rows that it came from."""
    numbers, zone = counts(plan), ZoneInfo(plan.timezone)
    of = words.count(plan.orders.height, "order") + (" and jobs" if numbers["work_orders_with_a_date"] else "")
    late = plan.late_orders
    worst = words.days_late(float(late.get_column("late_days").max())) if late.height else "–"  # type: ignore[arg-type]
    money = float(late.get_column("late_cost").sum())
    shown = [
        *([odds.odds_fact(run)] if run is not None else []),
        ("late", "Late", f"{late.height:,}", f"of {of}", late.height > 0),
        ("late", "Worst", worst, f"{words.money(money, plan.currency)} for all" if money else "", late.height > 0),
        ("cost", words.objective(plan), words.figure(plan, plan.value), _dearest(plan), False),
        ("cost", "Could still be saved", _gap(plan), _bound(plan), False),
        ("machines", "Bottleneck", *_bottleneck(load), False),
        ("machines", "Finished", words.day(plan.end, zone), _size(numbers), False),
    ]
    return joined(_fact(*fact) for fact in shown)


def _fact(panel: str, name: str, value: str, told: str, is_late: bool) -> Html:
    number = tag("span", value, style_class="value late" if is_late else "value")
    parts = (tag("span", name, style_class="name"), number, tag("span", told or "\u00a0", style_class="told"))
    return tag("button", *parts, type="button", data_open=panel, title=told or None)


def _gap(plan: Plan) -> str:
    return "not known" if plan.gap is None else "nothing" if plan.proven else f"≤ {100 * plan.gap:.1f} %"


def _bound(plan: Plan) -> str:
    return "no bound is proven" if plan.gap is None else f"no plan is below {words.figure(plan, plan.bound.value)}"


def _dearest(plan: Plan) -> str:
    name, amount = max(plan.costs.items(), key=lambda part: part[1], default=("", 0.0))
    return f"most: {words.COST_WORDS.get(name, name).lower()} {words.money(amount, plan.currency)}" if amount else ""


def _bottleneck(load: Load) -> tuple[str, str]:
    centers = load.by_work_center()
    if not centers.height:
        return "none", ""
    fullest = centers.row(0, named=True)
    told = f"{100 * fullest['used']:.0f} % used over {words.count(load.busy_days, 'day')}"
    return words.center(fullest["work_center"]), told


def _size(numbers: dict[str, int]) -> str:
    return f"{words.count(numbers['operations'], 'operation')} on {words.count(numbers['machines'], 'machine')}"


def _tabs(plan: Plan, run: Run | None) -> Html:
    listed = (
        {"late": f"Late {plan.late_orders.height:,}"}
        if run is None
        else {"late": f"Orders {doubtful_orders(plan, run).height:,}", "odds": "Odds"}
    )
    labels = {
        **listed,
        "chain": "Chain",
        "machines": "Load",
        "faults": f"Data {len(plan.faults):,}",
        "assumed": f"Assumed {len(plan.assumptions) + len(plan.relaxed):,}",
        "cost": "Cost",
    }
    return joined(
        tag("button", label, type="button", role="tab", id=f"tab-{name}", aria_controls=name, data_panel=name)
        for name, label in labels.items()
    )


def _panels(plan: Plan, load: Load, run: Run | None) -> Html:
    hint = tag(
        "p", "Click a bar or a late order: its chain is shown here, with what each step waits for.", style_class="quiet"
    )
    listed = (
        {"late": ("Late orders", panels.late_panel(plan))}
        if run is None
        else {"late": ("Late or doubtful orders", odds.orders_panel(plan, run)), "odds": ("Odds", odds.odds_panel(run))}
    )
    contents = {
        **listed,
        "chain": ("Chain", hint),
        "machines": ("Load of the work centers", panels.load_panel(load)),
        "faults": ("Faults in the data, by harm", panels.fault_panel(plan.faults)),
        "assumed": ("Assumptions", panels.assumption_panel(plan)),
        "cost": ("Cost", panels.cost_panel(plan)),
    }
    return joined(
        tag(
            "section",
            tag("h2", title),
            content,
            id=name,
            role="tabpanel",
            aria_labelledby=f"tab-{name}",
            style_class="panel",
            tabindex="0",
        )
        for name, (title, content) in contents.items()
    )


def _load_told(load: Load) -> str:
    """One sentence about the load chart, for those who cannot see it."""
    centers = load.by_work_center().head(5).to_dicts()
    told = ", ".join(f"{words.center(center['work_center'])} {100 * center['used']:.0f} %" for center in centers)
    return str(joined([f"Hours a day of each work center against its open hours; fullest: {told}."]))
