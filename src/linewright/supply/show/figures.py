"""Figures of the stress test: bars of what is survived and what it takes to recover, and a map of the network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from linewright.kit.svg import BAR, INK, LATE, LINE, MUTED, drawing, line, rect, text
from linewright.model.stress_results import StressReport
from linewright.supply.network.arrays import Network
from linewright.supply.network.of_factory import FactoryNetwork

#: Bars of the worst stops; and the widths of the two figures in pixels.
BARS, WIDTH = 20, 900
LABEL, ROW = 200, 22
#: Materials on the map: those that the worst stops reach, and what they are made into.
MOST_ON_MAP = 60
#: Where a stop is felt, and where its margin is thin, in the colours of the report.
FELT, THIN, SAFE = LATE, "#d9a441", "#5b9a6f"


def survive_bars(report: StressReport) -> str:
    """For each of the worst stops how long it is survived (bar) and how long it lasts (mark)."""
    rows = report.frame.sort(["loss", "margin_days", "node"], descending=[True, False, False]).head(BARS)
    if not rows.height:
        return ""
    most = max(float(rows["recover_days"].max()), float(rows["survive_days"].max()), 1.0)  # type: ignore[arg-type]
    scale = (WIDTH - LABEL - 90) / most
    height = 34 + ROW * rows.height
    parts = [text(LABEL, 14, "days survived (bar) and days to recover (mark)", MUTED)]
    for at, row in enumerate(rows.iter_rows(named=True)):
        top = 24 + at * ROW
        survive, recover = row["survive_days"] * scale, row["recover_days"] * scale
        colour = colour_of(row["margin_days"], row["recover_days"])
        days = f"survives {row['survive_days']:.1f} days, recovers in {row['recover_days']:.1f}"
        told = f"{row['kind']} {row['node']}: {days}"
        parts += [
            text(LABEL - 8, top + 13, _cut(f"{row['kind']} {row['node']}", 30), INK, "end"),
            rect(LABEL, top + 3, survive, ROW - 8, colour, told),
            rect(LABEL + recover - 1, top, 2, ROW - 2, INK, told),
        ]
        if row["loss"] > 0:
            beside = LABEL + max(survive, recover) + 6
            parts.append(text(beside, top + 13, f"{row['loss']:,.0f} {report.currency}", MUTED))
    return drawing(WIDTH, height, parts, "Days survived and days to recover")


def colour_of(margin_days: float, recover_days: float) -> str:
    """Red where a stop is felt, amber where less than a quarter of the recovery is left, else green."""
    if margin_days < 0:
        return FELT
    return THIN if margin_days < recover_days / 4 else SAFE


def network_map(report: StressReport, built: FactoryNetwork) -> str:
    """Suppliers at the left, the materials that they bring, and what is made of them to the right; colour is margin."""
    network = built.network
    margins = _margins(report, network)
    made_into = _made_into(built)
    columns = _columns(network, margins, made_into)
    if not columns:
        return ""
    tallest = max(len(pools) for pools in columns)
    height = 40 + 16 * tallest
    gap = (WIDTH - 150) / max(1, len(columns) - 1)
    place = {
        pool: (12 + level * gap, 34 + (at + 0.5) * (height - 40) / len(pools))
        for level, pools in enumerate(columns)
        for at, pool in enumerate(pools)
    }
    parts = [text(12, 14, "red and !: felt before it is over · amber: thin margin · green: survived", MUTED)]
    parts += [
        line(place[low][0] + 8, place[low][1], place[high][0], place[high][1], LINE)
        for low in sorted(place)
        for high in sorted(made_into[low] & place.keys())
    ]
    for pool, (x, y) in place.items():
        margin, recover = margins.get(pool, (np.inf, 1.0))
        colour = BAR if margin == np.inf else colour_of(margin, recover)
        told = network.pool_names[pool] + ("" if margin == np.inf else f": margin {margin:.1f} days")
        # Felt stops also carry a sign, so that nothing is told by colour alone.
        label = _cut(network.pool_names[pool], 16) + (" !" if margin < 0 else "")
        parts += [rect(x, y - 4, 8, 8, colour, told), text(x + 12, y + 4, label, INK)]
    return drawing(WIDTH, height, parts, "The network, coloured by margin")


def _margins(report: StressReport, network: Network) -> Mapping[int, tuple[float, float]]:
    """The least margin of a stop that takes away what fills each pool, with that stop's recovery."""
    known = {
        (kind, node): (margin, recover)
        for kind, node, margin, recover in report.frame.select(
            "kind", "node", "margin_days", "recover_days"
        ).iter_rows()
    }
    least: dict[int, tuple[float, float]] = {}
    by_group: dict[int, set[int]] = defaultdict(set)
    for activity, group in zip(network.usage.owner.tolist(), network.usage.index.tolist(), strict=True):
        by_group[group].add(int(network.output[activity]))
    for node, key in enumerate(zip(network.node_kinds, network.node_names, strict=True)):
        if key not in known:
            continue
        flows = network.hits_flow.index[network.hits_flow.first[node] : network.hits_flow.first[node + 1]]
        pools = {int(network.output[activity]) for activity in flows}
        if len(pools) > MOST_ON_MAP:
            continue
        for pool in pools:
            least[pool] = min(least.get(pool, (np.inf, 1.0)), known[key])
    return least


def _made_into(built: FactoryNetwork) -> Mapping[int, set[int]]:
    """For each material the materials that it goes into, passing over what lies between steps of a routing."""
    network, materials = built.network, set(built.pool_of.values())
    above: dict[int, set[int]] = defaultdict(set)
    for activity, pool in zip(network.inputs.owner.tolist(), network.inputs.index.tolist(), strict=True):
        above[pool].add(int(network.output[activity]))
    found: dict[int, set[int]] = defaultdict(set)
    for material in materials:
        waiting, seen = [*above[material]], set(above[material])
        while waiting:
            pool = waiting.pop()
            if pool in materials:
                found[material].add(pool)
            else:
                waiting += above[pool] - seen
                seen |= above[pool]
    return found


def _columns(
    network: Network, margins: Mapping[int, tuple[float, float]], made_into: Mapping[int, set[int]]
) -> list[list[int]]:
    """The pools with the least margins and everything up to the products, by distance from the ground."""
    chosen: set[int] = set()
    for pool in sorted(margins, key=lambda pool: margins[pool]):
        reached, waiting = {pool}, [pool]
        while waiting:
            for above in made_into[waiting.pop()] - reached:
                reached.add(above)
                waiting.append(above)
        if len(chosen | reached) > MOST_ON_MAP and chosen:
            continue
        chosen |= reached
        if len(chosen) >= MOST_ON_MAP:
            break
    level = dict.fromkeys(chosen, 0)
    for _ in range(len(chosen)):
        moved = False
        for pool in chosen:
            for above in made_into[pool] & chosen:
                if level[above] < level[pool] + 1:
                    level[above], moved = level[pool] + 1, True
        if not moved:
            break
    columns: list[list[int]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for pool in sorted(chosen, key=lambda pool: (margins.get(pool, (np.inf, 0.0))[0], network.pool_names[pool])):
        columns[level[pool]].append(pool)
    return columns


def _cut(name: str, signs: int) -> str:
    return name if len(name) <= signs else name[: signs - 1] + "…"
