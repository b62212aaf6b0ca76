"""A plant that assembles: bills of several levels with shared parts, stock, purchases, and people in three shifts.

Structure, quantities, mix, stock, deliveries and hours are those of the bicycle maker; what a person can do is that
of the furniture factory; minutes of a unit are those of the real machine shop, since the bicycle maker's are made up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import isqrt

from benchmarks.plant import calendars
from benchmarks.plant.book import Book, Center, Order, settled, write_centers, write_orders
from benchmarks.plant.chance import Chance
from benchmarks.plant.draft import Draft
from benchmarks.plant.known import ADVENTUREWORKS, FREPPLE, MACHINE_SHOP
from benchmarks.plant.ladder import SIZES, STATED, WEEKS, Instance
from benchmarks.plant.staff import hire, in_turn, write_people
from benchmarks.plant.supply import write_supply

#: Stated: work centers of each size (7 in the measured set), and the most components of an assembly that are made
#: (up to 10 there), so that a small plant has more than one order.
CENTERS = dict(zip(SIZES, (3, 4, 5, 7, 7, 10, 14, 18, 24, 32), strict=True))
WIDTH = dict(zip(SIZES, (2, 3, 3, 4, 5, 7, 10, 10, 10, 10), strict=True))
LEVELS = 4
#: Stated: the flow factor is taken up to this quantile, since no order waits for months; lots likewise, as the
#: largest are those of screws.
MOST = 0.9
#: Stated: minutes of a unit are taken up to this quantile, since a person does not assemble one thing for days.
LONGEST = 0.75
#: Stated: nobody promises less than this many times what the longest chain of work needs in two shifts.
LEAST_FLOW = 1.5
#: Hours of a week in which a work center with so many hours is manned: nobody works on Saturdays.
MANNED = {80.0: 80.0, 96.0: 80.0, 108.0: 108.0, 120.0: 120.0}
SHIFTS = (calendars.DAY, calendars.EVENING, calendars.NIGHT_FROM_23)


@dataclass
class Step:
    """One step; minutes are for one unit."""

    center: str
    run: float
    crew: int


@dataclass
class Item:
    """Something made: its level (1 is sold), its steps, the components of one unit."""

    name: str
    level: int
    steps: list[Step] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)
    bought: dict[str, int] = field(default_factory=dict)


class Assembly:
    """An assembly plant of some size."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.stated = instance, STATED[instance.kind]
        self.chance, self.stream, self.finish, self.shelf = (Chance(*instance.seed, part) for part in range(4))
        self.centers = {
            name: Center(
                name,
                calendars.OPEN_HOURS[ADVENTUREWORKS.whole(self.chance, "hours_per_week")],
                ADVENTUREWORKS.draw(self.chance, "cost_per_hour"),
            )
            for name in (f"WC{number:02}" for number in range(1, CENTERS[instance.size] + 1))
        }
        for center in self.centers.values():
            center.open_share = MANNED[center.calendar.hours] / center.calendar.hours
        self.visits = {name: ADVENTUREWORKS.draw(self.chance, "relative_visits") for name in self.centers}
        self._make_items()
        self.mean_steps = sum(self._tree(name) for name in self.sold) / len(self.sold)
        self.sums = list(accumulate(ADVENTUREWORKS.weights("mix", len(self.sold))))
        self.cover = {name: ADVENTUREWORKS.draw(self.shelf, "made_cover_weeks") for name in self.items}
        self.drawn: list[tuple[str, int, float]] = []

    def _make_items(self) -> None:
        """Products on top, assemblies that they share below, and parts at the bottom."""
        products = max(3, isqrt(self.instance.size) // 4)
        count = {1: products, 2: max(products // 2, 2), 3: max(products // 3, 2)}
        width = WIDTH[self.instance.size]
        uses = sum(count.values()) * width
        count[LEVELS] = max(round(uses / ADVENTUREWORKS.value("parents")), 2 * width)
        names = {level: [f"{'PASM'[level - 1]}-{at}" for at in range(1, count[level] + 1)] for level in count}
        self.prices = {
            f"BUY-{at}": ADVENTUREWORKS.draw(self.chance, "purchase_price")
            for at in range(1, 2 * sum(count.values()) + 1)
        }
        self.items = {name: self._item(name, level, names, width) for level in sorted(count) for name in names[level]}
        self.sold = names[1]
        self._set_minutes()

    def _item(self, name: str, level: int, names: dict[int, list[str]], width: int) -> Item:
        chance, item = self.chance, Item(name, level)
        made = min(ADVENTUREWORKS.whole(chance, "made_components"), width) if level < LEVELS else 0
        lines = max(round(ADVENTUREWORKS.draw(chance, "components")) - made, 1)
        if made:
            # One component reaches down to the next level of assemblies; the others are parts.
            parts = chance.some(names[LEVELS], made - (level < LEVELS - 1))
            deeper = [chance.one(names[level + 1])] if level < LEVELS - 1 else []
            item.made = dict.fromkeys(deeper, 1) | {
                one: ADVENTUREWORKS.whole(chance, "quantity_per_assembly") for one in parts
            }
        item.bought = {
            one: ADVENTUREWORKS.whole(chance, "quantity_per_assembly") for one in chance.some(list(self.prices), lines)
        }
        for _ in range(ADVENTUREWORKS.whole(chance, "steps_per_routing")):
            center = chance.weighed(list(self.visits), list(self.visits.values()))
            item.steps.append(Step(center, 0.0, round(FREPPLE.draw(chance, "crew"))))
        return item

    def _set_minutes(self) -> None:
        """Minutes of a unit; a part that goes in eight times takes an eighth of them each time."""
        units = dict.fromkeys(self.items, 1.0)
        used: Counter[str] = Counter()
        for item in self.items.values():
            for part, quantity in item.made.items():
                used[part] += 1
                units[part] += quantity - 1
        for item in self.items.values():
            for step in item.steps:
                minutes = MACHINE_SHOP.draw(self.chance, "run_minutes_per_unit", LONGEST)
                step.run = max(
                    round(minutes * max(used[item.name], 1) / (units[item.name] + used[item.name] - 1 or 1), 2), 0.02
                )

    def _tree(self, name: str) -> int:
        """Operations of an item with everything made for it."""
        item = self.items[name]
        return len(item.steps) + sum(map(self._tree, item.made))

    def _path(self, name: str, quantity: int) -> float:
        """Hours of the longest chain of work under an item."""
        item = self.items[name]
        own = sum(step.run for step in item.steps) * quantity / 60
        return own + max((self._path(part, quantity * per) for part, per in item.made.items()), default=0.0)

    def _order(self, number: int) -> tuple[str, int, float]:
        while len(self.drawn) <= number:
            product = self.sold[self.stream.rank(self.sums)]
            quantity = max(round(ADVENTUREWORKS.draw(self.stream, "lot_size", MOST)), 1)
            factor = MACHINE_SHOP.draw(self.stream, "flow_factor", MOST)
            least = LEAST_FLOW * 168 / (2 * calendars.DAY.hours)
            self.drawn.append(
                (product, quantity, max(factor * self.stated.tightness, least) * self._path(product, quantity))
            )
        return self.drawn[number]

    def book(self, count: int, weeks: float) -> Book:
        """Due dates spread evenly over the weeks, and what is made for the orders beside what is in stock."""
        book = Book(weeks)
        book.crews.update(dict.fromkeys((step.center for item in self.items.values() for step in item.steps), 0))
        orders = [self._order(number) for number in range(count)]
        times = [time for _, _, time in orders]
        wait = self.stated.early * sum(times) / len(times)
        for number, (product, quantity, _) in enumerate(orders):
            due = wait + (number + 0.5) / count * weeks * 168
            book.orders.append(Order(product, quantity, due, max(due - times[number], 0.0)))
        self._net(book)
        return book

    def _net(self, book: Book) -> None:
        """Take parts from stock as long as it lasts, first come first served, and count what must be made."""
        need: Counter[str] = Counter()
        for order in book.orders:
            self._add(need, order.product, order.quantity)
        self.stock = {
            name: round(need[name] / book.weeks * self.cover[name]) if self.items[name].level > 1 else 0
            for name in self.items
        }
        left = dict(self.stock)
        for order in book.orders:
            self._make(book, left, order.product, order.quantity)

    def _add(self, need: Counter[str], name: str, quantity: int) -> None:
        need[name] += quantity
        for part, per in self.items[name].made.items():
            self._add(need, part, quantity * per)

    def _make(self, book: Book, left: dict[str, int], name: str, quantity: int) -> None:
        taken = min(left[name], quantity)
        left[name] -= taken
        quantity -= taken
        if not quantity:
            return
        item = self.items[name]
        for step in item.steps:
            minutes = round(step.run * quantity)
            book.operations += 1
            book.load[step.center] += minutes
            book.crews[step.center] += minutes * step.crew
        for part, per in item.bought.items():
            book.use[part] += per * quantity
        for part, per in item.made.items():
            self._make(book, left, part, per * quantity)

    def draft(self) -> Draft:
        """The whole plant."""
        instance, draft, chance = self.instance, Draft(), self.finish
        book = settled(self, instance.size, WEEKS[instance.size], self.stated)
        calendars.settings(draft, instance.name)
        write_centers(draft, self.centers)
        people = hire(
            book, self.stated.crew_utilisation, calendars.DAY.hours, lambda: FREPPLE.whole(chance, "skills_per_person")
        )
        write_people(draft, in_turn(people, self._shifts), lambda: ADVENTUREWORKS.draw(chance, "cost_per_hour"))
        for name, price in self.prices.items():
            draft.add("materials", material=name, kind="bought", cost=round(price, 2))
        cost: dict[str, float] = {}
        for item in sorted(self.items.values(), key=lambda item: -item.level):
            cost[item.name] = self._write_item(draft, item, cost)
        value = {name: cost[name] * ADVENTUREWORKS.draw(chance, "price_over_cost") for name in self.sold}
        write_supply(draft, chance, book, self.prices)
        write_orders(draft, chance, book, value)
        return draft

    def _shifts(self, skills: Sequence[str]) -> Sequence[calendars.Calendar]:
        """Nobody comes at night when the work center of the first skill is closed then."""
        return SHIFTS if self.centers[skills[0]].calendar.hours > 96 else SHIFTS[:2]

    def _write_item(self, draft: Draft, item: Item, cost: dict[str, float]) -> float:
        """Its material, bill, routing and stock; returns what one unit costs."""
        own = sum(step.run / 60 * self.centers[step.center].cost for step in item.steps)
        total = own + sum(self.prices[part] * per for part, per in item.bought.items())
        total += sum(cost[part] * per for part, per in item.made.items())
        draft.add("materials", material=item.name, kind="sold" if item.level == 1 else "made", cost=round(total, 2))
        for part, per in (item.made | item.bought).items():
            draft.add("components", material=item.name, component=part, quantity=per)
        for number, step in enumerate(item.steps, 1):
            draft.add(
                "operations", material=item.name, step=10 * number, work_center=step.center, run_minutes=step.run,
                crew=step.crew, skill=step.center if step.crew else None,
            )  # fmt: skip
        if self.stock[item.name]:
            draft.add("stock", material=item.name, quantity=self.stock[item.name])
        return total
