"""A reliability diagram as a small SVG figure."""

from __future__ import annotations

from typing import Any

SIZE, MARGIN = 300, 40


def reliability_svg(rows: list[dict[str, Any]], title: str) -> str:
    """Stated odds against what came true, one point for each tenth; its area tells how many orders it rests on."""
    side = SIZE - 2 * MARGIN

    def at(stated: float, true: float) -> tuple[float, float]:
        return MARGIN + side * stated, SIZE - MARGIN - side * true

    most = max(row["orders"] for row in rows)
    marks = []
    for row in rows:
        left, top = at(row["stated"], row["true"])
        marks.append(f'<circle cx="{left:.1f}" cy="{top:.1f}" r="{3 + 5 * (row["orders"] / most) ** 0.5:.1f}"/>')
    ticks = []
    for percent in (0, 50, 100):
        left, top = at(percent / 100, percent / 100)
        ticks.append(f'<text x="{left:.0f}" y="{SIZE - MARGIN + 16}" text-anchor="middle">{percent} %</text>')
        ticks.append(f'<text x="{MARGIN - 6}" y="{top + 4:.0f}" text-anchor="end">{percent} %</text>')
    (left, bottom), (right, top) = at(0, 0), at(1, 1)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" font-family="sans-serif" font-size="11" '
        'role="img">',
        f"<title>{title}</title>",
        f'<rect width="{SIZE}" height="{SIZE}" fill="#fff"/>',
        f'<rect x="{left}" y="{top}" width="{side}" height="{side}" fill="none" stroke="#999"/>',
        f'<line x1="{left}" y1="{bottom}" x2="{right}" y2="{top}" stroke="#999" stroke-dasharray="4 3"/>',
        f'<g fill="#1f5fa8">{"".join(marks)}</g>',
        f'<g fill="#333">{"".join(ticks)}',
        f'<text x="{SIZE / 2}" y="{SIZE - 6}" text-anchor="middle">odds that the plan states</text>',
        f'<text x="12" y="{SIZE / 2}" text-anchor="middle" transform="rotate(-90 12 {SIZE / 2})">orders in time</text>',
        f'<text x="{SIZE / 2}" y="{MARGIN - 14}" text-anchor="middle" font-size="12">{title}</text></g>',
        "</svg>", "",
    ])  # fmt: skip
