"""`linewright new`: start from a workbook that already plans."""

from __future__ import annotations

from pathlib import Path

import click

from linewright.kit.inputs import typed


@click.command(short_help="Write a workbook to start from, with a small factory that plans.")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--template",
    type=click.Choice(["job-shop", "batch", "empty"]),
    default="job-shop",
    show_default=True,
    help="What the small living example is about.",
)
@click.option("--csv", is_flag=True, help="Write a folder of CSV files instead of a workbook.")
def new(directory: Path, template: str, csv: bool) -> None:
    """Write a workbook with every table, drop-downs, comments and a small factory to start from."""
    from linewright.io.templates import write_new

    written = write_new(directory, template, csv=csv)
    click.echo(f"Wrote {written}")
    click.echo(f"Fill it in, then: linewright open {typed(written)}")
