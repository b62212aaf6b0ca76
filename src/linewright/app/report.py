"""`linewright report`: one page of what every feature has to say about a factory."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linewright.app.features import installed, load
from linewright.kit.inputs import reading_options

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
    from linewright.kit.sheet import write_sheet

    if not out.parent.is_dir():
        raise click.UsageError(f"{out.parent} is not a folder; make it first, or choose another place.")
    factory = read(*(paths or (Path(),)), reader=reader, options=settings)
    now = datetime.now(UTC)
    start = factory.start(now)
    told = [section for feature in installed() for place in feature.sections for section in load(place)(factory, start)]
    write_sheet(
        out, title=f"{factory.name}: demand, materials and risks", lead=_lead(told), sections=told,
        timezone=factory.settings.timezone, made=now,
    )  # fmt: skip
    click.echo(f"Wrote {out}")


def _lead(sections: list[Section]) -> str:
    """The first sentence of the sections that have one for all of theirs."""
    leads = [section.sentences[0] for section in sections if len(section.sentences) == 1 and section.frame is None]
    return " ".join(leads[:2]) or "What is known about this factory."
