"""The manager's page: what somebody wants to know on Monday at seven, in at most 40 lines."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl
from rich.text import Text

from linewright.kit import gap, words
from linewright.kit.facts import (
    DOUBTFUL,
    counts,
    doubtful_orders,
    headline,
    late_causes,
    main_causes,
    odds_headline,
    percent,
    run_cause,
    unplanned,
)
from linewright.kit.load import Closed, load_by_day
from linewright.kit.tables import faults_as_table, late_table, load_table
from linewright.model.factory import Factory
from linewright.model.faults import LEVELS
from linewright.model.results import Plan
from linewright.model.run_results import Run

if TYPE_CHECKING:
    from rich.console import Console

CAUSE_ROWS, LATE_ROWS, LOAD_ROWS, FAULT_ROWS, ASSUMPTION_ROWS = 3, 8, 3, 5, 5
ODDS_ROWS = 3


def manager_page(
    plan: Plan, factory: Factory, console: Console, closed: Closed | None = None, run: Run | None = None
) -> None:
    """Print the plan in short: what is late and why, what it costs, how good it is, and what the data hide.

    Parameters
    ----------
    closed
        For each machine the windows in which it does not work, so that load is a share of its working time.
    run
        What many simulated runs of the plan say: late orders get their odds, and a few lines tell how
        sure the plan is.
    """
    _print_heading(plan, console)
    if plan.late_orders.height:
        console.print(late_table(plan, LATE_ROWS, run))
        _print_causes(plan, console)
    if run is not None:
        _print_odds(plan, run, console)
    _print_unplanned(plan, console)
    _print_load(plan, factory, closed, console)
    _print_costs(plan, console)
    _print_faults(plan, console)
    # The odds take the place of three assumptions, so that the page still fits on a screen.
    _print_assumptions(plan, console, ASSUMPTION_ROWS if run is None else ASSUMPTION_ROWS - 3)
    hints = ("--minutes 5 searches longer", "--report plan.html draws it", "--out plan.xlsx keeps it")
    console.print(Text(f"Next: {' · '.join(hints)}", "dim"))


def _print_heading(plan: Plan, console: Console) -> None:
    style = "bold red" if plan.late_orders.height or unplanned(plan).height else "bold green"
    console.print(Text(headline(plan), style))
    numbers, zone = counts(plan), ZoneInfo(plan.timezone)
    things = [words.count(numbers["orders"], "order")] if numbers["orders"] else []
    if numbers["work_orders_with_a_date"]:
        things.append(f"{words.count(numbers['work_orders_with_a_date'], 'work order')} with a date")
    things.append(words.count(numbers["operations"], "operation"))
    things.append(words.count(numbers["machines"], "machine"))
    checked = "verified" if plan.verified else "NOT VERIFIED"
    console.print(
        f"{plan.factory_name}: {', '.join(things)}; {words.moment(plan.start, zone)} to {words.moment(plan.end, zone)};"
        f" {checked}, seed {plan.origin.seed}.",
        markup=False, highlight=False, soft_wrap=False,
    )  # fmt: skip


def _print_causes(plan: Plan, console: Console) -> None:
    """What many late orders have in common, once they are more than the table tells."""
    if plan.late_orders.height <= LATE_ROWS:
        return
    causes = [
        f"{one['waits_for']} ({words.count(one['orders'], 'order')}, {words.money(one['late_cost'], plan.currency)})"
        for one in late_causes(plan)[:CAUSE_ROWS]
    ]
    console.print(Text("Most wait for ", "bold").append(", ".join(causes), "not bold"))


def _print_odds(plan: Plan, run: Run, console: Console) -> None:
    """How sure the plan is, the orders that are less sure than they look, and what delays most."""
    doubtful = doubtful_orders(plan, run)
    # Late orders have their odds in the table above; these look safe and are not.
    safe = doubtful.filter((pl.col("on_time") < DOUBTFUL) & (pl.col("late_days").fill_null(0) == 0))
    named = [f"{order} {percent(share)}" for order, share in safe.select("order", "on_time").iter_rows()]
    listed = ", ".join(named[:ODDS_ROWS]) + (", ..." if named[ODDS_ROWS:] else "")
    whose = f", {len(named):,} of them in time by the plan" if plan.late_orders.height else ""
    told = odds_headline(run).rstrip(".") + (f"{whose}: {listed}" if named else "")
    told += f"; {words.count(run.replications, 'run')}, seed {run.origin.seed}."
    console.print(Text("Odds: ", "bold").append(told, "not bold"))
    for row in main_causes(run, 1).iter_rows(named=True):
        cause, hours = run_cause(row["cause"], row["name"]), row["hours"]
        told = f"{cause}, {hours:,.{0 if hours >= 10 else 1}f} h a run over all late orders"
        line = Text("Delays most: ", "bold").append(told, "not bold")
        console.print(line, no_wrap=True, overflow="ellipsis")


def _print_unplanned(plan: Plan, console: Console) -> None:
    left_out = unplanned(plan)
    for order, reason in left_out.select("order", "reason").head(1).iter_rows():
        more = f" ({order}, and {left_out.height - 1:,} more)" if left_out.height > 1 else f" ({order})"
        line = Text(f"Not planned{more}: ", "red").append(reason or "no reason given", "default")
        console.print(line, no_wrap=True, overflow="ellipsis")


def _print_load(plan: Plan, factory: Factory, closed: Closed | None, console: Console) -> None:
    load = load_by_day(plan, factory, closed)
    if not load.busy_days:
        return
    centers = load.by_work_center().head(LOAD_ROWS).to_dicts()
    until = words.day(load.midnights[load.busy_days - 1], ZoneInfo(plan.timezone))
    console.print(load_table(centers, f"Fullest work centers until {until} (95 % of the work)"))


def _print_costs(plan: Plan, console: Console) -> None:
    dearest = sorted(plan.costs.items(), key=lambda part: -part[1])
    parts = [(words.COST_WORDS.get(name, name).lower(), amount) for name, amount in dearest if amount]
    told = ", ".join(f"{name} {words.money(amount, plan.currency)}" for name, amount in parts)
    line = Text(f"{words.objective(plan)}: ", "bold").append(words.figure(plan, plan.value), "bold")
    line.append(f" ({told})" if told else "", "not bold")
    console.print(line)
    console.print(Text("How good: ", "bold").append(f"{words.gap(plan)}. {words.gap_meaning(plan)}", "not bold"))
    if open_parts := gap.told(plan):
        console.print(Text(open_parts))


def _print_faults(plan: Plan, console: Console) -> None:
    if not plan.faults:
        console.print("No faults in the data.")
        return
    table = faults_as_table(plan.faults[:FAULT_ROWS], one_line=True)
    numbers = [(level, sum(fault.count for fault in plan.faults if fault.level == level)) for level in LEVELS]
    told = ", ".join(words.count(number, level) for level, number in numbers if number)
    table.title = f"Data faults: {told}{_rest(len(plan.faults), FAULT_ROWS)}, by harm"
    console.print(table)


def _print_assumptions(plan: Plan, console: Console, shown: int) -> None:
    if not plan.assumptions:
        return
    console.print(Text(f"Assumed{_rest(len(plan.assumptions), shown)}", "bold"))
    for sentence in plan.assumptions[:shown]:
        console.print(Text(f"  {sentence}"), no_wrap=True, overflow="ellipsis")


def _rest(number: int, shown: int) -> str:
    return f" (the first {shown}, and {number - shown:,} more)" if number > shown else ""
