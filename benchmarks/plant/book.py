"""What is asked of a plant: its orders, and the work, people and material that they need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from benchmarks.plant.calendars import HOLIDAYS, START, Calendar, end_of, moment
from benchmarks.plant.chance import Chance
from benchmarks.plant.draft import Draft
from benchmarks.plant.known import SMT2020
from benchmarks.plant.ladder import HOT_FACTOR, LATE_SHARE, Stated

#: Passes in which the number of orders, weeks and machines come to fit each other.
PASSES = 8


@dataclass
class Order:
    """One order: what, how much, when (hours from the start), and how many of its steps are done."""

    product: str
    quantity: int
    due: float
    release: float
    done: int = 0


@dataclass
class Book:
    """All orders and what they need: operations, minutes by work center and by skill, units by material."""

    weeks: float
    orders: list[Order] = field(default_factory=list)
    operations: int = 0
    load: Counter[str] = field(default_factory=Counter)
    crews: Counter[str] = field(default_factory=Counter)
    use: Counter[str] = field(default_factory=Counter)


@dataclass
class Center:
    """A work center: when it works, what its hour costs, how many machines it has."""

    name: str
    calendar: Calendar
    cost: float
    machines: int = 1
    #: Share of the calendar's hours that planned maintenance leaves.
    open_share: float = 1.0
    chosen: Counter[int] = field(default_factory=Counter)

    def names(self) -> list[str]:
        """Its machines."""
        return [f"{self.name}-{number}" for number in range(1, self.machines + 1)]

    def spread(self, count: int, minutes: float) -> list[str]:
        """So many of its machines, those first that have least work so far; the work is shared by them."""
        order = sorted(range(self.machines), key=lambda number: (self.chosen[number], number))[:count]
        for number in order:
            self.chosen[number] += round(minutes / count)
        return [self.names()[number] for number in sorted(order)]

    def minutes(self, weeks: float) -> float:
        """Minutes that one machine is open in so many weeks."""
        return 60 * weeks * self.calendar.hours * self.open_share * _days_kept(self.calendar, weeks)


class Kind(Protocol):
    """A kind of plant while its size is settled."""

    centers: dict[str, Center]
    mean_steps: float

    def book(self, count: int, weeks: float) -> Book:
        """The book with the first so many orders, spread over these weeks."""


def settled(kind: Kind, size: int, weeks: float, stated: Stated) -> Book:
    """Find how many orders make the size, machines that do them in the weeks, and then the weeks that these need.

    The busiest work center is used exactly as stated; the others have the load that the routings give them.
    """
    count, planned = size / kind.mean_steps, weeks
    for turn in range(PASSES):
        book = kind.book(max(round(count), 1), weeks)
        if turn < PASSES // 2:
            for center in kind.centers.values():
                needed = book.load[center.name] / center.minutes(planned) / stated.utilisation
                # A little more than a full machine is still done by one: the weeks give way.
                center.machines = max(round(needed + 0.25), 1)
        weeks = max(
            weeks * book.load[center.name] / center.minutes(weeks) / center.machines / stated.utilisation
            for center in kind.centers.values()
        )
        count *= size / book.operations
    return kind.book(max(round(count), 1), weeks)


def write_orders(
    draft: Draft, chance: Chance, book: Book, value: dict[str, float], due: Callable[[float], date] = end_of
) -> None:
    """Customers, orders with their costs of lateness, and a work order for each one that has begun."""
    customers = max(3, len(book.orders) // 20)
    for number in range(1, customers + 1):
        draft.add("customers", customer=f"C{number}")
    for number, order in enumerate(book.orders, 1):
        worth = value[order.product] * order.quantity
        hot = chance.yes(SMT2020.value("hot_share"))
        draft.add(
            "orders", order=f"O{number}", customer=f"C{1 + chance.below(customers)}", material=order.product,
            quantity=order.quantity, due=due(order.due),
            release=moment(order.release) if order.release > 0 else None,
            price=round(value[order.product], 2),
            late_cost_per_day=round(max(worth * LATE_SHARE * (HOT_FACTOR if hot else 1), 1.0), 2),
        )  # fmt: skip
        if order.done:
            draft.add(
                "work_orders", work_order=f"W{number}", order=f"O{number}", material=order.product,
                quantity=order.quantity, step=10 * (order.done + 1),
            )  # fmt: skip


def write_centers(draft: Draft, centers: dict[str, Center], **machine: object) -> None:
    """Work centers, their machines and the calendars of both."""
    for center in centers.values():
        draft.add("work_centers", work_center=center.name, cost_per_hour=round(center.cost, 2))
        for name in center.names():
            draft.add("machines", machine=name, work_center=center.name, calendar=center.calendar.name, **machine)
    for calendar in dict.fromkeys(center.calendar for center in centers.values()):
        calendar.write(draft)


def _days_kept(calendar: Calendar, weeks: float) -> float:
    """Share of the working days that holidays leave."""
    if not calendar.holidays:
        return 1.0
    days = [START.date() + timedelta(days=at) for at in range(max(round(weeks * 7), 7))]
    return sum(not _closed(day) for day in days if day.weekday() < 5) / sum(day.weekday() < 5 for day in days)


def _closed(day: date) -> bool:
    return any(first <= day <= last for first, last, _ in HOLIDAYS)
