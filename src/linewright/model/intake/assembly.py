"""From what a reader found to a checked factory, with every fault and the harm it does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from linewright.model.checks import CHECKS
from linewright.model.factory import Factory
from linewright.model.faults import Fault
from linewright.model.findings import Finding
from linewright.model.harm import Harm
from linewright.model.intake.drafts import Draft, draft_of, empty_draft
from linewright.model.intake.readings import as_text
from linewright.model.intake.references import drop_dependants, mark_unknown
from linewright.model.intake.suggestions import Suggester
from linewright.model.intake.words import is_timezone
from linewright.model.raw import RawFactory, RawTable
from linewright.model.records import SCHEMAS
from linewright.model.tables import TABLES


def assemble(raw: RawFactory) -> Factory:
    """Check everything that a reader found, in one pass, and make the factory of what is good.

    Cells are read by the declarations of the records; rows with an error are left out, and so are the rows that need
    them. Faults come ranked by the orders and the days of work that they touch.
    """
    sheets: dict[str, list[RawTable]] = defaultdict(list)
    for table in raw.tables:
        sheets[table.table].append(table)
    strangers = [fault for name in set(sheets) - set(SCHEMAS) for fault in _strange(sheets.pop(name))]
    zone = _zone(sheets.get("settings", ()))
    drafts = {name: draft_of(name, sheets[name], zone) if sheets.get(name) else empty_draft(name) for name in TABLES}
    mark_unknown(drafts)
    drop_dependants(drafts)
    _check(drafts)
    drop_dependants(drafts)
    harm = Harm({name: draft.frame for name, draft in drafts.items()})
    places = {name: draft.places for name, draft in drafts.items()}
    found = harm.faults((finding for draft in drafts.values() for finding in draft.findings), places)
    faults = [*harm.filled([*raw.faults, *strangers]), *found]
    tables = {name: draft.finished() for name, draft in drafts.items()}
    return Factory.from_tables(tables, faults, (*raw.assumptions, *_left_out(drafts)))


def _check(drafts: Mapping[str, Draft]) -> None:
    """Run the checks across tables on the rows that are good so far."""
    factory = Factory.from_tables({name: draft.finished() for name, draft in drafts.items()})
    kept = {name: np.flatnonzero(draft.alive) for name, draft in drafts.items()}
    for check in CHECKS:
        for finding in check(factory):
            drafts[finding.table].add(_moved(finding, kept[finding.table]))


def _moved(finding: Finding, kept: np.ndarray) -> Finding:
    return replace(finding, positions=kept[finding.positions].astype(np.int64))


def _zone(sheets: Sequence[RawTable]) -> str:
    """The time zone of local times, needed before anything else is read."""
    for sheet in sheets:
        if "timezone" in sheet.frame.columns:
            names = as_text(sheet.frame.get_column("timezone")).drop_nulls()
            if len(names) and is_timezone(names[0]):
                return str(names[0])
    return str(SCHEMAS["settings"].columns["timezone"].default)


def _strange(sheets: Sequence[RawTable]) -> list[Fault]:
    suggest = Suggester(TABLES)
    return [
        Fault(
            level="warning",
            rule="unknown_table",
            table=sheet.table,
            where=sheet.source.place(None),
            message=f"{sheet.table} is not a table of a factory{suggest.hint(sheet.table)}",
            expected="one of " + ", ".join(TABLES),
            cure="name it after a table, if it should be read",
            count=max(1, sheet.frame.height),
        )
        for sheet in sheets
    ]


def _left_out(drafts: Mapping[str, Draft]) -> list[str]:
    """What planning without the rows that were left out means."""
    said = []
    for name, meaning in _MEANINGS.items():
        lost = int((~drafts[name].alive).sum())
        if lost:
            said.append(f"{lost:,} of {len(drafts[name].alive):,} rows of {name} were left out: {meaning}.")
    return said


_MEANINGS = {
    "operations": "what is made there is planned without these steps",
    "components": "what is made of them is planned without these components",
    "orders": "they are not planned",
    "work_orders": "they are not planned",
}
