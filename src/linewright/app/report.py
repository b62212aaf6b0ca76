"""`linewright report`: one page of what every feature has to say about a factory."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linewright.app.features import installed, load
from linewright.kit.doors import check_targets
from linewright.kit.inputs import faults_in_short, reading_options, warn_of_faults

if TYPE_CHECKING:
    from linewright.kit.sheet import Section


@click.command(short_help="One page of demand, materials, buffers and risks.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default="report.html", show_default=True,
    help="The file to write.",
)  # fmt: skip
@reading_options
def report(paths: tuple[Path, ...], out: Path, reader: str | None, settings: dict[str, str]) -> None:
    """Write one page that opens in a browser: what is expected, what to order, what to hold, what if something stops.

    The schedule has a report of its own: linewright plan --report plan.html.
    """
    from linewright.io.read import read
    from linewright.kit.sheet import Section, write_sheet

    check_targets(out)
    factory = read(*(paths or (Path(),)), reader=reader, options=settings)
    now = datetime.now(UTC)
    start = factory.start(now)
    warn_of_faults(factory)
    features = sorted(installed(), key=lambda feature: feature.page)
    told = [section for feature in features for place in feature.sections for section in load(place)(factory, start)]
    if faults := faults_in_short(factory):
        told.insert(0, Section("Data", (faults,)))
    day = f"{start.astimezone(factory.timezone):%d %b %Y}"
    write_sheet(
        out, title=f"{factory.name}, {day}: materials, risks and demand", lead=_lead(told), sections=told,
        timezone=factory.settings.timezone, made=now,
    )  # fmt: skip
    click.echo(f"Wrote {out}")


def _lead(sections: list[Section]) -> str:
    """What the sections say for the head of the page."""
    return " ".join(section.lead for section in sections if section.lead) or "What is known about this factory."
