"""Runs as files."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from linewright.model.run_results import Run
from linewright.twin.show.run import run_facts


def write_run(run: Run, target: Path) -> None:
    """Write a run as a workbook or as JSON; the file appears whole or not at all.

    Raises
    ------
    OSError
        The place cannot be written.
    """
    from linewright.io.atomic import whole_file

    with whole_file(target) as draft:
        if target.suffix.lower() == ".json":
            facts = {**run_facts(run), "operations": run.operations.to_dicts()}
            draft.write_text(json.dumps(facts, indent=1, default=str) + "\n", encoding="utf-8")
        else:
            _write_book(run, draft)


def _write_book(run: Run, draft: Path) -> None:
    import xlsxwriter

    sheets = {
        "odds": run.orders,
        "operations": run.operations,
        "machines": run.machines,
        "totals": run.totals,
        "causes": run.causes,
        "assumptions": pl.DataFrame({"assumption": list(run.assumptions)}, schema={"assumption": pl.String}),
    }
    with xlsxwriter.Workbook(str(draft)) as book:
        for name, frame in sheets.items():
            # A workbook has no time zones: instants are written in the factory's own time.
            moments = [column for column, kind in frame.schema.items() if kind == pl.Datetime]
            local = (
                frame.with_columns(pl.col(*moments).dt.convert_time_zone(run.timezone).dt.replace_time_zone(None))
                if moments
                else frame
            )
            local.write_excel(book, name, autofit=True)
