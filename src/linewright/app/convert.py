"""`linewright convert`: from any format that can be read to one of linewright's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from linewright.kit.inputs import reading_options, typed

if TYPE_CHECKING:
    from linewright.model.factory import Factory


@click.command(short_help="Write files as a workbook, CSV or Parquet.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "kind",
    type=click.Choice(["workbook", "csv", "parquet"]),
    help="What to write; without it a target that ends in .xlsx is a workbook, any other a folder of CSV files.",
)
@reading_options
def convert(
    files: tuple[Path, ...], target: Path, kind: str | None, reader: str | None, settings: dict[str, str]
) -> None:
    """Write what FILES hold as a workbook, a folder of CSV files or a folder of Parquet files.

    Rows with an error are left out; `linewright check` names them. Nothing that exists is overwritten.
    """
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise click.UsageError(f"{target} exists already; choose another name, or move it away.")
    kind = kind or ("workbook" if target.suffix.lower() == ".xlsx" else "csv")
    from linewright.io.read import read

    factory = read(*files, reader=reader, options=settings)
    _write(factory, kind, target)
    click.echo(f"Wrote {target}")
    left_out = sum(fault.count for fault in factory.faults if fault.level == "error")
    if left_out:
        from linewright.kit.words import count

        named = " ".join(typed(file) for file in files)
        click.echo(f"Left out: {count(left_out, 'row')} with errors. See: linewright check {named}", err=True)


def _write(factory: Factory, kind: str, target: Path) -> None:
    if kind == "workbook":
        from linewright.io.workbook import write_workbook

        write_workbook(factory, target)
    elif kind == "csv":
        from linewright.io.csv_folder import write_csv_folder

        write_csv_folder(factory, target)
    else:
        from linewright.io.parquet_folder import write_parquet_folder

        write_parquet_folder(factory, target)
