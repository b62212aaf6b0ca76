"""Writes a sheet: a heading, then sections of sentences, a figure and a table each."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from linewright.kit.report.elements import Html, joined, tag
from linewright.kit.sheet.columns import Shown, is_number, shown_rows
from linewright.kit.words import stamp

#: A table shows so many rows; the rest is counted, and `--out` and `--json` have all of them.
MOST_ROWS = 200
#: Cells with more signs than this are sentences, which may be broken into lines; names and dates may not.
LONG = 40


@dataclass(frozen=True)
class Section:
    """A part of a sheet: a title, what it says in words, an SVG figure, and the columns shown of a frame.

    `lead` is what it has to say for the head of a page that joins several results.
    """

    title: str
    sentences: tuple[str, ...] = ()
    figure: str = ""
    frame: pl.DataFrame | None = None
    columns: tuple[Shown, ...] = ()
    lead: str = ""


def write_sheet(
    path: str | Path, *, title: str, lead: str, sections: Sequence[Section], timezone: str, made: datetime | None = None
) -> Path:
    """Write a sheet as one file that opens in any browser, whole or not at all, and return its path."""
    target = Path(path)
    page = sheet_html(title=title, lead=lead, sections=sections, timezone=timezone, made=made)
    draft = target.with_name(f".{target.name}.part")
    draft.write_text(page, encoding="utf-8")
    return draft.replace(target)


def sheet_html(
    *, title: str, lead: str, sections: Sequence[Section], timezone: str, made: datetime | None = None
) -> Html:
    """A sheet as text.

    Parameters
    ----------
    lead
        The one sentence that counts most.
    sections
        Those without sentences, figure and rows are left out.
    timezone
        In which moments are written.
    made
        When it was made; left out when it is None.
    """
    zone = ZoneInfo(timezone)
    style = (resources.files("linewright.kit.sheet") / "sheet.css").read_text(encoding="utf-8")
    allowed = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
    policy = f"{allowed}; img-src data:; base-uri 'none'; form-action 'none'"
    filled = [section for section in sections if section.sentences or section.figure or _has_rows(section)]
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("title", title),
        Html(f"<style>{style}</style>"),
    )
    when = f" · made {stamp(made, zone)}" if made else ""
    heading = tag("header", tag("h1", title + when), tag("p", lead, style_class="lead"), _contents(filled))
    body = tag("body", heading, tag("main", *(_section(at, one, zone) for at, one in enumerate(filled))))
    return Html(f'<!doctype html><html lang="en">{head}{body}</html>\n')


def _has_rows(section: Section) -> bool:
    return section.frame is not None and section.frame.height > 0


def _contents(sections: Sequence[Section]) -> Html:
    if len(sections) < 2:
        return Html("")
    links = [tag("a", section.title, href=f"#s{at}") for at, section in enumerate(sections)]
    return tag("nav", *(joined([link, " "]) for link in links), aria_label="Sections")


def _section(at: int, section: Section, zone: ZoneInfo) -> Html:
    told = [tag("p", sentence) for sentence in section.sentences]
    # An image takes no style and no script of its own from the page, and none into it.
    figure = section.figure and Html(
        f'<img alt="{section.title}" src="data:image/svg+xml;base64,{b64encode(section.figure.encode()).decode()}">'
    )
    parts = [tag("h2", section.title), *told]
    if figure:
        parts.append(tag("div", figure, style_class="figure", tabindex="0", role="group", aria_label=section.title))
    if section.frame is not None and section.frame.height:
        parts.append(_table(section.frame, section.columns, zone, section.title))
    return tag("section", *parts, id=f"s{at}")


def _table(frame: pl.DataFrame, columns: Sequence[Shown], zone: ZoneInfo, title: str) -> Html:
    cells = shown_rows(frame.head(MOST_ROWS), columns, zone)
    styles = [
        "number" if is_number(frame, column) else "long" if any(len(row[at]) > LONG for row in cells) else None
        for at, column in enumerate(columns)
    ]
    head = tag(
        "tr",
        *(
            tag("th", column.heading, scope="col", style_class=style)
            for column, style in zip(columns, styles, strict=True)
        ),
    )
    rows = [
        tag("tr", *(tag("td", cell, style_class=style) for cell, style in zip(row, styles, strict=True)))
        for row in cells
    ]
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    more = frame.height - MOST_ROWS
    rest = tag("p", f"and {more:,} more rows", style_class="quiet") if more > 0 else Html("")
    scroller = tag("div", table, style_class="scroll", tabindex="0", role="group", aria_label=f"Table: {title}")
    return joined([scroller, rest])
