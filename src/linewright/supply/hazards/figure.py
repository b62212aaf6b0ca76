"""Figures of simulated stops as SVG: how much is lost how often, and through whom.

The colours follow the page's light or dark scheme, or the reader's where the figure stands alone. Engines know no
screens, so the few shapes are written here.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import numpy as np
import polars as pl

from linewright.model.hazard_results import HazardReport
from linewright.supply.hazards.tornado import COMMON

WIDTH, LABEL, ROW, HEAD = 900, 210, 24, 44
#: Bars of the tornado, and bins of the distribution.
BARS, BINS = 12, 40
#: The report's colours, light and dark; shapes name them by class.
COLOURS = {
    "ground": ("#ffffff", "#14181d"), "ink": ("#1b2128", "#e4e8ec"), "muted": ("#566270", "#9aa6b2"),
    "line": ("#d5dadf", "#3a434d"), "bar": ("#a9cbe8", "#2f5d86"), "late": ("#b3331d", "#e0614a"),
}  # fmt: skip


def loss_figure(report: HazardReport) -> str:
    """How many paths lose how much; lines mark the mean, P95 and the mean of the worst twentieth."""
    height, left, right = 260, 60, WIDTH - 20
    base = height - 40
    losses = np.asarray(report.losses)
    most = float(np.quantile(losses, 0.999)) or float(losses.max()) or 1.0
    counts, edges = np.histogram(np.minimum(losses, most), BINS, (0.0, most))
    shares = counts / losses.size
    scale, up = (right - left) / most, (base - HEAD - 24) / max(float(shares.max()), 1e-9)
    low = float(report.figure("P95")[0])
    parts = [
        _text(
            left, 18, f"What {report.days:g} days with stops cost, in {losses.size:,} simulated paths", "ink", bold=True
        )
    ]
    for share, begin, end in zip(shares, edges[:-1], edges[1:], strict=True):
        told = f"{_money(begin)} to {_money(end)} {report.currency}: {share:.1%} of the paths"
        shade = "late" if begin >= low else "bar"
        if share:
            parts.append(
                _rect(left + begin * scale, base - share * up, (end - begin) * scale - 1, share * up, shade, told)
            )
    parts += [_line(left, base, right, base)]
    for mark in _ticks(most):
        parts.append(_text(left + mark * scale, base + 16, _money(mark), "muted", "middle"))
    parts.append(_text(right, base + 32, f"lost, {report.currency}", "muted", "end"))
    parts.append(_text(left - 6, base - shares.max() * up + 4, f"{shares.max():.0%}", "muted", "end"))
    for row, name in enumerate(("mean", "P95", "CVaR 95")):
        value = min(float(report.figure(name)[0]), most)
        top = HEAD - 8 + 13 * row
        parts += [_line(left + value * scale, top, left + value * scale, base, "ink")]
        anchor, aside = ("end", -4) if value > most * 0.8 else ("start", 4)
        parts.append(
            _text(left + value * scale + aside, top + 8, f"{name} {_money(report.figure(name)[0])}", "ink", anchor)
        )
    return _drawing(height, parts, "Distribution of the loss")


def tornado_figure(report: HazardReport, bars: int = BARS) -> str:
    """What the mean and the worst twentieth would fall by without each of the costliest causes, with 95 % intervals."""
    rows = report.tornado.filter(pl.col("method") == COMMON)
    rows = (rows if rows.height else report.tornado.drop_nulls("mean_less").sort("mean_less", descending=True)).head(
        bars
    )
    height = HEAD + ROW * max(rows.height, 1) + 34
    parts = [_text(12, 18, "What would be saved if it never stopped", "ink", bold=True)]
    if not rows.height:
        parts.append(_text(12, HEAD + 8, "No stop happened along any path.", "muted"))
        return _drawing(height, parts, "Tornado of causes")
    parts += [
        _rect(LABEL, 28, 12, 8, "bar"), _text(LABEL + 17, 36, "on average", "muted"),
        _rect(LABEL + 100, 28, 12, 8, "late"), _text(LABEL + 117, 36, "in the worst twentieth", "muted"),
    ]  # fmt: skip
    most = max(float(np.nanmax(rows.select("mean_high", "cvar_high").to_numpy())), 1e-9)
    scale = (WIDTH - LABEL - 110) / most
    for at, row in enumerate(rows.iter_rows(named=True)):
        parts += _bars(row, HEAD + ROW * at, scale, report.currency)
    base = HEAD + ROW * rows.height + 2
    parts.append(_line(LABEL, HEAD, LABEL, base))
    for mark in _ticks(most):
        parts.append(_text(LABEL + mark * scale, base + 14, _money(mark), "muted", "middle"))
    parts.append(
        _text(WIDTH - 12, base + 28, f"{report.currency}; {rows['method'][0]}, {report.paths:,} paths", "muted", "end")
    )
    return _drawing(height, parts, "Tornado of causes")


def _bars(row: dict[str, Any], top: float, scale: float, currency: str) -> list[str]:
    """The two bars of one cause with their intervals."""
    parts = [_text(LABEL - 8, top + 14, _cut(f"{row['kind']} {row['name']}", 32), "ink", "end")]
    for part, shade, shift in (("mean", "bar", 2), ("cvar", "late", 11)):
        value, low, high = (max(0.0, row[f"{part}_{end}"]) * scale for end in ("less", "low", "high"))
        told = f"{row['kind']} {row['name']}: {_money(row[f'{part}_less'])} {currency}, {row['stops']:.2f} stops a path"
        parts.append(_rect(LABEL, top + shift, value, 8, shade, told))
        parts.append(_line(LABEL + low, top + shift + 4, LABEL + high, top + shift + 4, "ink"))
    beyond = max(0.0, row["mean_high"], row["cvar_high"]) * scale
    parts.append(
        _text(LABEL + beyond + 6, top + 14, f"{_money(row['mean_less'])}, {_money(row['cvar_less'])}", "muted")
    )
    return parts


def _ticks(most: float) -> list[float]:
    """Four or five round numbers up to the most."""
    rough = most / 5
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(float(power * factor) for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * (1 - 1e-9))
    return [step * at for at in range(int(most / step) + 1)]


def _money(value: float) -> str:
    """Short: 1,250 or 12.5k or 3.4M."""
    for limit, sign in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= limit:
            return f"{value / (1e3 if sign == 'k' else limit):.3g}{sign}"
    return f"{value:,.0f}"


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def _rect(x: float, y: float, width: float, height: float, shade: str, title: str = "") -> str:
    shape = f'<rect class="{shade}" x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height:.1f}"'
    return f"{shape}><title>{escape(title)}</title></rect>" if title else f"{shape}/>"


def _line(x: float, y: float, to_x: float, to_y: float, shade: str = "line") -> str:
    return f'<path class="stroke-{shade}" d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"/>'


def _text(x: float, y: float, words: str, shade: str, anchor: str = "start", *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text class="{shade}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


def _drawing(height: float, parts: Iterable[str], title: str) -> str:
    """A complete SVG with a title for those who cannot see it."""
    rules = "".join(
        f".hazards .{name}{{fill:{light};fill:light-dark({light},{dark})}}"
        f".hazards .stroke-{name}{{stroke:{light};stroke:light-dark({light},{dark})}}"
        for name, (light, dark) in COLOURS.items()
    )
    # Only a figure that stands alone is a root; within a page it follows the page's choice.
    style = f"<style>svg:root{{color-scheme:light dark}}{rules}</style>"
    size = f'width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}"'
    font = 'font-family="Inter,system-ui,sans-serif" font-size="11"'
    ground = f'<rect class="ground" width="{WIDTH}" height="{height:.0f}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="hazards" {size} {font} role="img">'
        f"<title>{escape(title)}</title>{style}{ground}{''.join(parts)}</svg>"
    )
