"""The gap of each family as a figure: a dot for linewright, a square for PyJobShop, readable in light and dark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from benchmarks.scheduling.families import FAMILIES, OURS, PEER
from benchmarks.scheduling.page import blocks_of
from benchmarks.scheduling.record import Row
from benchmarks.scheduling.summary import Standing, references_of, standing

WIDTH, GUTTER, HEAD, ROW, RIGHT = 900, 310, 44, 26, 190
#: Gaps go from a tenth of a per cent to more than their reference, so the axis is logarithmic; 0 stands at its left.
LOWEST, HIGHEST = 0.05, 200.0
MARKS = (0.1, 1.0, 10.0, 100.0)
STYLE = """\
text{font:12px system-ui,sans-serif;fill:#1b2128}.muted{fill:#566270}.ground{fill:#fff}.grid{stroke:#e0e4e8}
.ours{fill:#1f6fb2;stroke:#1f6fb2}.peer{fill:none;stroke:#b3331d;stroke-width:2}.join{stroke:#a9b4bf}
@media (prefers-color-scheme:dark){text{fill:#e8ebee}.muted{fill:#a3adb8}.ground{fill:#14181d}.grid{stroke:#333b44}
.ours{fill:#6db4f0;stroke:#6db4f0}.peer{stroke:#f08a72}.join{stroke:#59646f}}"""


def gap_figure(rows: Sequence[Row]) -> str:
    """An SVG with a line for each family and budget whose values are compared with a best value or bound."""
    lines = []
    for (family, budget), block in blocks_of(rows).items():
        if FAMILIES[family].against not in {"best known", "bound"}:
            continue
        references = references_of(block, FAMILIES[family].against)
        pair = [standing(block, references, program) for program in (OURS, PEER)]
        lines.append((f"{FAMILIES[family].title}, {budget:g} s", pair))
    height = HEAD + ROW * len(lines) + 12
    parts = [*_axis(height), *_legend()]
    for place, (label, pair) in enumerate(lines):
        parts += _line(HEAD + ROW * place + ROW / 2, label, pair)
    title = "Mean gap of linewright and PyJobShop on each family of instances"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img"><title>{title}</title><style>{STYLE}</style>'
        f'<rect class="ground" width="{WIDTH}" height="{height}"/>{"".join(parts)}</svg>\n'
    )


def _x(gap: float) -> float:
    """The place of a gap in per cent."""
    inside = min(max(gap, LOWEST), HIGHEST)
    return GUTTER + (WIDTH - RIGHT - GUTTER) * math.log(inside / LOWEST) / math.log(HIGHEST / LOWEST)


def _axis(height: float) -> list[str]:
    parts = []
    for mark in (LOWEST, *MARKS):
        name = "0" if mark == LOWEST else f"{mark:g} %"
        parts.append(f'<path class="grid" d="M{_x(mark):.1f} {HEAD - 8}V{height - 8:.0f}"/>')
        parts.append(f'<text class="muted" x="{_x(mark):.1f}" y="{HEAD - 14}" text-anchor="middle">{name}</text>')
    return parts


def _legend() -> list[str]:
    return [
        f'<circle class="ours" cx="14" cy="16" r="5"/><text x="26" y="20">{OURS}</text>',
        f'<rect class="peer" x="110" y="11" width="10" height="10"/><text x="128" y="20">{PEER}</text>',
    ]


def _line(y: float, label: str, pair: Sequence[Standing | None]) -> list[str]:
    """A family: both marks with a line between them, and how many instances a program has no plan for."""
    ours, peer = (None if one is None or one.gap is None else 100 * one.gap for one in pair)
    parts = [f'<text x="8" y="{y + 4:.1f}">{escape(label)}</text>']
    if ours is not None and peer is not None:
        parts.append(f'<path class="join" d="M{_x(ours):.1f} {y:.1f}H{_x(peer):.1f}"/>')
    if ours is not None:
        parts.append(
            f'<circle class="ours" cx="{_x(ours):.1f}" cy="{y:.1f}" r="5"><title>{ours:.2f} %</title></circle>'
        )
    if peer is not None:
        place = f'x="{_x(peer) - 5:.1f}" y="{y - 5:.1f}" width="10" height="10"'
        parts.append(f'<rect class="peer" {place}><title>{peer:.2f} %</title></rect>')
    missing = [0 if one is None else one.without_plan for one in pair]
    if any(missing):
        # The numbers stand in the order of the legend.
        told = f"{missing[0]} and {missing[1]} of {max(one.instances for one in pair if one)} without plan"
        parts.append(f'<text class="muted" x="{WIDTH - RIGHT + 16}" y="{y + 4:.1f}">{told}</text>')
    return parts
