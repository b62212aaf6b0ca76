"""Names of jobs and supplies, and the pegging in the factory's words."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.model.results import PEGGING_COLUMNS
from linewright.shop.explosion import NEW_JOB, ORDER, PURCHASE, STOCK, SUPPLY_KINDS, WORK_ORDER
from linewright.shop.working_time import NEVER

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.shop.explosion import Explosion


def job_names(factory: Factory, explosion: Explosion) -> list[str]:
    """Work orders keep their name; a new lot is named after its order and material, counted where there are several."""
    work_orders = factory.work_orders.frame["work_order"].to_list()
    orders = [factory.orders.frame["order"].to_list(), work_orders]
    taken: Counter[str] = Counter(work_orders)
    names = []
    jobs = explosion.jobs
    kinds, rows = explosion.demands["kind"].tolist(), explosion.demands["row"].tolist()
    columns = (jobs["material"].tolist(), jobs["work_order"].tolist(), jobs["order"].tolist())
    for material, work_order, demand in zip(*columns, strict=True):
        if work_order >= 0:
            names.append(work_orders[work_order])
            continue
        label = explosion.materials[material]
        if demand >= 0:
            label = f"{orders[kinds[demand]][rows[demand]]}:{label}"
        taken[label] += 1
        names.append(label if taken[label] == 1 else f"{label}:{taken[label]}")
    return names


def pegging_frame(
    factory: Factory, explosion: Explosion, names: list[str], transit: Any, start: datetime
) -> pl.DataFrame:
    """The pegs as rows of results.PEGGING_COLUMNS."""
    pegs = explosion.pegs
    materials = np.array([*explosion.materials, ""], object)
    orders = factory.orders.frame["order"].to_list()
    demand_rows = explosion.demands["row"]
    consumers = [
        orders[demand_rows[consumer]] if kind == ORDER else names[consumer]
        for kind, consumer in zip(pegs["consumer_kind"].tolist(), pegs["consumer"].tolist(), strict=True)
    ]
    available = pegs["available"]
    known = available < NEVER
    moments = pl.Series(np.where(known, available, 0)).cast(pl.Int64)
    frame = pl.DataFrame(
        {
            "consumer_kind": np.where(pegs["consumer_kind"] == ORDER, "order", "job").tolist(),
            "consumer": consumers,
            "step": pegs["step"],
            "material": materials[pegs["material"]].tolist() if pegs["material"].size else [],
            "quantity": pegs["quantity"],
            "supply_kind": [SUPPLY_KINDS[kind] for kind in pegs["supply_kind"].tolist()],
            "supply": _supply_names(factory, explosion, names),
            "seconds": moments,
            "known": known,
            "transit_days": transit / 86400,
        },
        schema_overrides={"consumer": pl.String, "material": pl.String, "supply": pl.String, "supply_kind": pl.String,
                          "consumer_kind": pl.String, "quantity": pl.Float64, "transit_days": pl.Float64},
    )  # fmt: skip
    return frame.with_columns(
        step=pl.when(pl.col("step") >= 0).then("step").cast(pl.Int64),
        available=pl.when("known")
        .then(pl.lit(start) + pl.duration(seconds="seconds"))
        .cast(PEGGING_COLUMNS["available"]),
    ).select(*PEGGING_COLUMNS)


def _supply_names(factory: Factory, explosion: Explosion, names: list[str]) -> list[str]:
    stock = [
        f"{material}@{site}#{row}"
        for row, (material, site) in enumerate(factory.stock.frame.select("material", "site").iter_rows(), start=1)
    ]
    purchases = factory.purchases.frame["purchase"].to_list()
    named = []
    for kind, supply in zip(explosion.pegs["supply_kind"].tolist(), explosion.pegs["supply"].tolist(), strict=True):
        if kind == STOCK:
            named.append(stock[supply])
        elif kind in (WORK_ORDER, NEW_JOB):
            named.append(names[supply])
        elif kind == PURCHASE:
            named.append(purchases[supply])
        else:
            named.append(f"{SUPPLY_KINDS[kind]}:{explosion.materials[supply]}")
    return named
