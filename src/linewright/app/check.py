"""`linewright check`: every fault in the data, worst harm first."""

from __future__ import annotations

import json
from pathlib import Path

import click

from linewright.app import exits
from linewright.kit.inputs import console, factory_facts, reading_options, show_assumptions, show_found

#: How many faults are shown unless all are asked for.
FIRST = 20


@click.command(short_help="Report every fault in the data, worst harm first.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help=f"Show every fault, not only the {FIRST} that do most harm.")
@click.option("--json", "as_json", is_flag=True, help="Print the same facts for machines, with every fault.")
@click.option(
    "--notes",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="COPY.xlsx",
    help="Copy the workbook to this file, with a comment on each faulty cell.",
)
@reading_options
def check(
    paths: tuple[Path, ...],
    everything: bool,
    as_json: bool,
    notes: Path | None,
    reader: str | None,
    settings: dict[str, str],
) -> int:
    """Report every fault in the data: where it stands, what would be right, the cure, and the harm it does.

    PATHS are a workspace (the current folder if none is named), workbooks, folders or other files. The exit code is
    1 when a fault is an error: a row that cannot be planned.
    """
    workbook = _to_copy(paths, notes) if notes else None
    from linewright.io.read import read

    factory = read(*(paths or (Path(),)), reader=reader, options=settings)
    if workbook and notes:
        from linewright.io.notes import write_notes
        from linewright.kit.words import count

        cells = write_notes(workbook, factory.faults, notes)
        click.echo(f"Wrote {notes} with notes on {count(cells, 'cell')}.", err=True)
    wrong = any(fault.level == "error" for fault in factory.faults)
    if as_json:
        click.echo(json.dumps(factory_facts(factory), indent=2, default=str, ensure_ascii=False))
        return exits.FOUND if wrong else exits.OK

    from linewright.kit.tables import fault_table

    out = console()
    show_found(factory, out)
    fault_table(factory.faults, out, limit=None if everything else FIRST)
    show_assumptions(factory, out)
    return exits.FOUND if wrong else exits.OK


def _to_copy(paths: tuple[Path, ...], copy: Path) -> Path:
    """The one workbook that is to be copied with notes."""
    if len(paths) != 1 or not paths[0].is_file():
        raise click.UsageError("--notes needs the one workbook to copy: linewright check plant.xlsx --notes noted.xlsx")
    if copy.exists() and copy.samefile(paths[0]):
        raise click.UsageError("--notes writes a copy; give it another name than the workbook")
    return paths[0]
