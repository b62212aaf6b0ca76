"""Everything that is wanted of a factory and how much machine time it takes, for the harm of faults."""

from __future__ import annotations

import polars as pl

from linewright.model.users import Frames


def wants_of(frames: Frames) -> pl.DataFrame:
    """Open orders and work orders, earliest due first.

    Returns
    -------
    A frame with `kind` (order or work_order), `name`, `material`, `minutes` of machine time, and `counts`: 1, or 0 for
    a work order that serves an open order, which is counted itself.
    """
    orders, jobs = _open(frames["orders"]), _open(frames["work_orders"])
    released = jobs.filter(pl.col("order") != "").select("order", "material").unique()
    times = _step_times(frames)
    # The work of an order that has a work order for its material is counted there.
    ordered = _order_minutes(orders, times).join(
        released.with_columns(done=pl.lit(value=True)), on=["order", "material"], how="left", maintain_order="left"
    )
    ordered = ordered.select(
        kind=pl.lit("order"), name="order", material="material", due="due",
        minutes=pl.when(pl.col("done")).then(0.0).otherwise(pl.col("minutes")), counts=pl.lit(1),
    )  # fmt: skip
    serving = pl.col("order").is_in(orders.get_column("order").drop_nulls().unique().implode())
    minutes = _job_minutes(jobs, times)
    released_jobs = minutes.select(
        kind=pl.lit("work_order"), name="work_order", material="material", due="due", minutes="minutes",
        counts=pl.when(serving).then(0).otherwise(1),
    )  # fmt: skip
    wants = pl.concat([ordered, released_jobs]).drop_nulls(["name", "material"])
    return wants.sort("due", "name", nulls_last=True).select("kind", "name", "material", "minutes", "counts")


def _open(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("status").fill_null("open") == "open")


def _step_times(frames: Frames) -> pl.DataFrame:
    """Fixed minutes and minutes per unit of each step, at its quickest alternative."""
    quickest = (
        frames["operation_machines"]
        .group_by("material", "step")
        .agg(pl.col("run_minutes", "fixed_minutes", "setup_minutes").min().name.prefix("best_"))
    )
    steps = frames["operations"].join(quickest, on=["material", "step"], how="left")

    def best(name: str) -> pl.Expr:
        return pl.coalesce(f"best_{name}", name).fill_null(0.0)

    return steps.drop_nulls("material").select(
        "material",
        "step",
        once=best("setup_minutes") + best("fixed_minutes"),
        each=best("run_minutes") / pl.col("batch_size").fill_null(1.0),
    )


def _order_minutes(orders: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    whole = times.group_by("material").agg(pl.col("once").sum(), pl.col("each").sum())
    joined = orders.join(whole, on="material", how="left", maintain_order="left")
    return joined.with_columns(minutes=_minutes(pl.col("quantity")))


def _job_minutes(jobs: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    numbered = jobs.with_row_index("job")
    left = numbered.select("job", "material", at="step").join(times, on="material")
    left = left.filter(pl.col("step") >= pl.col("at").fill_null(-1))
    sums = left.group_by("job").agg(pl.col("once").sum(), pl.col("each").sum())
    return numbered.join(sums, on="job", how="left", maintain_order="left").with_columns(
        minutes=_minutes(pl.col("quantity"))
    )


def _minutes(quantity: pl.Expr) -> pl.Expr:
    return pl.col("once").fill_null(0.0) + pl.col("each").fill_null(0.0) * quantity.fill_null(0.0)
