"""Checks that everything needed can come from somewhere."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from linewright.model.checks.rows import material_findings, positions_of
from linewright.model.factory import Factory
from linewright.model.findings import Finding


def made_without_steps(factory: Factory) -> Iterator[Finding]:
    """What is made, but has no routing, takes no time in the plan."""
    made = pl.concat([
        factory.materials.frame.filter(kind="made").select("material"),
        # A bill without a routing, where nothing says that it is bought.
        factory.components.frame.select("material").join(_bought(factory), on="material", how="anti"),
        factory.work_orders.frame.filter(status="open").select("material"),
    ])  # fmt: skip
    bare = made.unique().join(factory.operations.frame, on="material", how="anti")
    yield from material_findings(
        factory,
        bare.get_column("material"),
        [("components", "material"), ("work_orders", "material")],
        rule="made_without_steps",
        level="warning",
        messages=["{value} is made, but has no operations: it is planned as taking no time"],
        expected="at least one row in operations",
        cures=["add its steps, or set its kind to bought"],
    )


def source_without_lead(factory: Factory) -> Iterator[Finding]:
    """A source without a lead time counts as there on the day of the order."""
    rows = factory.sources.frame.with_row_index("position").filter(
        pl.col("lead_days") + pl.col("admin_days") <= 0, pl.col("lane") == ""
    )
    if rows.height:
        yield Finding(
            table="sources",
            rule="source_without_lead",
            level="warning",
            column="lead_days",
            positions=positions_of(rows),
            values=["0"],
            messages=[
                f"{material} from {supplier} has no lead time: it counts as there on the day of the order"
                for material, supplier in rows.select("material", "supplier").iter_rows()
            ],
            expected="days from order to receipt",
            cures=["fill in lead_days"],
            materials=[(material,) for material in rows.get_column("material").to_list()],
        )


def ordered_without_supply(factory: Factory) -> Iterator[Finding]:
    """What is ordered, and can neither be made nor bought nor taken from stock, is assumed to be there in time."""
    orders = factory.orders.frame.with_row_index("position").filter(status="open")
    lost = orders.join(_supplied(factory), on="material", how="anti", maintain_order="left")
    for (material,), rows in lost.group_by("material", maintain_order=True):
        count = f"{rows.height:,} orders ask" if rows.height > 1 else "an order asks"
        yield Finding(
            table="orders",
            rule="ordered_without_supply",
            level="warning",
            column="material",
            positions=positions_of(rows),
            values=[str(material)],
            together=True,
            messages=[f"{count} for {{value}}, which nothing makes, buys or has in stock: supply is assumed"],
            expected="a way to make or buy it",
            cures=["add its operations, a row in sources, or its stock"],
        )


def component_without_supply(factory: Factory) -> Iterator[Finding]:
    """A component that nothing supplies is assumed to be there in time."""
    needed = factory.components.frame.select(material="component").unique()
    lost = needed.join(_supplied(factory), on="material", how="anti")
    yield from material_findings(
        factory,
        lost.get_column("material"),
        [("components", "component")],
        rule="component_without_supply",
        level="warning",
        messages=["{value} is needed as a component, but nothing makes, buys or has it in stock: supply is assumed"],
        expected="a way to make or buy it",
        cures=["add a row for it to sources or stock"],
    )


def bought_without_source(factory: Factory) -> Iterator[Finding]:
    """A material marked as bought needs a source once its stock is used up, if the factory lists sources at all."""
    if not len(factory.sources):
        return
    needed = pl.concat([
        factory.components.frame.select(material="component"), factory.orders.frame.select("material")
    ]).unique()  # fmt: skip
    bought = factory.materials.frame.filter(kind="bought").join(needed, on="material", how="semi")
    some = pl.concat([factory.stock.frame.select("material"), factory.purchases.frame.select("material")])
    bare = bought.join(factory.sources.frame, on="material", how="anti").join(some, on="material", how="semi")
    yield from material_findings(
        factory,
        bare.get_column("material"),
        [],
        rule="bought_without_source",
        level="note",
        messages=["{value} is bought, but not in sources: beyond stock and open purchases its supply is assumed"],
        expected="a row in sources",
        cures=["add who delivers it, and in how many days"],
    )


def _bought(factory: Factory) -> pl.DataFrame:
    listed = factory.materials.frame.filter(kind="bought").select("material")
    return pl.concat([listed, factory.sources.frame.select("material")]).unique()


def _supplied(factory: Factory) -> pl.DataFrame:
    """Every material that something brings in."""
    tables = ("operations", "components", "sources", "stock", "purchases")
    ways = [factory.table(name).frame.select("material") for name in tables]
    return pl.concat([*ways, factory.work_orders.frame.filter(status="open").select("material")]).unique()
