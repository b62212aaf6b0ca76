"""The panels beside the board, written as plain HTML so that they can be read and printed without the board."""

from __future__ import annotations

from collections.abc import Sequence

from linewright.kit import words
from linewright.kit.facts import late_causes, late_facts, unplanned
from linewright.kit.load import Load
from linewright.kit.report.elements import Html, joined, table, tag
from linewright.model.faults import Fault
from linewright.model.results import Plan

LATE_ROWS, FAULT_ROWS, CAUSE_ROWS = 100, 300, 5


def late_panel(plan: Plan) -> Html:
    """The late orders, dearest first, each a button that shows its chain; then those that could not be planned."""
    late = plan.late_orders.height
    place = {name: row for row, name in enumerate(plan.orders.get_column("order").to_list())}
    rows = [
        tag(
            "tr",
            tag(
                "td",
                order_button(row["order"], place[row["order"]]),
                tag("span", row["waits_for"], style_class="quiet"),
            ),
            tag("td", words.days_late(row["late_days"]), style_class="number late"),
            tag("td", f"{row['late_cost']:,.0f}", style_class="number"),
        )
        for row in late_facts(plan, LATE_ROWS)
    ]
    headers = [("Order, and what it waits for", ""), ("Late", "number"), (plan.currency, "number")]
    told = table(headers, rows, body_id="late-rows") if late else tag("p", "No order will be late.")
    more = (
        tag("button", f"Show all {late:,}", type="button", data_more=str(LATE_ROWS)) if late > LATE_ROWS else Html("")
    )
    return joined([shared_causes(plan), told, more, unplanned_list(plan)])


def shared_causes(plan: Plan) -> Html:
    """What several late orders wait for."""
    shared = [one for one in late_causes(plan) if one["orders"] > 1][:CAUSE_ROWS]
    if plan.late_orders.height < CAUSE_ROWS or not shared:
        return Html("")
    rows = [
        tag(
            "tr",
            tag("td", one["waits_for"]),
            tag("td", f"{one['orders']:,}", style_class="number"),
            tag("td", f"{one['late_cost']:,.0f}", style_class="number"),
        )
        for one in shared
    ]
    headers = [("Most wait for", ""), ("Orders", "number"), (plan.currency, "number")]
    return tag("div", table(headers, rows), style_class="shared")


def order_button(name: str, row: int) -> Html:
    """A button that shows the chain of an order, which is a row of the plan's orders."""
    return tag("button", name, type="button", data_order=str(row))


def unplanned_list(plan: Plan) -> Html:
    """The orders that could not be planned, with the reasons."""
    left_out = unplanned(plan)
    if not left_out.height:
        return Html("")
    rows = left_out.select("order", "reason").head(FAULT_ROWS).iter_rows()
    items = [tag("li", tag("strong", order), f" {reason or 'no reason given'}") for order, reason in rows]
    return joined(
        [tag("h3", f"Not planned ({left_out.height:,})"), tag("ul", *items), _rest(left_out.height, FAULT_ROWS)]
    )


def load_panel(load: Load) -> Html:
    """How full each work center is, as a table; overloaded days are named."""
    rows = []
    for center in load.by_work_center().to_dicts():
        machines = [row for row, name in enumerate(load.work_centers) if name == center["work_center"]]
        busy, opened = load.busy_hours[machines].sum(axis=0), load.open_hours[machines].sum(axis=0)
        too_full = int((busy > opened + 0.01).sum())
        rows.append(
            tag(
                "tr",
                tag(
                    "td",
                    words.center(center["work_center"]),
                    tag("span", words.count(len(machines), "machine"), style_class="quiet"),
                ),
                tag("td", f"{100 * center['used']:.0f} %", style_class="number"),
                tag("td", f"{center['busy_hours']:,.0f} of {center['open_hours']:,.0f}", style_class="number"),
                tag("td", f"{too_full:,}" if too_full else "–", style_class="number late" if too_full else "number"),
            )
        )
    headers = [("Work center", ""), ("Used", "number"), ("Hours", "number"), ("Overfull days", "number")]
    return joined(
        [
            tag("p", f"Over the {words.count(load.busy_days, 'day')} in which 95 % of the work is done."),
            table(headers, rows),
        ]
    )


def fault_panel(faults: Sequence[Fault]) -> Html:
    """The faults of the data, worst harm first."""
    if not faults:
        return tag("p", "No faults were found in the data.")
    rows = [_fault_row(fault) for fault in faults[:FAULT_ROWS]]
    headers = [("Where, what, and the cure", ""), ("Orders", "number"), ("Days", "number")]
    return joined([table(headers, rows), _rest(len(faults), FAULT_ROWS)])


def _fault_row(fault: Fault) -> Html:
    more = f" (and {fault.count - 1:,} more like it)" if fault.count > 1 else ""
    level = tag("span", f"{fault.level}: {words.LEVEL_WORDS.get(fault.level, '')}", style_class=f"level {fault.level}")
    told = [
        tag("code", fault.where),
        " ",
        level,
        tag("span", fault.message + more),
        tag("span", fault.cure, style_class="quiet"),
    ]
    orders, days = f"{fault.orders:,}" if fault.orders else "–", f"{fault.days:,.1f}" if fault.days else "–"
    return tag("tr", tag("td", *told), tag("td", orders, style_class="number"), tag("td", days, style_class="number"))


def assumption_panel(plan: Plan) -> Html:
    """What was taken for granted, and the wishes that could not be held."""
    told = (
        tag("ul", *(tag("li", sentence) for sentence in plan.assumptions))
        if plan.assumptions
        else tag("p", "Nothing had to be assumed.")
    )
    if not plan.relaxed:
        return told
    wishes = [tag("li", tag("code", wish.row), f" {wish.rule}: {wish.reason}") for wish in plan.relaxed]
    return joined([told, tag("h3", f"Could not be held ({len(plan.relaxed):,})"), tag("ul", *wishes)])


def cost_panel(plan: Plan) -> Html:
    """What the plan costs in parts, what counts how much, and what is proven about it."""
    rows = []
    for name, amount in sorted(plan.costs.items(), key=lambda part: -part[1]):
        weight = getattr(plan.weights, name, 1.0)
        counted = "" if weight == 1.0 else tag("span", f"counts {weight:g} times in the total", style_class="quiet")
        cells = (
            tag("td", words.COST_WORDS.get(name, name), counted),
            tag("td", f"{amount:,.2f}", style_class="number"),
        )
        rows.append(tag("tr", *cells))
    rows.append(
        tag(
            "tr",
            tag("td", words.objective(plan)),
            tag("td", words.figure(plan, plan.value), style_class="number"),
            style_class="total",
        )
    )
    proven = [
        tag("h3", "How good is it?"),
        tag("p", f"{words.gap(plan).capitalize()}."),
        tag("p", words.gap_meaning(plan)),
    ]
    return joined([table([("Part", ""), (plan.currency, "number")], rows), *proven])


def _rest(number: int, shown: int) -> Html:
    return tag("p", f"and {number - shown:,} more", style_class="quiet") if number > shown else Html("")
