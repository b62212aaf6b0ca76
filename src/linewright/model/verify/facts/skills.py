"""Who may do what, how well, and from which day to which."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from linewright.model.factory import Factory
from linewright.model.tables import Skill
from linewright.model.verify.facts.calendars import moment
from linewright.model.verify.facts.places import Places
from linewright.model.verify.facts.rounding import SECOND
from linewright.model.verify.facts.seats import Crew, Seat


class Skills:
    """The skills of everybody, by person and skill."""

    def __init__(self, factory: Factory, places: Places) -> None:
        self._places = places
        self._rows: dict[tuple[str, str], list[Skill]] = defaultdict(list)
        for row in factory.skills:
            self._rows[row.person, row.skill].append(row)
        #: Whether any skill begins or ends on some day.
        self.dated = any(row.since or row.expires for rows in self._rows.values() for row in rows)

    def has(self, person: str, seat: Seat) -> bool:
        """Whether a person is good enough for a seat on some day."""
        return not seat.skill or any(row.level >= seat.level for row in self._rows.get((person, seat.skill), ()))

    def always_has(self, person: str, seat: Seat) -> bool:
        """Whether a person is good enough for a seat on every day."""
        rows = self._rows.get((person, seat.skill), ())
        undated = (row for row in rows if row.since is None and row.expires is None)
        return not seat.skill or any(row.level >= seat.level for row in undated)

    def lasts(self, person: str, seat: Seat, start: int, end: int) -> bool:
        """Whether one row is good enough and covers all the time between two moments, in the person's local days."""
        if not seat.skill:
            return True
        zone = ZoneInfo(self._places.person_calendar(person)[1])
        return any(
            row.level >= seat.level
            and (row.since is None or start >= _midnight(row.since, zone) - SECOND)
            and (row.expires is None or end <= _midnight(row.expires + timedelta(days=1), zone) + SECOND)
            for row in self._rows.get((person, seat.skill), ())
        )

    def dates(self, crew: Crew) -> list[str]:
        """From when to when the skills of a crew's people count, where that is limited."""
        wanted = sorted({seat.skill for seat in (*crew.run, *crew.setup, *crew.both) if seat.skill})
        return [
            f"{skill} of {person} counts from {row.since or 'ever'} to {row.expires or 'ever'}"
            for person in dict.fromkeys((*crew.people, *crew.setup_people))
            for skill in wanted
            for row in self._rows.get((person, skill), ())
            if row.since or row.expires
        ]


def _midnight(day: date, zone: ZoneInfo) -> int:
    return moment(day, time(0), zone)
