"""Jobs meet routings: the operations still to do, their alternatives, and what waits for what."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from linewright.errors import ModelError
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.shop.explosion import Explosion


#: A century, in minutes.
MOST_MINUTES = 100 * 525_960.0
#: A pin that is not there; a pin before the plan's start is a wish that has passed.
NO_PIN = -NEVER


def operation_frame(factory: Factory, explosion: Explosion, start: datetime) -> pl.DataFrame:
    """One row for each operation still to do, by job and step.

    Columns: `at` (its position), job, routing (row of the operations table), material, step, units, the routing's
    columns, and for work in progress `running`, `bound_machine`, `pin` (seconds, NO_PIN for none).
    """
    jobs = pl.DataFrame(
        {
            "job": np.arange(explosion.jobs["material"].size),
            "material_at": explosion.jobs["material"],
            "quantity": explosion.jobs["quantity"],
            "work_order": explosion.jobs["work_order"],
        }
    )
    names = (
        pl.DataFrame({"material": explosion.materials}, schema={"material": pl.String})
        .with_row_index("material_at")
        .cast({"material_at": pl.Int64})
    )
    routing = (
        factory.operations.content.with_row_index("routing")
        .sort("material", "step", descending=[False, True])
        .with_columns(yield_after=pl.col("yield_share").cum_prod().over("material"))
        .join(names, on="material")
    )
    progress = _progress(factory, start)
    return (
        jobs.join(progress, on="work_order", how="left")
        .join(routing, on="material_at", how="inner")
        .filter(pl.col("at_step").is_null() | (pl.col("step") >= pl.col("at_step")))
        .with_columns(here=(pl.col("step") == pl.col("at_step")).fill_null(value=False))
        .with_columns(
            units=(
                pl.col("quantity") / pl.col("yield_after") - pl.when("here").then("done_quantity").otherwise(0.0)
            ).clip(0),
            running=pl.col("here") & pl.col("started").fill_null(value=False),
            bound_machine=pl.when("here").then("bound_machine").otherwise(pl.lit("")),
            pin=pl.when(pl.col("here") & ~pl.col("started").fill_null(value=False)).then("pin").otherwise(NO_PIN),
        )
        .sort("job", "step")
        .with_row_index("at")
        .cast({"at": pl.Int64, "routing": pl.Int64})
    )


def _progress(factory: Factory, start: datetime) -> pl.DataFrame:
    """How far each work order is; without a step of its own, a pin or machine means the first step."""
    work_orders = factory.work_orders.frame.with_row_index("row").cast({"row": pl.Int64})
    first = factory.operations.frame.group_by("material").agg(pl.col("step").min().alias("first_step"))
    pinned = pl.col("pinned") & pl.col("pinned_start").is_not_null()
    return work_orders.join(first, on="material", how="left").select(
        pl.col("row").alias("work_order"),
        at_step=pl.coalesce("step", "first_step"),
        done_quantity=pl.col("done_quantity"),
        started=pl.col("started").is_not_null(),
        bound_machine=pl.col("machine"),
        pin=pl.when(pinned).then((pl.col("pinned_start") - start).dt.total_seconds()).otherwise(NO_PIN),
    )


def mode_frame(factory: Factory, operations: pl.DataFrame) -> pl.DataFrame:
    """One row for each way to do an operation: `at`, machine and person (positions), setup and run seconds, cost.

    An operation without any way keeps none; the caller reports it.
    """
    ways = _ways(factory, operations)
    machines = factory.machines.frame.with_row_index("machine_at").select(
        pl.col("machine_at").cast(pl.Int64), pl.col("machine").alias("way_machine"), "speed"
    )
    people = factory.people.frame.with_row_index("person_at").select(
        pl.col("person_at").cast(pl.Int64), pl.col("person").alias("way_person")
    )
    batches = (pl.col("units") / pl.col("batch_size") - 1e-9).ceil()
    fixed = pl.coalesce("way_fixed", pl.col("fixed_minutes") / pl.col("speed"))
    run = pl.coalesce("way_run", pl.col("run_minutes") / pl.col("speed"))
    setup = pl.when("running").then(0.0).otherwise(pl.coalesce("way_setup", "setup_minutes"))
    made = (
        operations.select(
            "at",
            "routing",
            "units",
            "batch_size",
            "fixed_minutes",
            "run_minutes",
            "setup_minutes",
            "running",
            "bound_machine",
        )
        .join(ways, on="routing")
        .filter((pl.col("bound_machine") == "") | (pl.col("bound_machine") == pl.col("way_machine")))
        .join(machines, on="way_machine")
        .join(people, on="way_person", how="left")
        .select(
            "at",
            "machine_at",
            pl.col("person_at").fill_null(-1),
            setup=setup,
            run=fixed + batches * run,
            cost=pl.col("preference"),
            routing="routing",
        )
        .sort("at", maintain_order=True)
    )
    _refuse_endless(factory, made)
    return made.with_columns(setup=_whole_seconds(pl.col("setup")), run=_whole_seconds(pl.col("run"))).drop("routing")


def _refuse_endless(factory: Factory, modes: pl.DataFrame) -> None:
    """Work that takes longer than a century is a slip of the pen, and would not fit into the engine's numbers."""
    longest = pl.max_horizontal("setup", "run").alias("minutes")
    endless = (
        modes.select("routing", longest).filter(pl.col("minutes") > MOST_MINUTES).unique("routing", maintain_order=True)
    )
    if endless.height:
        raise ModelError(
            [
                f"{factory.operations.place(routing, 'run_minutes')}: the work of one order takes "
                f"{minutes / 525_960:,.0f} years — correct the minutes, or the quantity of the orders that need it"
                for routing, minutes in endless.head(20).iter_rows()
            ]
        )


