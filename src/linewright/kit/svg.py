"""Writes small SVG figures by hand: no library, no browser, the same look as the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

#: The colours of the report's light theme; figures are read on paper and in notebooks.
INK, MUTED, LINE, BAR, LATE, LATE_STRIPE, SETUP, CLOSED = (
    "#1b2128", "#566270", "#e0e4e8", "#a9cbe8", "#b3331d", "#e0826f", "#7d8894", "#e9ebee",
)  # fmt: skip

#: Late work is striped and setup hatched, so that neither is told by colour alone.
PATTERNS = (
    '<defs><pattern id="late" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="5" height="5" fill="{LATE}"/><rect width="1.5" height="5" fill="{LATE_STRIPE}"/></pattern>'
    '<pattern id="setup" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="4" height="4" fill="#fff"/><rect width="1.2" height="4" fill="{SETUP}"/></pattern></defs>'
)


def rect(x: float, y: float, width: float, height: float, fill: str, title: str = "") -> str:
    """A rectangle, with a title that shows when the pointer rests on it."""
    shape = f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.5, width):.1f}" height="{height:.1f}" fill="{fill}"'
    return f"{shape}><title>{escape(title)}</title></rect>" if title else f"{shape}/>"


def line(x: float, y: float, to_x: float, to_y: float, stroke: str = LINE) -> str:
    """A thin line."""
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="{stroke}"/>'


def text(x: float, y: float, words: str, fill: str = INK, anchor: str = "start", weight: int = 400) -> str:
    """A text; `y` is its base line."""
    style = f'fill="{fill}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
    style += f' font-weight="{weight}"' if weight != 400 else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(words)}</text>'


def drawing(width: float, height: float, parts: Iterable[str], title: str) -> str:
    """A complete SVG with a title for those who cannot see it."""
    font = 'font-family="Inter,system-ui,sans-serif" font-size="11"'
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    ground = f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>'
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font} role="img"><title>{escape(title)}</title>'
        f"{PATTERNS}{ground}{body}</svg>"
    )


class TimeAxis:
    """Turns instants into pixels from `left` to `right`."""

    def __init__(self, start: datetime, end: datetime, left: float, right: float, zone: ZoneInfo) -> None:
        self.start, self.left, self.right, self.zone = start, left, right, zone
        self.seconds = max((end - start).total_seconds(), 60.0)

    def x(self, instant: datetime) -> float:
        """The pixel of an instant."""
        return self.left + (instant - self.start).total_seconds() / self.seconds * (self.right - self.left)

    def marks(self, midnights: Sequence[datetime], room: float = 56) -> list[tuple[float, str]]:
        """Places and labels of marks that leave room for their text: hours, days, weeks or months."""
        pixels_per_day = 86400 / self.seconds * (self.right - self.left)
        if pixels_per_day < 4 * room:
            every = next((days for days in (1, 2, 7, 14, 28, 91) if days * pixels_per_day >= room), 365)
            shown = midnights[::every]
            labels = [f"{local.day} {local:%b}" for local in (midnight.astimezone(self.zone) for midnight in shown)]
        else:
            steps = (1 / 60, 0.25, 0.5, 1, 2, 3, 6)
            hours = next((step for step in steps if step / 24 * pixels_per_day >= room), 6)
            count = int(self.seconds / 3600 / hours) + 1
            shown = [self.start + timedelta(hours=hours * mark) for mark in range(count)]
            labels = [f"{instant.astimezone(self.zone):%H:%M}" for instant in shown]
        places = [(self.x(instant), label) for instant, label in zip(shown, labels, strict=True)]
        return [(x, label) for x, label in places if self.left <= x <= self.right - 8]
