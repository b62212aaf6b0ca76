"""What is wrong with the rows that materials are planned from, and what is done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from linewright.model.checks.bill import bill_cycle
from linewright.model.faults import Fault
from linewright.model.findings import Finding, Places, faults_of
from linewright.supply.requirements.reading.demand import good

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.table import Table


def without_circles(factory: Factory) -> tuple[Factory, list[Fault]]:
    """The factory without the bill lines that close a circle, each named with its whole path."""
    findings = list(bill_cycle(factory))
    if not findings:
        return factory, []
    table = factory.components
    positions = {int(at) for finding in findings for at in finding.positions}
    kept = table.frame.with_row_index("at").filter(~pl.col("at").is_in(sorted(positions))).drop("at")
    faults = [fault for finding in findings for fault in _told(factory, finding)]
    fresh, more = without_circles(factory.with_tables(components=_with(table, kept)))
    return fresh, faults + more


def row_faults(factory: Factory) -> list[Fault]:
    """Rows whose numbers cannot be planned; they are left out."""
    faults: list[Fault] = []
    for table, column, rule, allowed, cure in (
        ("stock", "quantity", "stock_quantity", pl.col("quantity") == 0, "count the stock and correct the number"),
        ("orders", "quantity", "order_quantity", pl.lit(value=False), "correct the quantity, or cancel the order"),
        ("work_orders", "quantity", "work_order_quantity", pl.lit(value=False), "correct the quantity"),
        ("purchases", "quantity", "purchase_quantity", pl.col("quantity") == 0, "correct the quantity"),
        ("forecast", "quantity", "forecast_quantity", pl.col("quantity") == 0, "correct the quantity"),
        ("components", "quantity", "line_quantity", pl.lit(value=False), "correct the quantity"),
    ):
        wrong = ~(good(pl.col(column)) | allowed)
        frame = factory.table(table).frame.with_row_index("position").filter(wrong)
        if frame.height:
            values = [f"{value:g}" for value in frame.get_column(column)]
            told = Finding(
                table=table, rule=rule, column=column, positions=frame["position"].to_numpy().astype("int64"),
                values=values, messages=["{value} of " + name + " cannot be planned; the row is left out"
                                         for name in frame.get_column("material")],
                expected="a number above 0 and at most 1e15", cures=[cure],
                materials=[(name,) for name in frame.get_column("material")],
            )  # fmt: skip
            faults += _told(factory, told)
    return faults


def source_faults(factory: Factory, assumed: list[str], lead_days: int) -> list[Fault]:
    """Bought materials that no source offers, and sources that deliver in no time."""
    faults = [
        Fault(
            level="warning", rule="no_source", table="sources", where="sources", value=name, materials=(name,),
            message=f"{name} is bought, but no source offers it: it is planned as coming after {lead_days} days",
            expected="a row in sources", cure="add who delivers it, in how many days and at what price",
        )
        for name in assumed
    ]  # fmt: skip
    quick = factory.sources.frame.with_row_index("position").filter(
        pl.col("lead_days") + pl.col("admin_days") <= 0, pl.col("lane") == ""
    )
    if quick.height:
        told = Finding(
            table="sources", rule="no_lead_time", column="lead_days", level="warning",
            positions=quick["position"].to_numpy().astype("int64"), values=quick.get_column("material").to_list(),
            messages=[f"{{value}} from {supplier} has no lead time: it is planned as coming on the day it is ordered"
                      for supplier in quick.get_column("supplier")],
            expected="lead_days above 0", cures=["enter the days from order to receipt"],
            materials=[(name,) for name in quick.get_column("material")],
        )  # fmt: skip
        faults += _told(factory, told)
    return faults


def rule_faults(factory: Factory) -> list[Fault]:
    """Materials whose lot rule lacks a number that it needs."""
    frame = factory.materials.frame.with_row_index("position").filter(
        pl.col("lot_rule") == "wagner_whitin", (pl.col("order_cost") <= 0) | (pl.col("cost") <= 0)
    )
    if not frame.height:
        return []
    told = Finding(
        table="materials", rule="no_order_cost", column="order_cost", level="warning",
        positions=frame["position"].to_numpy().astype("int64"), values=frame.get_column("material").to_list(),
        messages=["{value} is to be planned by wagner_whitin, but has no order_cost or no cost: it is planned lot for "
                  "lot"],
        expected="order_cost and cost above 0", cures=["enter both, or choose another lot_rule"],
        materials=[(name,) for name in frame.get_column("material")],
    )  # fmt: skip
    return _told(factory, told)


def substitute_faults(factory: Factory, refused: list[int]) -> list[Fault]:
    """Substitutes that are made from what they stand in for, or the other way round."""
    faults = []
    for row in sorted(set(refused)):
        material, other = factory.substitutes.frame.select("material", "substitute").row(row)
        faults.append(Fault(
            level="warning", rule="substitute_circle", table="substitutes",
            where=factory.substitutes.place(row, "substitute"), row=row, column="substitute", value=other,
            message=f"{other} cannot stand in for {material}, because one goes into the other; it is not used",
            expected="a material of another bill", cure="delete the row", materials=(material, other),
        ))  # fmt: skip
    return faults


def cleaned(factory: Factory) -> Factory:
    """The factory without bill lines whose quantity is no number above 0."""
    table = factory.components
    kept = table.frame.filter(good(pl.col("quantity")) & pl.col("scrap_share").is_between(0, 0.99))
    return factory if kept.height == len(table) else factory.with_tables(components=_with(table, kept))


def _with(table: Table[Any], frame: pl.DataFrame) -> Table[Any]:
    from dataclasses import replace

    return replace(table, frame=frame, extra=None)


def _told(factory: Factory, finding: Finding) -> list[Fault]:
    table = factory.table(finding.table)
    return faults_of(finding, Places(finding.table, table.frame, table.sources))
