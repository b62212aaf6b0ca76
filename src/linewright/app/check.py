"""`linewright check`: every fault in the data, worst harm first."""

from __future__ import annotations

import json
from pathlib import Path

import click

from linewright.app import exits
from linewright.app.inputs import console, factory_facts, read_factory, reading_options, show_assumptions, show_found

#: How many faults are shown unless all are asked for.
FIRST = 20


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help=f"Show every fault, not only the {FIRST} that do most harm.")
@click.option("--json", "as_json", is_flag=True, help="Print the same facts for machines, with every fault.")
@reading_options
def check(
    paths: tuple[Path, ...],
    everything: bool,
    as_json: bool,
    reader: str | None,
    settings: dict[str, str],
) -> int:
    """Report every fault in the data: where it stands, what would be right, the cure, and the harm it does.

    PATHS are a workspace (the current folder if none is named), workbooks, folders or other files. The exit code is
    1 when a fault is an error: a row that cannot be planned.
    """
    factory = read_factory(paths or (Path(),), reader, settings)
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
