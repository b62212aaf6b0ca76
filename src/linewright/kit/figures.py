"""Figures of a plan as SVG, for notebooks, documents and mails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from linewright.kit import svg, words
from linewright.kit.facts import counts, headline, late_facts
from linewright.kit.lanes import with_lanes
from linewright.kit.load import Load, late_operations, load_by_day, local_midnights, shown_machines
from linewright.model.results import Plan

GUTTER, HEAD, ROW, HEAT_ROWS = 110, 26, 16, 40
LATE_ROWS = 8


def plan_svg(plan: Plan, width: int = 960) -> str:
    """The plan as a figure: its bars, or how full its machines are when there are too many bars to tell apart."""
    return gantt_svg(plan, width=width)


def plan_html(plan: Plan) -> str:
    """The plan for a notebook: one sentence, the figure, and the dearest late orders."""
    numbers = counts(plan)
    size = f"{words.count(numbers['operations'], 'operation')} on {words.count(numbers['machines'], 'machine')}"
    quality = f"{size}; {words.gap(plan)}; {'verified' if plan.verified else 'not verified'}, seed {plan.origin.seed}"
    rows = "".join(
        f"<tr><td>{escape(row['order'])}</td><td>{words.days_late(row['late_days'])}</td>"
        f"<td>{row['late_cost']:,.0f}</td><td>{escape(row['waits_for'])}</td></tr>"
        for row in late_facts(plan, LATE_ROWS)
    )
    more = plan.late_orders.height - LATE_ROWS
    header = f"<tr><th>order</th><th>late</th><th>{escape(plan.currency)}</th><th>waits for</th></tr>"
    table = f'<table style="text-align:left">{header}{rows}</table>' if rows else ""
    rest = f"<p>and {more:,} more</p>" if more > 0 else ""
    name, told = escape(plan.factory_name), escape(headline(plan))
    return f"<div><p><strong>{name}</strong>: {told}<br>{escape(quality)}</p>{plan_svg(plan)}{table}{rest}</div>"


def gantt_svg(plan: Plan, *, width: int = 960, limit: int = 2000) -> str:
    """The plan's bars, a row for each machine; late orders are red and striped, setups hatched.

    Parameters
    ----------
    limit
        With more operations than this, each row shows how full the machine is on each day instead.
    """
    if not plan.operations.height:
        return svg.drawing(width, HEAD + ROW, [svg.text(8, 20, "No operations are planned.")], headline(plan))
    if plan.operations.height > limit:
        return load_heat_svg(plan, width=width)
    machines = list(shown_machines(plan))
    axis = svg.TimeAxis(plan.start, plan.end, GUTTER, width - 8, ZoneInfo(plan.timezone))
    height = HEAD + ROW * len(machines) + 4
    parts = [*_grid(plan, axis, height), *_names(machines), *_bars(plan, axis, machines)]
    return svg.drawing(width, height, parts, headline(plan))


def load_svg(plan: Plan, load: Load | None = None, *, width: int = 960) -> str:
    """Hours a day of each work center, fullest first, against the hours that it is open."""
    load = load or load_by_day(plan)
    centers = load.by_work_center().get_column("work_center").to_list()
    axis = svg.TimeAxis(plan.start, load.midnights[-1], GUTTER, width - 8, ZoneInfo(plan.timezone))
    row_height = 44
    height = HEAD + row_height * len(centers) + 4
    parts = list(_grid(plan, axis, height))
    for place, center in enumerate(centers):
        parts += _load_row(load, axis, center, HEAD + row_height * (place + 1) - 4, row_height - 10)
    return svg.drawing(width, height, parts, f"Load of {plan.factory_name}")


def load_heat_svg(plan: Plan, load: Load | None = None, *, width: int = 960) -> str:
    """How full each machine is on each day, in shades of blue; a red corner marks hours for late orders.

    With more than forty machines a row is a work center, so that the figure stays small.
    """
    load = load or load_by_day(plan)
    keys = load.machines if len(load.machines) <= HEAT_ROWS else load.work_centers
    names = list(dict.fromkeys(keys))[:HEAT_ROWS]
    axis = svg.TimeAxis(plan.start, load.midnights[-1], GUTTER, width - 8, ZoneInfo(plan.timezone))
    height = HEAD + ROW * len(names) + 4
    parts = [*_names([words.center(name) for name in names]), *_grid(plan, axis, height)]
    for row, name in enumerate(names):
        parts += _heat_row(load, axis, [place for place, key in enumerate(keys) if key == name], HEAD + ROW * row)
    return svg.drawing(width, height, parts, headline(plan))


def reliability_svg(groups: pl.DataFrame, *, size: int = 420) -> str:
    """How well stated odds were kept: with odds that are right the points lie on the diagonal.

    Parameters
    ----------
    groups
        One row for each group of orders with similar odds: `stated` is their mean stated share, `kept` the share that
        was in time, between `low` and `high` with 95 % confidence, `n` the number of orders. Shares are from 0 to 1.
    size
        Width and height in pixels.
    """
    left, base, side = 46.0, size - 40.0, size - 66.0
    rows = groups.to_dicts()
    parts = [*_share_grid(left, base, side), svg.line(left, base, left + side, base - side, svg.MUTED)]
    for row in rows:
        x, y, low, high = left + side * row["stated"], *(base - side * row[name] for name in ("kept", "low", "high"))
        stated, kept, *between = (f"{100 * row[name]:.1f}" for name in ("stated", "kept", "low", "high"))
        told = f"stated {stated} %, kept {kept} % ({' to '.join(between)}), {words.count(row['n'], 'order')}"
        parts += [svg.line(x, low, x, high, svg.INK), svg.rect(x - 3, y - 3, 6, 6, svg.INK, told)]
    parts.append(svg.text(left + side / 2, size - 6.0, "odds as stated, %", svg.INK, "middle"))
    parts.append(svg.text(left, base - side - 10, "orders in time, %"))
    worst = max((abs(row["stated"] - row["kept"]) for row in rows), default=0.0)
    title = f"Stated odds against orders in time; largest difference {100 * worst:.1f} points"
    return svg.drawing(size, size, parts, title)


def _share_grid(left: float, base: float, side: float) -> Iterator[str]:
    """Lines and labels from 0 to 100 % in both directions."""
    for per_cent in range(0, 101, 20):
        x, y = left + side * per_cent / 100, base - side * per_cent / 100
        yield svg.line(x, base - side, x, base)
        yield svg.line(left, y, left + side, y)
        yield svg.text(x, base + 16, str(per_cent), svg.MUTED, "middle")
        yield svg.text(left - 6, y + 4, str(per_cent), svg.MUTED, "end")


def _heat_row(load: Load, axis: svg.TimeAxis, machines: list[int], y: float) -> list[str]:
    busy, late, opened = (hours[machines].sum(axis=0) for hours in (load.busy_hours, load.late_hours, load.open_hours))
    parts = []
    for day in np.flatnonzero(busy > 0):
        x, end = max(axis.left, axis.x(load.midnights[day])), axis.x(load.midnights[day + 1])
        parts.append(svg.rect(x, y, end - x, ROW - 1, _shade(float(busy[day] / max(opened[day], 1e-9)))))
        if late[day] > 0:
            parts.append(svg.rect(x, y, (end - x) / 3, ROW / 3, svg.LATE))
    return parts


def _grid(plan: Plan, axis: svg.TimeAxis, height: float) -> list[str]:
    midnights = local_midnights(plan.start, plan.end, axis.zone)
    parts = []
    for x, label in axis.marks(midnights):
        parts += [svg.line(x, HEAD - 8, x, height), svg.text(x + 3, 14, label, svg.MUTED)]
    return parts


def _names(machines: Sequence[str]) -> list[str]:
    longest = GUTTER // 7
    names = [name if len(name) <= longest else f"{name[: longest - 1]}…" for name in machines]
    return [svg.text(6, HEAD + ROW * row + 12, name) for row, name in enumerate(names)]


def _bars(plan: Plan, axis: svg.TimeAxis, machines: list[str]) -> list[str]:
    rows = with_lanes(plan.operations.with_columns(pl.Series("late", late_operations(plan))))
    rows = rows.with_columns((pl.col("lane").max().over("machine") + 1).alias("lanes"))
    place = {machine: row for row, machine in enumerate(machines)}
    parts = []
    for row in rows.iter_rows(named=True):
        high = (ROW - 3) / row["lanes"]
        y = HEAD + ROW * place[row["machine"]] + 1.5 + high * row["lane"]
        setup, run, end = (axis.x(row[column]) for column in ("setup_start", "start", "end"))
        if run > setup:
            parts.append(svg.rect(setup, y, run - setup, high, "url(#setup)"))
        fill = "url(#late)" if row["late"] else svg.BAR
        title = f"{row['operation']} {row['name']}, {row['material']} × {row['quantity']:g}"
        parts.append(svg.rect(run, y, end - run - 0.4, high, fill, title))
    return parts


def _load_row(load: Load, axis: svg.TimeAxis, center: str, base: float, room: float) -> list[str]:
    machines = [row for row, name in enumerate(load.work_centers) if name == center]
    busy, late, opened = (hours[machines].sum(axis=0) for hours in (load.busy_hours, load.late_hours, load.open_hours))
    scale = room / max(float(np.maximum(busy, opened).max()), 1e-9)
    parts = [svg.text(6, base - room / 2 + 4, words.center(center)), svg.line(GUTTER, base, axis.right, base)]
    for day, (begin, end) in enumerate(zip(load.midnights[:-1], load.midnights[1:], strict=True)):
        x, right = max(axis.left, axis.x(begin)), axis.x(end)
        for fill, low, high in (
            (svg.BAR, 0.0, min(busy[day], opened[day])),
            ("url(#late)", 0.0, min(late[day], opened[day])),
            (svg.LATE, opened[day], busy[day]),
        ):
            if high > low + 1e-6:
                parts.append(svg.rect(x, base - high * scale, right - x - 1, (high - low) * scale, fill))
        if opened[day] > 0:
            parts.append(svg.line(x, base - opened[day] * scale, right, base - opened[day] * scale, svg.INK))
    return parts


def _shade(used: float) -> str:
    """From a light to a full blue; more than full is a dark red."""
    if used > 1 + 1e-3:
        return "#7c1d0c"
    part = 0.14 + 0.86 * min(max(used, 0.0), 1.0)
    red, green, blue = (round(255 + (full - 255) * part) for full in (15, 98, 172))
    return f"#{red:02x}{green:02x}{blue:02x}"
