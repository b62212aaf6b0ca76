"""Items: which materials are planned where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.shop.bill import Bill


@dataclass(frozen=True)
class Items:
    """Materials at places: an item is a pair of positions in `materials` and `sites` (-1: no site).

    `home` is the place of each material where nothing else is said: where it is made, else where it is used or lies.
    `transit` holds the days of the quickest lane between two sites.
    """

    materials: list[str]
    sites: list[str]
    material: Any
    site: Any
    home: Any
    transit: Any
    codes: Any

    def at(self, material: Any, site: Any) -> Any:
        """Items by material and site (-1: the material's home)."""
        material, site = np.asarray(material, np.int64), np.asarray(site, np.int64)
        site = site if len(self.sites) > 1 else np.full(material.shape, -1)
        code = _code(material, np.where(site < 0, self.home[material], site), len(self.sites))
        return np.searchsorted(self.codes, code)

    def lag(self, begin: Any, end: Any) -> Any:
        """Days on the way between sites; 0 where one is unknown or no lane joins them."""
        known = (begin >= 0) & (end >= 0)
        return np.where(known, self.transit[np.maximum(begin, 0), np.maximum(end, 0)], 0)

    def name(self, item: int) -> str:
        """The item in words."""
        site = int(self.site[item])
        material = self.materials[int(self.material[item])]
        return f"{material}@{self.sites[site]}" if site >= 0 else material


def items_of(factory: Factory, bill: Bill) -> Items:
    """Every material at every place where it is needed or lies."""
    sites = factory.sites.frame.get_column("site").to_list()
    one_place = len(sites) < 2
    home_site = np.full(len(bill.materials), -1) if one_place else bill.home_site
    rows = [(bill.component, bill.step_site)]
    for table in ("orders", "stock", "purchases"):
        frame = factory.table(table).frame
        rows.append((bill.index(frame.get_column("material")), site_index(frame.get_column("site"), sites)))
    material = np.concatenate([row[0] for row in rows])
    site = np.full(material.size, -1) if one_place else np.concatenate([row[1] for row in rows])
    home = _homes(home_site, bill.made, material, site)
    everything = np.arange(len(bill.materials))
    material = np.concatenate([material, everything])
    site = np.concatenate([np.where(site < 0, home[material[: site.size]], site), home])
    codes = np.unique(_code(material, site, len(sites)))
    material, site = np.divmod(codes, len(sites) + 1)
    return Items(bill.materials, sites, material, site - 1, home, _transit(factory, sites), codes)


def site_index(names: pl.Series, sites: list[str]) -> Any:
    """Site names as positions, -1 where blank; a factory with one site has it everywhere."""
    if len(sites) < 2:
        return np.full(len(names), -1)
    index = {name: at for at, name in enumerate(sites)}
    return names.replace_strict(index, default=-1, return_dtype=pl.Int64).cast(pl.Int64).to_numpy()


def _code(material: Any, site: Any, sites: int) -> Any:
    return material * (sites + 1) + site + 1


def _homes(home_site: Any, made: Any, material: Any, site: Any) -> Any:
    """Where a material is made; for others the first place that a row names."""
    home = np.where(made, home_site, -1)
    known = np.flatnonzero(site >= 0)
    first, at = np.unique(material[known], return_index=True)
    open_ones = home[first] < 0
    home[first[open_ones]] = site[known[at[open_ones]]]
    return home


def _transit(factory: Factory, sites: list[str]) -> Any:
    """Whole days of the quickest lane between two sites, 0 where none joins them."""
    index = {name: at for at, name in enumerate(sites)}
    days = np.full((max(len(sites), 1),) * 2, np.inf)
    for lane in factory.lanes:
        if lane.from_site in index and lane.to_site in index:
            at = index[lane.from_site], index[lane.to_site]
            days[at] = min(days[at], lane.days)
    days[np.isinf(days)] = 0
    np.fill_diagonal(days, 0)
    return np.ceil(days - 1e-9).astype(np.int64)