def _whole_seconds(minutes: pl.Expr) -> pl.Expr:
    return (minutes * 60 + 0.5).floor().cast(pl.Int64)


def _ways(factory: Factory, operations: pl.DataFrame) -> pl.DataFrame:
    """For each routing row its machines: the listed alternatives, else its machine, its work center's, or all."""
    columns = ("routing", "way_machine", "way_person", "way_fixed", "way_run", "way_setup", "preference")
    used = operations.select("routing", "material", "step", "machine", "work_center").unique(
        "routing", maintain_order=True
    )
    listed = used.join(
        factory.operation_machines.content.rename(
            {"machine": "way_machine", "person": "way_person", "fixed_minutes": "way_fixed",
             "run_minutes": "way_run", "setup_minutes": "way_setup"}
        ),
        on=["material", "step"],
    ).select(columns)  # fmt: skip
    rest = used.join(listed.select("routing").unique(), on="routing", how="anti")
    machines = factory.machines.frame.select(pl.col("machine").alias("way_machine"), "work_center")
    one = rest.filter(pl.col("machine") != "").select("routing", way_machine=pl.col("machine"))
    group = rest.filter((pl.col("machine") == "") & (pl.col("work_center") != ""))
    any_machine = rest.filter((pl.col("machine") == "") & (pl.col("work_center") == ""))
    plain = pl.concat(
        [
            one,
            group.join(machines, on="work_center").select("routing", "way_machine"),
            any_machine.select("routing").join(machines.select("way_machine"), how="cross"),
        ]
    ).with_columns(
        way_person=pl.lit(""), way_fixed=pl.lit(None, pl.Float64), way_run=pl.lit(None, pl.Float64),
        way_setup=pl.lit(None, pl.Float64), preference=pl.lit(0.0),
    )  # fmt: skip
    return pl.concat([listed, plain.select(columns)])


def step_arcs(operations: pl.DataFrame) -> pl.DataFrame:
    """Which operation waits for which, inside jobs: `at` waits for `before`."""
    previous = operations.filter(pl.col("after").str.strip_chars() == "").select("at", "job", "step")
    blank = (
        operations.select("at", "job", "step")
        .with_columns(before=pl.col("at").shift(1).over("job"))
        .filter(pl.col("before").is_not_null())
        .join(previous.select("at"), on="at", how="semi")
        .select("at", "before")
    )
    named = (
        operations.filter(~pl.col("after").str.strip_chars().is_in(["", "-"]))
        .select("at", "job", pl.col("after").str.extract_all(r"\d+").alias("before_step"))
        .explode("before_step")
        .with_columns(pl.col("before_step").cast(pl.Int64))
        .join(operations.select("job", before_step="step", before="at"), on=["job", "before_step"])
        .select("at", "before")
    )
    return pl.concat([blank, named]).unique().sort("at", "before")


def last_operations(operations: pl.DataFrame, arcs: pl.DataFrame) -> pl.DataFrame:
    """The operations of each job that no other step waits for."""
    return (
        operations.select("at", "job", "min_wait_minutes")
        .join(arcs.select(at="before"), on="at", how="anti")
        .sort("at")
    )
