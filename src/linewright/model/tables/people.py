"""Who does the work, and what they may do."""

from __future__ import annotations

from datetime import date

from linewright.model.records import field, record


@record("people", "people")
class Person:
    """A person, or an anonymous post such as "night shift fitter 2"."""

    person: str = field(key=True, doc="Short name or number.")
    calendar: str = field(default="", ref="shifts.calendar", doc="When the person works; blank means always.")
    site: str = field(default="", ref="sites", doc="Where the person works; blank means everywhere.")
    cost_per_hour: float = field(default=0.0, low=0, unit="currency/h", doc="Cost of an hour.")
    absence_share: float = field(
        default=0.0, low=0, high=1, doc="Share of working days on which the person is absent without notice."
    )


@record("skills", "people")
class Skill:
    """Who may do what, how well, and until when."""

    person: str = field(key=True, ref="people", doc="Who.")
    skill: str = field(key=True, doc="What, such as welding or setter.")
    level: int = field(default=1, low=1, high=10, doc="How well: 1 can do it, higher can do more.")
    since: date | None = field(default=None, doc="First day on which it counts.")
    expires: date | None = field(default=None, doc="Last day on which it counts.")
