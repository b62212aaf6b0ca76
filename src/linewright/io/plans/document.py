"""A plan as one JSON document, from which the same plan can be made again.

Its keys stay as they are; `version` counts up when one changes its meaning.

=====================  ==============================================================================================
``format, version``    ``linewright plan`` and 1.
``factory``            Name of the factory, with ``currency`` (ISO 4217) and ``timezone`` (IANA) of the plan.
``start``              The moment from which work is planned.
``objective, value``   What was minimised (cost, makespan, tardiness) and the plan's figure, in currency or hours.
``bound, gap``         What is proven (value, kind, meaning), and how far above the best plan this may be, as a share.
``costs, weights``     The parts of the total in currency, and how much each counted.
``operations``         One object for each operation, with the columns of `linewright.model.results.OPERATION_COLUMNS`.
``jobs``               Likewise of `JOB_COLUMNS`; ``orders`` of `ORDER_COLUMNS`; ``pegging`` of `PEGGING_COLUMNS`.
``relaxed``            Wishes that could not be held: rule, row, reason.
``faults``             What was wrong with the data, worst first, with the fields of `linewright.model.faults.Fault`.
``assumptions``        What was taken for granted, in sentences.
``origin``             What made it: made_by, code_version, seed, options, and the hash of each table that it read.
``verified``           Whether the independent check found nothing wrong.
=====================  ==============================================================================================

Instants are ISO 8601 in UTC, such as ``2026-03-02T05:00:00Z``; a value that is not known is null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import polars as pl

from linewright.errors import SourceError
from linewright.model import results
from linewright.model.faults import Fault
from linewright.model.results import Plan

FORMAT, VERSION = "linewright plan", 1

#: The frames of a plan and their columns.
FRAMES: Mapping[str, Mapping[str, Any]] = {
    "operations": results.OPERATION_COLUMNS,
    "jobs": results.JOB_COLUMNS,
    "orders": results.ORDER_COLUMNS,
    "pegging": results.PEGGING_COLUMNS,
}


def document_of(plan: Plan) -> dict[str, Any]:
    """A plan as values that JSON can hold."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "factory": plan.factory_name,
        "currency": plan.currency,
        "timezone": plan.timezone,
        "start": _iso(plan.start),
        "objective": plan.objective,
        "value": plan.value,
        "bound": asdict(plan.bound),
        "gap": plan.gap,
        "costs": dict(plan.costs),
        "weights": asdict(plan.weights),
        **{name: _rows(getattr(plan, name)) for name in FRAMES},
        "relaxed": [asdict(wish) for wish in plan.relaxed],
        "faults": [fault.facts() for fault in plan.faults],
        "assumptions": list(plan.assumptions),
        "origin": asdict(plan.origin),
        "verified": plan.verified,
    }


def plan_of(document: Any) -> Plan:
    """The plan of a document.

    Raises
    ------
    SourceError
        The document is no plan, or a newer linewright wrote it.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        message = "this is not a plan that linewright wrote — choose a file that `linewright plan --out` made"
        raise SourceError(message)
    if document["version"] > VERSION:
        message = f"a newer linewright wrote this plan (version {document['version']}) — update linewright"
        raise SourceError(message)
    try:
        return _plan(document)
    except (KeyError, TypeError, ValueError, pl.exceptions.PolarsError) as error:
        message = f"this plan is damaged ({type(error).__name__}: {error}) — make it again"
        raise SourceError(message) from error


def _plan(document: Mapping[str, Any]) -> Plan:
    return Plan(
        factory_name=document["factory"],
        currency=document["currency"],
        timezone=document["timezone"],
        start=datetime.fromisoformat(document["start"]),
        objective=document["objective"],
        value=document["value"],
        costs=document["costs"],
        weights=results.Weights(**document["weights"]),
        bound=results.Bound(**document["bound"]),
        operations=_frame(document, "operations"),
        jobs=_frame(document, "jobs"),
        orders=_frame(document, "orders"),
        pegging=_frame(document, "pegging"),
        relaxed=tuple(results.Relaxed(**wish) for wish in document["relaxed"]),
        faults=tuple(_fault(facts) for facts in document["faults"]),
        assumptions=tuple(document["assumptions"]),
        origin=results.Origin(**document["origin"]),
        verified=document["verified"],
    )


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    instants = [name for name, dtype in frame.schema.items() if dtype == results.INSTANT]
    text = [
        pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.6f").str.strip_suffix(".000000") + pl.lit("Z") for name in instants
    ]
    return frame.with_columns(text).to_dicts()


def _frame(document: Mapping[str, Any], name: str) -> pl.DataFrame:
    columns, rows = FRAMES[name], document[name]
    loaded = {column: pl.String if dtype == results.INSTANT else dtype for column, dtype in columns.items()}
    frame = pl.DataFrame(rows, schema=loaded) if rows else pl.DataFrame(schema=loaded)
    moments = [pl.col(column).str.strip_suffix("Z") for column, dtype in columns.items() if dtype == results.INSTANT]
    return frame.with_columns(
        moment.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us").dt.replace_time_zone("UTC") for moment in moments
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _fault(facts: Mapping[str, Any]) -> Fault:
    values: dict[str, Any] = {name: _frozen(value) for name, value in facts.items()}
    return Fault(**values)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
