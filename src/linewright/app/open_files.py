"""`linewright open`: from files as they are to a workspace that can be planned."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from linewright.app.check import FIRST
from linewright.kit.inputs import (
    console,
    factory_facts,
    reading_options,
    show_assumptions,
    show_found,
    typed,
)


@click.command("open", short_help="Read files of any kind and keep them as a workspace.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="The workspace's folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the same facts for machines.")
@reading_options
def open_files(
    files: tuple[Path, ...],
    into: Path | None,
    as_json: bool,
    reader: str | None,
    settings: dict[str, str],
) -> None:
    """Read any mix of workbooks, CSV files and other systems' exports, and keep them as a workspace.

    What is found is shown with its faults, worst harm first. Rows with an error are left out; all others can be
    planned at once. A workspace that is there already takes the new rows, and keeps its results.
    """
    from linewright.io.read import read
    from linewright.io.workspace import Workspace, is_workspace, source_files

    factory = read(*files, reader=reader, options=settings)
    folder = into or Path(folder_name(factory.name, files[0]))
    sources = source_files(files, reader or "", settings)
    updated = is_workspace(folder)
    if updated:
        Workspace(folder).update(factory, sources)
    else:
        Workspace.create(folder, factory, sources)
    if as_json:
        facts = {"workspace": str(folder), **factory_facts(factory)}
        click.echo(json.dumps(facts, indent=2, default=str, ensure_ascii=False))
        return

    from linewright.kit.tables import fault_table

    out = console()
    show_found(factory, out)
    fault_table(factory.faults, out, limit=FIRST)
    show_assumptions(factory, out)
    done = f"Updated {folder}, which was there already" if updated else f"Kept in {folder}"
    click.echo(f"{done}. Next: linewright plan {typed(folder)}")


def folder_name(factory: str, file: Path) -> str:
    """A folder named after the factory, or after the file where the factory has no name of its own."""
    name = file.resolve().stem if factory == "Factory" else factory
    return re.sub(r"[^\w]+", "-", name.lower()).strip("-") or "factory"
