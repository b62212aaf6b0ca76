"""The bill of materials, routings and sources as arrays, with the level of every material."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from linewright.errors import ModelError
from linewright.model.checks.bill import bill_cycle

if TYPE_CHECKING:
    from linewright.model.factory import Factory

FIRST_DAY, LAST_DAY = np.datetime64("0001-01-01"), np.datetime64("9999-12-31")


@dataclass(frozen=True)
class Bill:
    """Arrays over materials and over bill lines; lines are sorted by the material that is made.

    `level` is the longest way from a product down to the material; `per_good_unit` is what one good unit of the
    parent needs of the component, with scrap and yields; `lead_seconds` is -1 where nothing can be bought;
    `home_site` and `step_site` are positions in the sites table, -1 where unknown.
    """

    materials: list[str]
    position: dict[str, int]
    day: date
    levels: int
    level: Any
    made: Any
    lead_seconds: Any
    lot_size_min: Any
    lot_multiple: Any
    home_site: Any
    first_line: Any
    component: Any
    per_good_unit: Any
    line_step: Any
    step_site: Any
    valid_from: Any
    valid_to: Any

    @classmethod
    def of(cls, factory: Factory, start: datetime) -> Bill:
        """Read the bill of a factory.

        Raises
        ------
        ModelError
            The bill runs in a circle.
        """
        materials = _names(factory)
        position = {name: index for index, name in enumerate(materials)}
        day = start.astimezone(factory.timezone).date()
        lines = _lines(factory, position, day)
        parent = lines["parent"].cast(pl.Int64).to_numpy()
        component = lines["component_at"].cast(pl.Int64).to_numpy()
        level = _levels(len(materials), parent, component, factory)
        sites = _step_sites(factory, position)
        rules = _by_material(factory.materials.frame, materials, ("lot_size_min", "lot_multiple"))
        step = lines["step"].cast(pl.Int64).to_numpy()
        return cls(
            materials=materials,
            position=position,
            day=day,
            levels=int(level.max(initial=-1)) + 1,
            level=level,
            made=_made(factory, materials),
            lead_seconds=_lead_seconds(factory, position, len(materials)),
            lot_size_min=rules["lot_size_min"],
            lot_multiple=rules["lot_multiple"],
            home_site=np.array([sites.get((at, None), -1) for at in range(len(materials))], np.int64),
            first_line=np.searchsorted(parent, np.arange(len(materials) + 1)),
            component=component,
            per_good_unit=lines["per_good_unit"].to_numpy(),
            line_step=step,
            step_site=np.array(
                [sites.get(key, -1) for key in zip(parent.tolist(), step.tolist(), strict=True)], np.int64
            ),
            valid_from=lines["valid_from"].fill_null(date(1, 1, 1)).to_numpy().astype("datetime64[D]"),
            valid_to=lines["valid_to"].fill_null(date(9999, 12, 31)).to_numpy().astype("datetime64[D]"),
        )

    def index(self, names: pl.Series) -> Any:
        """Material names as positions."""
        if len(names) < len(self.position) // 100:
            # A few names are looked up faster than the whole dictionary is turned into columns.
            return np.array([self.position[name] for name in names.to_list()], np.int64)
        return names.replace_strict(self.position, return_dtype=pl.Int64).cast(pl.Int64).to_numpy()

    def lines_of(self, materials: Any) -> tuple[Any, Any]:
        """For an array of made materials: rows of (position in that array, bill line)."""
        begin, end = self.first_line[materials], self.first_line[materials + 1]
        count = end - begin
        owner = np.repeat(np.arange(materials.size), count)
        offset = np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count)
        return owner, begin[owner] + offset

    def lot(self, material: int, wanted: float) -> float:
        """The size of a new lot that covers what is wanted."""
        size = max(wanted, float(self.lot_size_min[material]))
        multiple = float(self.lot_multiple[material])
        return math.ceil(size / multiple - 1e-9) * multiple if multiple > 0 else size


def _names(factory: Factory) -> list[str]:
    """Every material that any table names, in a stable order."""
    columns = [
        factory.table(table).frame.get_column(column)
        for table, column in (
            ("materials", "material"), ("operations", "material"), ("components", "material"),
            ("components", "component"), ("orders", "material"), ("work_orders", "material"),
            ("stock", "material"), ("purchases", "material"), ("sources", "material"),
            ("forecast", "material"), ("substitutes", "material"), ("substitutes", "substitute"),
        )
    ]  # fmt: skip
    return pl.concat([column.rename("name") for column in columns]).unique(maintain_order=True).to_list()


def _lines(factory: Factory, position: dict[str, int], day: date) -> pl.DataFrame:
    """Bill lines with positions, consuming step, and the quantity for one good unit of the parent.

    Lines that expired before the plan's day do not count any more, not even in a circle.
    """
    operations = factory.operations.frame.select("material", "step", "yield_share")
    yields = (
        operations.sort("material", "step", descending=[False, True])
        .with_columns(after=pl.col("yield_share").cum_prod().over("material"))
        .select("material", "step", "after")
    )
    first = operations.group_by("material").agg(pl.col("step").min().alias("first_step"))
    return (
        factory.components.frame.filter((pl.col("valid_to") >= day).fill_null(value=True))
        .select("material", "component", "quantity", "scrap_share", "step", "valid_from", "valid_to")
        .join(first, on="material", how="left")
        .with_columns(step=pl.coalesce("step", "first_step").fill_null(0))
        .join(yields, on=["material", "step"], how="left")
        # A step that the routing does not have counts as the first.
        .with_columns(step=pl.when(pl.col("after").is_null()).then(pl.coalesce("first_step", "step")).otherwise("step"))
        .drop("after")
        .join(yields, on=["material", "step"], how="left")
        .with_columns(
            parent=pl.col("material").replace_strict(position, return_dtype=pl.Int64),
            component_at=pl.col("component").replace_strict(position, return_dtype=pl.Int64),
            per_good_unit=pl.col("quantity") / (1 - pl.col("scrap_share")) / pl.col("after").fill_null(1.0),
        )
        .sort("parent", maintain_order=True)
    )


def _levels(count: int, parent: Any, component: Any, factory: Factory) -> Any:
    """Low-level codes: the longest way from a top product, by repeated relaxation (levels are few)."""
    level = np.zeros(count, np.int64)
    for _ in range(count + 1):
        deeper = level.copy()
        np.maximum.at(deeper, component, level[parent] + 1)
        if np.array_equal(deeper, level):
            return level
        level = deeper
    raise ModelError([
        f"{factory.components.place(int(finding.positions[0]), 'component')}: {finding.messages[0]} — delete one "
        "line of the circle"
        for finding in bill_cycle(factory)
    ])  # fmt: skip


def _made(factory: Factory, materials: list[str]) -> Any:
    """Made here: says so, or has operations or a bill and does not say that it is bought."""
    kind = dict(zip(*factory.materials.frame.select("material", "kind").to_dict(as_series=False).values(), strict=True))
    routed = set(factory.operations.frame.get_column("material").to_list())
    routed |= set(factory.components.frame.get_column("material").to_list())
    made = [kind.get(name) == "made" or (name in routed and kind.get(name) != "bought") for name in materials]
    return np.array(made, np.bool_)


def _lead_seconds(factory: Factory, position: dict[str, int], count: int) -> Any:
    lead = np.full(count, np.inf)
    frame = factory.sources.frame
    at = frame.get_column("material").replace_strict(position, return_dtype=pl.Int64).cast(pl.Int64).to_numpy()
    np.minimum.at(lead, at, frame.get_column("lead_days").to_numpy() * 86400)
    return np.where(np.isfinite(lead), np.floor(np.where(np.isfinite(lead), lead, 0) + 0.5), -1).astype(np.int64)


def _by_material(frame: pl.DataFrame, materials: list[str], columns: tuple[str, ...]) -> dict[str, Any]:
    joined = pl.DataFrame({"material": materials}, schema={"material": pl.String}).join(
        frame.select("material", *columns), on="material", how="left"
    )
    return {name: joined.get_column(name).fill_null(0.0).to_numpy() for name in columns}


def _step_sites(factory: Factory, position: dict[str, int]) -> dict[tuple[int, int | None], int]:
    """The site of each step's first machine, and under step None that of the material's last step."""
    index = {name: at for at, name in enumerate(factory.sites.frame.get_column("site").to_list())}
    if not index:
        return {}
    center_site = {center.work_center: index.get(center.site, -1) for center in factory.work_centers}
    machine_site = {machine.machine: center_site.get(machine.work_center, -1) for machine in factory.machines}
    first_machine: dict[tuple[str, int], str] = {}
    for row in factory.operation_machines:
        first_machine.setdefault((row.material, row.step), row.machine)
    sites: dict[tuple[int, int | None], int] = {}
    for operation in sorted(factory.operations, key=lambda row: (row.material, row.step)):
        machine = first_machine.get((operation.material, operation.step), operation.machine)
        site = machine_site.get(machine, -1) if machine else center_site.get(operation.work_center, -1)
        at = position[operation.material]
        sites[at, operation.step] = site
        sites[at, None] = site
    return sites
