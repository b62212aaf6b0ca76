"""A plant whose lots come back to the same machines again and again: ovens, families, limited waits, no nights.

Routes, minutes, ovens, families, waits, maintenance and work in process are those of the model fab. A route of a small
plant is a section of a long one, with as many visits to each group of machines.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

from benchmarks.plant import calendars
from benchmarks.plant.book import Book, Center, Order, settled, write_centers, write_orders
from benchmarks.plant.chance import Chance
from benchmarks.plant.draft import Draft
from benchmarks.plant.known import ADVENTUREWORKS, SMT2020
from benchmarks.plant.ladder import SIZES, STATED, WEEKS, Instance
from benchmarks.plant.staff import hire, in_turn, write_people

#: Stated: routes of each size (2 in the measured fab), and wafers of a lot (25 there).
ROUTES = dict(zip(SIZES, (2, 2, 2, 3, 3, 4, 5, 6, 8, 10), strict=True))
PIECES = 25
#: Stated: the measured share of maintenance is taken in a short stop every week, since a plant of a few weeks would
#: have either none of the long ones or too much of them.
WEEK_DAYS = 7
#: Stated: plants with more operations than this have no limited waits; linewright 0.1 finds no plan that keeps
#: hundreds of them, and what nobody can plan is no benchmark.
LIMITED_WAITS_UP_TO = 2_000
#: Stated: a changeover needs a technician.
TECHNICIAN = "technician"


@dataclass
class Step:
    """One step of a route; minutes are those of a lot."""

    center: str
    minutes: float
    family: str = ""
    most_wait: float | None = None


class Process:
    """A re-entrant plant of some size."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.stated = instance, STATED[instance.kind]
        self.chance, self.stream, self.finish = (Chance(*instance.seed, part) for part in range(3))
        chance = self.chance
        self.length = min(isqrt(instance.size), SMT2020.whole(chance, "steps_per_route"))
        self.mean_steps = float(self.length)
        self._make_centers()
        self.routes = {f"WAFER-{at}": self._route() for at in range(1, ROUTES[instance.size] + 1)}
        self.drawn: list[str] = []

    def _make_centers(self) -> None:
        """Groups of machines with their visits, ovens with their sizes, groups with families."""
        chance = self.chance
        groups = max(round(self.length / SMT2020.value("visits_per_family")), 3)
        ovens = max(round(groups * SMT2020.value("oven_share")), 1)
        self.centers: dict[str, Center] = {}
        self.visits: dict[str, float] = {}
        self.ovens: dict[str, tuple[int, int]] = {}
        self.families: dict[str, int] = {}
        self.care: dict[str, float] = {}
        for at in range(1, groups + ovens + 1):
            name = f"OVEN{at - groups}" if at > groups else f"TOOL{at:02}"
            days, hours = SMT2020.draw(chance, "maintenance_days"), SMT2020.draw(chance, "maintenance_hours")
            self.care[name] = hours / days * WEEK_DAYS
            center = Center(name, calendars.round_the_clock(name), ADVENTUREWORKS.draw(chance, "cost_per_hour"))
            center.open_share = 1 - self.care[name] / (24 * WEEK_DAYS)
            self.centers[name] = center
            if at > groups:
                most = SMT2020.whole(chance, "oven_lots")
                self.ovens[name] = (most, round(most * SMT2020.draw(chance, "oven_least_load")))
            else:
                self.visits[name] = SMT2020.draw(chance, "visits_per_family")
        self._choose_families()

    def _choose_families(self) -> None:
        share, total = 0.0, sum(self.visits.values())
        for name in self.chance.some(sorted(self.visits), len(self.visits)):
            part = self.visits[name] / total
            if share + part / 2 < SMT2020.value("changeover_share") or not self.families:
                share += part
                self.families[name] = SMT2020.whole(self.chance, "families_per_machine")

    def _route(self) -> list[Step]:
        chance, steps = self.chance, []
        ovens = max(round(self.length * SMT2020.value("oven_share")), 1)
        places = set(chance.some(range(1, self.length), ovens))
        for at in range(self.length):
            if at in places:
                steps.append(Step(chance.one(sorted(self.ovens)), 0.0))
                continue
            center = chance.weighed(list(self.visits), list(self.visits.values()))
            families = self.families.get(center, 0)
            steps.append(
                Step(
                    center,
                    round(SMT2020.draw(chance, "lot_minutes"), 1),
                    f"{center}-F{1 + chance.below(families)}" if families else "",
                    60 * SMT2020.draw(chance, "limited_wait_hours")
                    if chance.yes(SMT2020.value("limited_wait_share"))
                    and at + 1 < self.length
                    and self.instance.size <= LIMITED_WAITS_UP_TO else None,
                )
            )  # fmt: skip
        for step in steps:
            if step.center in self.ovens:
                step.minutes = round(SMT2020.draw(chance, "oven_minutes"))
        return steps

    def _order(self, number: int) -> str:
        while len(self.drawn) <= number:
            self.drawn.append(self.stream.one(sorted(self.routes)))
        return self.drawn[number]

    def book(self, count: int, weeks: float) -> Book:
        """Lots due evenly over the weeks; those whose start lies in the past are somewhere on their route."""
        book = Book(weeks)
        book.crews[TECHNICIAN] += 0
        for number in range(count):
            product = self._order(number)
            steps = self.routes[product]
            due = (number + 0.5) / count * weeks * 168
            time = sum(step.minutes for step in steps) / 60 * SMT2020.value("flow_factor") * self.stated.tightness
            done = max(min(int((1 - due / time) * len(steps)), len(steps) - 1), 0)
            book.orders.append(Order(product, PIECES, due, max(due - time, 0.0), done))
            for step in steps[done:]:
                self._count(book, step)
        return book

    def _count(self, book: Book, step: Step) -> None:
        minutes = step.minutes
        if step.center in self.ovens:
            most, least = self.ovens[step.center]
            minutes /= (most + least) / 2
        if step.family:
            setup = SMT2020.value("changeover_minutes") / 2
            minutes += setup
            book.crews[TECHNICIAN] += round(setup)
        book.operations += 1
        book.load[step.center] += round(minutes)

    def draft(self) -> Draft:
        """The whole plant."""
        instance, draft, chance = self.instance, Draft(), self.finish
        book = settled(self, instance.size, WEEKS[instance.size], self.stated)
        calendars.settings(draft, instance.name)
        self._write_machines(draft, book)
        people = hire(book, self.stated.crew_utilisation, calendars.TECHNICIANS[0].hours, lambda: 1)
        people += [[TECHNICIAN]] * (-len(people) % len(calendars.TECHNICIANS))
        write_people(
            draft,
            in_turn(people, lambda _: calendars.TECHNICIANS),
            lambda: ADVENTUREWORKS.draw(chance, "cost_per_hour"),
        )
        value = {}
        for name, steps in self.routes.items():
            cost = ADVENTUREWORKS.draw(chance, "purchase_price")
            cost += sum(step.minutes / 60 * self.centers[step.center].cost for step in steps) / PIECES
            value[name] = cost * ADVENTUREWORKS.draw(chance, "price_over_cost")
            draft.add("materials", material=name, kind="sold", cost=round(cost, 2))
            for number, step in enumerate(steps, 1):
                draft.add(
                    "operations", material=name, step=10 * number, work_center=step.center, fixed_minutes=step.minutes,
                    load=1, setup_crew=1 if step.family else 0, setup_skill=TECHNICIAN if step.family else None,
                    setup_family=step.family or None, max_wait_minutes=step.most_wait,
                )  # fmt: skip
        self._write_changeovers(draft)
        write_orders(draft, chance, book, value, due=calendars.moment)
        return draft

    def _write_machines(self, draft: Draft, book: Book) -> None:
        """Machines, each group with its own calendar, closed by its maintenance from a random day on."""
        for name, center in self.centers.items():
            most, _ = self.ovens.get(name, (1, 1))
            # The least load is no rule here: a plan may break it by its own word, which nobody could check.
            write_centers(draft, {name: center}, capacity=most, batch=name in self.ovens)
            first = self.finish.share() * 24 * WEEK_DAYS
            calendars.maintain(draft, center.calendar, first, WEEK_DAYS, self.care[name], book.weeks)

    def _write_changeovers(self, draft: Draft) -> None:
        for center in sorted(self.families):
            used = sorted({step.family for steps in self.routes.values() for step in steps if step.center == center})
            for before in used:
                for after in used:
                    if before != after:
                        minutes = round(SMT2020.draw(self.finish, "changeover_minutes"))
                        draft.add(
                            "changeovers", work_center=center, from_family=before, to_family=after, minutes=minutes
                        )
