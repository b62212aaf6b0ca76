"""A job shop that makes parts: changeovers by family, setters, fixtures, alternative machines, two or three shifts.

Routings, times, lots, mix, people and time to the due date are those of the real shop of 2012. Its log calls only
families of drawings parts, so it does not show whether a repeat of the same drawing needs no setup. Stated instead:
half of a setup belongs to each order, half to the change from one family to another.

Runs last longer than a shift, and a crew stays to the end of its operation; so a row of people is a post, which
the people of two or three shifts hold in turn.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate

from benchmarks.plant import calendars
from benchmarks.plant.book import Book, Center, Order, settled, write_centers, write_orders
from benchmarks.plant.chance import Chance
from benchmarks.plant.draft import Draft
from benchmarks.plant.known import ADVENTUREWORKS, MACHINE_SHOP
from benchmarks.plant.ladder import SIZES, STATED, WEEKS, Instance
from benchmarks.plant.staff import hire, write_people
from benchmarks.plant.supply import write_supply

#: Stated: work centers of each size. The real shop has about 20 kinds of work at 1,000 operations.
CENTERS = dict(zip(SIZES, (6, 8, 12, 18, 24, 32, 40, 48, 60, 80), strict=True))
#: Stated: orders for each product (4.0 in the real shop), share of a setup that belongs to the family, share of
#: an order that is handed on before the rest, share of a lot by which an order's size may differ, and the highest
#: use of a fixture.
ORDERS_OF_A_PRODUCT, FAMILY_HALF, TRANSFER, LOT_SPREAD, FIXTURE_USE = 4, 0.5, 0.25, 0.5, 0.5
#: Stated: nobody promises less than this many times what the order needs when it never waits.
LEAST_FLOW = 1.5
#: Stated: a step has one machine more for each time that its work fills one to this share.
MACHINE_USE = 0.5
SETTING = "setting"


@dataclass
class Step:
    """One step of a product; minutes of the run are for one unit."""

    center: str
    run: float
    setup: float
    family: str
    crew: int
    overlap: bool
    alternatives: int


@dataclass
class Product:
    """What is made: its steps, its usual lot, what it is made of."""

    name: str
    lot: int
    material: str
    units: int
    steps: list[Step] = field(default_factory=list)


class Machining:
    """A machining plant of some size."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.stated = STATED[instance.kind]
        self.chance, self.stream, self.finish = (Chance(*instance.seed, part) for part in range(3))
        self.mean_steps = MACHINE_SHOP.value("steps_per_job")
        count = max(round(instance.size / self.mean_steps / ORDERS_OF_A_PRODUCT), 4)
        self._make_centers()
        self.prices = {
            f"BAR-{number}": ADVENTUREWORKS.draw(self.chance, "purchase_price")
            for number in range(1, max(count // 4, 3) + 1)
        }
        self.products = [self._product(number) for number in range(1, count + 1)]
        self.sums = list(accumulate(MACHINE_SHOP.weights("parts", count)))
        self.drawn: list[tuple[Product, int, float]] = []

    def _make_centers(self) -> None:
        """Work centers, how often routings visit each, and the families of those that are set up."""
        chance = self.chance
        self.centers: dict[str, Center] = {}
        self.visits: dict[str, float] = {}
        thirds = 3 * MACHINE_SHOP.value("night_shift_share")
        for number in range(1, CENTERS[self.instance.size] + 1):
            calendar = calendars.THREE_SHIFTS if chance.yes(thirds) else calendars.TWO_SHIFTS
            name = f"WC{number:02}"
            self.centers[name] = Center(name, calendar, ADVENTUREWORKS.draw(chance, "cost_per_hour"))
            self.visits[name] = MACHINE_SHOP.draw(chance, "relative_load")
        self.families: dict[str, int] = {}
        share, total = 0.0, sum(self.visits.values())
        for name in chance.some(sorted(self.centers), len(self.centers)):
            part = self.visits[name] / total
            if share + part / 2 < MACHINE_SHOP.value("setup_kinds") or not self.families:
                share += part
                self.families[name] = max(MACHINE_SHOP.whole(chance, "parts_per_machine"), 2)

    def _product(self, number: int) -> Product:
        chance = self.chance
        product = Product(
            f"PART-{number}", max(round(MACHINE_SHOP.draw(chance, "lot_size")), 1), chance.one(list(self.prices)),
            round(ADVENTUREWORKS.draw(chance, "quantity_per_assembly")),
        )  # fmt: skip
        left = dict(self.visits)
        for _ in range(min(MACHINE_SHOP.whole(chance, "steps_per_job"), len(left))):
            center = chance.weighed(list(left), list(left.values()))
            del left[center]
            product.steps.append(self._step(center, product.lot))
        return product

    def _step(self, center: str, lot: int) -> Step:
        chance, families = self.chance, self.families.get(center, 0)
        prepared = families and chance.yes(MACHINE_SHOP.value("setup_after_same_part"))
        return Step(
            center,
            run=max(round(MACHINE_SHOP.draw(chance, "run_minutes_per_step") / lot, 2), 0.01),
            setup=round(MACHINE_SHOP.draw(chance, "setup_minutes") * (1 - FAMILY_HALF)) if prepared else 0,
            family=f"{center}-F{1 + chance.below(families)}" if families else "",
            crew=0 if chance.yes(MACHINE_SHOP.value("side_by_side_share")) else 1,
            overlap=lot >= 4 and chance.yes(MACHINE_SHOP.value("overlap_share")),
            alternatives=MACHINE_SHOP.whole(chance, "machines_per_step"),
        )  # fmt: skip

    def _order(self, number: int) -> tuple[Product, int, float]:
        """The product, quantity and flow factor of an order; the stream is the same however many are taken."""
        while len(self.drawn) <= number:
            product = self.products[self.stream.rank(self.sums)]
            quantity = max(round(product.lot * self.stream.between(1 - LOT_SPREAD, 1 + LOT_SPREAD)), 1)
            self.drawn.append((product, quantity, MACHINE_SHOP.draw(self.stream, "flow_factor", most=0.95)))
        return self.drawn[number]

    def book(self, count: int, weeks: float) -> Book:
        """Due dates spread evenly over the weeks; orders whose release lies in the past are under way."""
        book = Book(weeks)
        book.crews.update(dict.fromkeys((*self.centers, SETTING), 0))
        for number in range(count):
            product, quantity, factor = self._order(number)
            due = (number + 0.5) / count * weeks * 168
            work = sum(step.setup + step.run * quantity for step in product.steps) / 60
            time = max(factor * self.stated.tightness * work, LEAST_FLOW * self._alone(product, quantity))
            done = max(min(int((1 - due / time) * len(product.steps)), len(product.steps) - 1), 0)
            book.orders.append(Order(product.name, quantity, due, max(due - time, 0.0), done))
            book.use[product.material] += 0 if done else product.units * quantity
            for step in product.steps[done:]:
                self._count(book, step, quantity)
        return book

    def _alone(self, product: Product, quantity: int) -> float:
        """Hours by the clock that an order needs in weeks without holidays when it never waits."""
        return sum(
            (step.setup + step.run * quantity) / 60 * 168 / self.centers[step.center].calendar.hours
            for step in product.steps
        )

    def _count(self, book: Book, step: Step, quantity: int) -> None:
        setup = float(step.setup)
        if step.family:
            setup += (
                MACHINE_SHOP.value("changeover_minutes")
                * FAMILY_HALF
                * MACHINE_SHOP.value("setup_after_other_part")
                / 2
            )
            book.crews[SETTING] += round(setup)
        book.operations += 1
        book.load[step.center] += round(setup + step.run * quantity)
        book.crews[step.center] += round(step.crew * step.run * quantity)

    def draft(self) -> Draft:
        """The whole plant."""
        instance, draft = self.instance, Draft()
        book = settled(self, instance.size, WEEKS[instance.size], self.stated)
        calendars.settings(draft, instance.name)
        write_centers(draft, self.centers)
        self._write_people(draft, book)
        value = self._write_products(draft, book)
        self._write_alternatives(draft, book)
        self._write_changeovers(draft)
        write_supply(draft, self.finish, book, self.prices)
        write_orders(draft, self.finish, book, value)
        return draft

    def _write_people(self, draft: Draft, book: Book) -> None:
        shop, chance = MACHINE_SHOP, self.finish
        people = hire(
            book,
            self.stated.crew_utilisation,
            calendars.TWO_SHIFTS.hours,
            lambda: shop.whole(chance, "kinds_per_worker"),
        )
        setters = sum(SETTING in skills for skills in people)
        for skills in chance.some(people, len(people)):
            if SETTING not in skills and setters < shop.value("setter_share") * len(people):
                skills.append(SETTING)
                setters += 1
        write_people(
            draft, [(skills, self._hours_of(skills)) for skills in people],
            lambda: ADVENTUREWORKS.draw(chance, "cost_per_hour"),
        )  # fmt: skip

    def _hours_of(self, skills: list[str]) -> calendars.Calendar:
        """A post is manned for as long as the first of its machines is open."""
        own = [self.centers[skill].calendar for skill in skills if skill != SETTING]
        return own[0] if own else calendars.TWO_SHIFTS

    def _write_products(self, draft: Draft, book: Book) -> dict[str, float]:
        """Materials, bills, routings; returns the price of each product."""
        value, chance = {}, self.finish
        for name, price in self.prices.items():
            draft.add("materials", material=name, kind="bought", cost=round(price, 2))
        fixtures = self._fixtures(book)
        for product in self.products:
            hours = sum(step.run + step.setup / product.lot for step in product.steps) / 60
            rate = sum(self.centers[step.center].cost for step in product.steps) / len(product.steps)
            cost = product.units * self.prices[product.material] + hours * rate
            value[product.name] = cost * ADVENTUREWORKS.draw(chance, "price_over_cost")
            draft.add("materials", material=product.name, kind="sold", cost=round(cost, 2))
            draft.add("components", material=product.name, component=product.material, quantity=product.units)
            for number, step in enumerate(product.steps, 1):
                self._write_step(draft, product, 10 * number, step, fixtures)
        for name, quantity in fixtures.items():
            draft.add("tools", tool=name, quantity=quantity)
        return value

    def _fixtures(self, book: Book) -> dict[str, int]:
        """A fixture for each family that is used, as often as its work needs."""
        steps = {product.name: product.steps for product in self.products}
        minutes: dict[str, float] = {}
        for order in book.orders:
            for step in steps[order.product][order.done :]:
                if step.family:
                    minutes[step.family] = minutes.get(step.family, 0.0) + step.setup + step.run * order.quantity
        all_families = sorted({step.family for product in self.products for step in product.steps if step.family})
        return {
            f"FIX-{family}": 1 + int(
                minutes.get(family, 0.0)
                / self.centers[family.partition("-")[0]].minutes(book.weeks) / FIXTURE_USE
            )
            for family in all_families
        }  # fmt: skip

    def _write_step(self, draft: Draft, product: Product, number: int, step: Step, fixtures: dict[str, int]) -> None:
        last, setup_crew = 10 * len(product.steps), 1 if step.family else 0
        draft.add(
            "operations", material=product.name, step=number, work_center=step.center, setup_minutes=step.setup,
            run_minutes=step.run, crew=step.crew, skill=step.center if step.crew else None, setup_crew=setup_crew,
            setup_skill=SETTING if setup_crew else None, tool=f"FIX-{step.family}" if step.family else None,
            setup_family=step.family or None,
            overlap_quantity=max(round(product.lot * TRANSFER), 1) if step.overlap and number < last else None,
        )  # fmt: skip

    def _write_alternatives(self, draft: Draft, book: Book) -> None:
        """The machines of each step: as many as measured, or as its work needs, those that have least work so far."""
        steps = {product.name: product.steps for product in self.products}
        minutes: Counter[tuple[str, int]] = Counter()
        for order in book.orders:
            for at in range(order.done, len(steps[order.product])):
                step = steps[order.product][at]
                minutes[order.product, at] += round(step.setup + step.run * order.quantity)
        places = [(product.name, at) for product in self.products for at in range(len(product.steps))]
        rows = []
        for name, at in sorted(places, key=lambda place: -minutes[place]):
            step, center = steps[name][at], self.centers[steps[name][at].center]
            needed = 1 + int(minutes[name, at] / center.minutes(book.weeks) / MACHINE_USE)
            count = max(step.alternatives, needed)
            if count < center.machines:
                rows += [(name, at, machine) for machine in center.spread(count, minutes[name, at])]
        ranks = {place: rank for rank, place in enumerate(places)}
        for name, at, machine in sorted(rows, key=lambda row: ranks[row[0], row[1]]):
            draft.add("operation_machines", material=name, step=10 * (at + 1), machine=machine)

    def _write_changeovers(self, draft: Draft) -> None:
        """Minutes for each pair of families; some pairs need none, as in the real shop."""
        shop = MACHINE_SHOP
        for center in sorted(self.families):
            used = sorted({step.family for product in self.products for step in product.steps if step.center == center})
            for before in used:
                for after in used:
                    minutes = round(shop.draw(self.finish, "changeover_minutes") * FAMILY_HALF)
                    if before != after and self.finish.yes(shop.value("setup_after_other_part")):
                        draft.add(
                            "changeovers", work_center=center, from_family=before, to_family=after, minutes=minutes
                        )
