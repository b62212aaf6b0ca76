"""When a plant works: shifts, holidays, planned maintenance; the clocks change on the third day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.plant.draft import Draft

#: Planning starts on a Friday; on the Sunday after it, 29 March, the clocks of Berlin go forward.
START = datetime(2026, 3, 27, 6)
ZONE = "Europe/Berlin"

#: Public holidays in all of Germany, and the close of the year.
HOLIDAYS = (
    (date(2026, 4, 3), date(2026, 4, 3), "Good Friday"), (date(2026, 4, 6), date(2026, 4, 6), "Easter Monday"),
    (date(2026, 5, 1), date(2026, 5, 1), "May Day"), (date(2026, 5, 14), date(2026, 5, 14), "Ascension"),
    (date(2026, 5, 25), date(2026, 5, 25), "Whit Monday"), (date(2026, 10, 3), date(2026, 10, 3), "Unity Day"),
    (date(2026, 12, 24), date(2027, 1, 1), "Close of the year"),
)  # fmt: skip


@dataclass(frozen=True)
class Calendar:
    """A weekly calendar: windows and breaks as (weekdays, start, end, working), and its hours in a week."""

    name: str
    rows: tuple[tuple[str, str, str, bool], ...]
    hours: float
    holidays: bool = True

    def write(self, draft: Draft) -> None:
        """Add it with its holidays, once."""
        if any(row["calendar"] == self.name for row in draft.tables.get("shifts", ())):
            return
        for weekday, start, end, working in self.rows:
            draft.add("shifts", calendar=self.name, weekday=weekday, start=start, end=end, working=working)
        for first, last, note in HOLIDAYS if self.holidays else ():
            draft.add("calendar_exceptions", calendar=self.name, start=first, end=last, working=False, note=note)


EARLY_BREAK, LATE_BREAK = ("mon-fri", "10:00", "10:30", False), ("mon-fri", "18:00", "18:30", False)
NIGHT_BREAK = ("tue-sat", "02:00", "02:30", False)

#: The machine shop: machines and posts of two shifts with breaks, or of three.
TWO_SHIFTS = Calendar("two shifts", (("mon-fri", "06:00", "22:00", True), EARLY_BREAK, LATE_BREAK), 75.0)
THREE_SHIFTS = Calendar(
    "three shifts", (("mon-fri", "06:00", "06:00", True), EARLY_BREAK, LATE_BREAK, NIGHT_BREAK), 112.5
)

#: The bicycle maker: shifts begin at 7, 15 and 23; work centers are open for the measured hours of a week.
DAY = Calendar("day", (("mon-fri", "07:00", "15:00", True),), 40.0)
EVENING = Calendar("evening", (("mon-fri", "15:00", "23:00", True),), 40.0)
NIGHT_FROM_23 = Calendar("night", (("mon-fri", "23:00", "07:00", True),), 40.0)
OPEN_HOURS = {
    80: Calendar("80 hours", (("mon-fri", "07:00", "23:00", True),), 80.0),
    96: Calendar("96 hours", (("mon-sat", "07:00", "23:00", True),), 96.0),
    108: Calendar("108 hours", (("mon-thu", "07:00", "07:00", True), ("fri", "07:00", "19:00", True)), 108.0),
    120: Calendar("120 hours", (("mon-fri", "07:00", "07:00", True),), 120.0),
}

#: The fab: round the clock, its technicians in three shifts of all seven days.
TECHNICIANS = tuple(
    Calendar(name, (("mon-sun", start, end, True),), 56.0, holidays=False)
    for name, start, end in (("first", "06:00", "14:00"), ("second", "14:00", "22:00"), ("third", "22:00", "06:00"))
)


def round_the_clock(name: str) -> Calendar:
    """A calendar without nights; what closes it are the windows of planned maintenance."""
    return Calendar(name, (("mon-sun", "00:00", "00:00", True),), 168.0, holidays=False)


def maintain(draft: Draft, calendar: Calendar, first_hours: float, days: float, hours: float, weeks: float) -> None:
    """Close a calendar every so many days for so many hours, to the end of the orders and a month more."""
    begin = float(round(first_hours))
    while begin < weeks * 168 + 720:
        draft.add(
            "calendar_exceptions", calendar=calendar.name, start=moment(begin), end=moment(begin + hours),
            working=False, note="Maintenance",
        )  # fmt: skip
        begin += 24 * days


def settings(draft: Draft, name: str) -> None:
    """The factory's own row."""
    draft.add(
        "settings", name=name, timezone=ZONE, currency="EUR", start=START, late_cost_per_day=100.0,
        stock_cost_share_per_year=0.1, move_cost=0.0,
    )  # fmt: skip


def moment(hours: float) -> datetime:
    """The minute so many hours after the start, as the clock on the wall shows it."""
    begin = START.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    return (begin + timedelta(minutes=round(hours * 60))).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)


def end_of(hours: float) -> date:
    """The day that ends next after so many hours; what would be due on a weekend is due on Monday."""
    day = moment(hours).date()
    return day + timedelta(days=max(7 - day.weekday(), 0) % 7 if day.weekday() >= 5 else 0)
