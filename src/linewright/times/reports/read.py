"""The actuals of a factory with what its own tables say about them: kind of work, family, work center, quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from linewright.errors import ModelError

if TYPE_CHECKING:
    from linewright.model.factory import Factory

#: The position of a report in the factory's own table, by which its file and row can be named.
POSITION = "position"


def reports_of(factory: Factory) -> pl.DataFrame:
    """One row for each report of the floor, in the order of the file.

    Beside the columns of `actuals` it has `kind_of_work`, `work_center`, `family`, `order_quantity`, `places` (of its
    machine) and the report's `position`.

    Raises
    ------
    ModelError
        The factory has no actuals.
    """
    if not len(factory.actuals):
        raise ModelError(
            [
                "actuals: there are no reports from the floor, so no time can be learned — fill a sheet actuals "
                "(work_order, material, step, machine, kind, start, end, good), or name a job log"
            ]
        )
    reports = factory.actuals.content.with_row_index(POSITION).with_columns(pl.col(POSITION).cast(pl.Int64))
    reports = _completed_from_orders(reports, factory)
    reports = _machines(_steps(reports, factory), factory)
    families = factory.materials.content.select("material", family=family_of(pl.col("material")))
    reports = reports.join(families.unique("material"), on="material", how="left", maintain_order="left")
    family = pl.coalesce("setup_family", pl.col("family"), family_of(pl.col("material")))
    return reports.with_columns(family=family).drop("setup_family")


def family_of(material: pl.Expr) -> pl.Expr:
    """The family that a material's name tells: its first word, or what stands before the first digit."""
    stem = material.str.extract(r"^([^\s\d_\-./]+)").str.to_lowercase()
    return pl.coalesce(stem, material)


def _completed_from_orders(reports: pl.DataFrame, factory: Factory) -> pl.DataFrame:
    """The material of a report that names only its work order, and the quantity that was ordered."""
    orders = factory.work_orders.content.select("work_order", ordered="material", order_quantity="quantity")
    reports = reports.join(orders.unique("work_order"), on="work_order", how="left", maintain_order="left")
    named = pl.when(pl.col("material") == "").then(pl.col("ordered")).otherwise(pl.col("material"))
    return reports.with_columns(material=named.fill_null("")).drop("ordered")


def _steps(reports: pl.DataFrame, factory: Factory) -> pl.DataFrame:
    """The kind of work: the name of the routing's step, or what the report calls it without its machine."""
    steps = factory.operations.content.select(
        "material",
        "step",
        step_name="name",
        step_center="work_center",
        setup_family=pl.when(pl.col("setup_family") != "").then("setup_family"),
    )
    reports = reports.join(
        steps.unique(["material", "step"]), on=["material", "step"], how="left", maintain_order="left"
    )
    # "Milling - Machine 4" is milling; "Grinding - Q.C." is work of its own.
    told = pl.col("operation").str.replace(r"\s+-\s+[^-]*\d[^-]*$", "").str.strip_chars()
    named = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in ("step_name",)]
    kind = pl.coalesce(*named, pl.when(told != "").then(told), pl.col("step").cast(pl.String), pl.lit("work"))
    return reports.with_columns(kind_of_work=kind).drop("step_name")


def _machines(reports: pl.DataFrame, factory: Factory) -> pl.DataFrame:
    machines = factory.machines.content.select("machine", center="work_center", places="capacity")
    reports = reports.join(machines.unique("machine"), on="machine", how="left", maintain_order="left")
    given = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in ("center", "step_center")]
    return reports.with_columns(
        work_center=pl.coalesce(*given, "kind_of_work"), places=pl.col("places").fill_null(1)
    ).drop("center", "step_center")
