"""Small factories for the checks, and what a check says of them."""

from __future__ import annotations

from datetime import UTC, datetime

from linewright.model.factory import Factory

START = datetime(2026, 3, 2, 5, tzinfo=UTC)
SETTINGS = [{"start": START, "timezone": "Europe/Berlin"}]


def found(check, **tables):
    """What a check says of a factory: the rows it names in each table, and its words."""
    findings = list(check(Factory.of(**tables)))
    for finding in findings:
        assert finding.rule == check.__name__ or check.__name__.endswith(finding.rule)
        assert finding.level in {"error", "warning", "note"}
        assert finding.cures[0]
    return {finding.table: finding.positions.tolist() for finding in findings}


def words(check, **tables):
    """The messages of a check."""
    return [
        message.replace("{value}", value)
        for finding in check(Factory.of(**tables))
        for message, value in zip(finding.messages, [*finding.values] * len(finding.messages), strict=False)
    ]


def lines(*pairs, **more):
    """Lines of a bill, from pairs of letters."""
    return [{"material": parent, "component": child, **more} for parent, child in pairs]


def op(material="P", step=10, **more):
    """One step."""
    return {"material": material, "step": step, **more}


def order(name="O", material="P", **more):
    """One order for one unit."""
    return {"order": name, "material": material, "quantity": 1.0, **more}


def job(name="W", material="P", **more):
    """One work order for one unit."""
    return {"work_order": name, "material": material, "quantity": 1.0, **more}
