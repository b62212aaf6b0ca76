"""Who uses what: the materials whose operations need a machine, a person, a tool, a calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import polars as pl

Frames = Mapping[str, pl.DataFrame]

#: The column that names the resource in the rows of each table.
RESOURCES: Mapping[str, str] = {
    "work_centers": "work_center", "machines": "machine", "tools": "tool", "people": "person", "skills": "skill",
    "shifts": "calendar", "calendar_exceptions": "calendar", "sites": "site", "suppliers": "supplier", "lanes": "lane",
}  # fmt: skip


class Users:
    """The materials that depend on each resource, from the tables of a factory."""

    def __init__(self, frames: Frames) -> None:
        self.frames = frames
        self._known: dict[str, dict[str, tuple[str, ...]]] = {}

    def of_rows(self, table: str, frame: pl.DataFrame) -> list[tuple[str, ...]]:
        """The materials that each of some rows of a table is about."""
        if "material" in frame.columns:
            return [(name,) if name else () for name in frame.get_column("material")]
        if table == "changeovers":
            machines, centers = self.of("machine"), self.of("work_center")
            pairs = frame.select("machine", "work_center").iter_rows()
            return [machines.get(machine, ()) if machine else centers.get(center, ()) for machine, center in pairs]
        resource = RESOURCES.get(table)
        if resource is None:
            return [()] * frame.height
        known = self.of(resource)
        return [known.get(name, ()) for name in frame.get_column(resource)]

    def of(self, resource: str) -> dict[str, tuple[str, ...]]:
        """Materials by the name of the resource, such as ``users.of("machine")["M4"]``."""
        if resource not in self._known:
            pairs = getattr(self, f"_{resource}s").drop_nulls().filter(pl.col(resource) != "")
            grouped = pairs.group_by(resource).agg(pl.col("material").unique().sort())
            self._known[resource] = {name: tuple(materials) for name, materials in grouped.iter_rows()}
        return self._known[resource]

    @cached_property
    def _machines(self) -> pl.DataFrame:
        operations = self.frames["operations"].select("material", "machine", "work_center")
        named = operations.select("machine", "material")
        alternatives = self.frames["operation_machines"].select("machine", "material")
        # A step without a machine of its own may go to every machine of its group.
        open_steps = operations.filter(pl.col("machine") == "", pl.col("work_center") != "")
        members = self.frames["machines"].select("work_center", "machine")
        grouped = open_steps.select("work_center", "material").unique().join(members, on="work_center")
        return _pairs([named, alternatives, grouped.select("machine", "material")])

    @cached_property
    def _work_centers(self) -> pl.DataFrame:
        named = self.frames["operations"].select("work_center", "material")
        members = self.frames["machines"].select("work_center", "machine")
        return _pairs([named, members.join(self._machines, on="machine").select("work_center", "material")])

    @cached_property
    def _tools(self) -> pl.DataFrame:
        return _pairs([self.frames[name].select("tool", "material") for name in ("operations", "operation_tools")])

    @cached_property
    def _skills(self) -> pl.DataFrame:
        operations = self.frames["operations"]
        setup = operations.select(pl.col("setup_skill").alias("skill"), "material")
        crews = self.frames["operation_crews"].select("skill", "material")
        return _pairs([operations.select("skill", "material"), setup, crews])

    @cached_property
    def _persons(self) -> pl.DataFrame:
        skilled = self.frames["skills"].select("person", "skill").join(self._skills, on="skill")
        bound = self.frames["operation_machines"].select("person", "material")
        return _pairs([skilled.select("person", "material"), bound])

    @cached_property
    def _calendars(self) -> pl.DataFrame:
        machines = self.frames["machines"].select("calendar", "machine").join(self._machines, on="machine")
        people = self.frames["people"].select("calendar", "person").join(self._persons, on="person")
        return _pairs([machines.select("calendar", "material"), people.select("calendar", "material")])

    @cached_property
    def _sites(self) -> pl.DataFrame:
        centers = self.frames["work_centers"].select("site", "work_center").join(self._work_centers, on="work_center")
        return _pairs([centers.select("site", "material"), self.frames["stock"].select("site", "material")])

    @cached_property
    def _suppliers(self) -> pl.DataFrame:
        return _pairs([self.frames[name].select("supplier", "material") for name in ("sources", "purchases")])

    @cached_property
    def _lanes(self) -> pl.DataFrame:
        return self.frames["sources"].select("lane", "material")


def _pairs(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts).unique()
