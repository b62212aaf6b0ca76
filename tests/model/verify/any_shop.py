"""Random small factories that use every table which a plan must respect; the same seed gives the same factory."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from linewright.model.factory import Factory

Row = dict[str, Any]
START = datetime(2026, 3, 26, 5, 0, tzinfo=UTC)  # a Thursday, three days before the clocks change in Berlin


class AnyShop:
    """Draws the rows of one factory, table by table."""

    def __init__(self, seed: int, *, named: bool = False) -> None:
        self.random = Random(seed)
        self.named = named
        self.materials = [f"part {letter}" for letter in "ABCDE"[: self.random.randint(2, 5)]]
        self.sites = ["", "north", "south"][: self.random.choice([1, 1, 3])]
        self.centers = [f"center {number}" for number in range(self.random.randint(1, 3))]
        self.machines = [f"M{number}" for number in range(self.random.randint(3, 5))]
        self.people = [f"person {number}" for number in range(self.random.choice([0, 2, 4]))]
        self.tools = [f"tool {number}" for number in range(self.random.randint(0, 2))]

    def chance(self, share: float) -> bool:
        """True in this share of the draws."""
        return self.random.random() < share

    def minutes(self, most: int) -> float:
        """Minutes, sometimes with a fraction, sometimes none."""
        return self.random.choice([0.0, self.random.randint(1, most), self.random.uniform(1, most)])

    def hours_from_start(self, first: int, last: int) -> datetime:
        """A whole hour so many hours after the plan's start."""
        return START + timedelta(hours=self.random.randint(first, last))

    def calendar(self) -> str:
        """A calendar's name, or blank."""
        return self.random.choice(["", "day", "night", "split", "day"])

    def factory(self) -> Factory:
        """All tables together."""
        return Factory.of(
            settings=[{
                "start": START, "timezone": "Europe/Berlin", "price_per_kwh": 0.25,
                "frozen_hours": 4.0, "move_cost": 3.0,
            }],
            sites=[{"site": site, "timezone": "Asia/Tokyo" if site == "south" else ""} for site in self.sites if site],
            shifts=self.shifts(),
            calendar_exceptions=self.exceptions(),
            work_centers=[
                {"work_center": center, "site": self.random.choice(self.sites), "cost_per_hour": 60.0}
                for center in self.centers
            ],
            machines=[self.machine(name, number) for number, name in enumerate(self.machines)],
            tools=[
                # A step may hold the last tool twice.
                {"tool": tool, "quantity": self.random.randint(1, 2) + (tool == self.tools[-1])}
                for tool in self.tools
            ],
            people=[self.person(name) for name in self.people],
            skills=self.skills(),
            materials=[{"material": name, "cost": 50.0} for name in [*self.materials, "raw", "screw"]],
            **self.routing(),
            **self.supply(),
            **self.demand(),
        )  # fmt: skip

    def shifts(self) -> list[Row]:
        """A day with a break, a night over midnight, and two windows that touch and one that does not."""
        rows = [("day", "mon-fri", 6, 14, True), ("night", "mon-sat", 22, 6, True), ("split", "mon-sun", 5, 9, True),
                ("split", "mon-sun", 9, 12, True), ("split", "mon-sun", 14, 20, True)]  # fmt: skip
        made = [
            {"calendar": calendar, "weekday": days, "start": time(start), "end": time(end), "working": working}
            for calendar, days, start, end, working in rows
        ]
        pause = {"calendar": "day", "weekday": "mon-fri", "start": time(10), "end": time(10, 30), "working": False}
        return [*made, pause]

    def exceptions(self) -> list[Row]:
        """Some closed and some added windows that may cover each other."""
        return [
            {"calendar": self.random.choice(["day", "night", "split"]), "start": begin,
             "end": begin + timedelta(hours=self.random.randint(1, 12)), "working": self.chance(0.6),
             "cost_per_hour": 20.0}
            for begin in (self.hours_from_start(-5, 120) for _ in range(self.random.randint(0, 6)))
        ]  # fmt: skip

    def machine(self, name: str, number: int) -> Row:
        """A machine of a random kind in one of the work centers; each center has at least one of them."""
        kind = self.random.choice(
            [{}, {}, {"capacity": 3}, {"capacity": 3, "batch": True, "min_load": self.random.randint(1, 2)}]
        )
        return {
            "machine": name, "work_center": self.centers[number % len(self.centers)], "calendar": self.calendar(),
            "speed": self.random.choice([1.0, 1.0, 1.7]), "setup_family": self.random.choice(["", "red"]),
            "setup_kw": 2.0, "run_kw": 7.0, **kind,
        }  # fmt: skip

    def person(self, name: str) -> Row:
        """Two people always work, so that no crew is impossible; the others may have a calendar."""
        always = name in self.people[:2]
        return {"person": name, "calendar": "" if always else self.random.choice(["", "day", "split"])}

    def skills(self) -> list[Row]:
        """Everybody welds, so that a crew can be found; some also set up, for a time."""
        rows = [{"person": name, "skill": "weld", "level": self.random.randint(1, 2)} for name in self.people]
        for number, name in enumerate(self.people):
            expires = None if number == 0 or self.chance(0.5) else date(2026, 4, self.random.randint(1, 20))
            since = None if number == 0 or self.chance(0.5) else date(2026, 3, self.random.randint(20, 30))
            rows.append({"person": name, "skill": "set", "level": 1, "since": since, "expires": expires})
        return rows

    def routing(self) -> dict[str, list[Row]]:
        """Routes of one to three steps, with alternatives, crews, tools and changeovers."""
        operations, alternatives, crews, tools = [], [], [], []
        for material in self.materials:
            for step in range(10, 10 * self.random.randint(2, 4), 10):
                row = self.operation(material, step)
                operations.append(row)
                key = {"material": material, "step": step}
                if self.chance(0.25):
                    chosen = self.random.sample(self.machines, min(2, len(self.machines)))
                    alternatives += [
                        key | {"machine": name, "run_minutes": self.random.choice([None, 3.0]),
                               "preference": self.random.choice([0.0, 5.0])}
                        for name in chosen
                    ]  # fmt: skip
                if self.people and self.chance(0.2):
                    crews.append(key | {"skill": "weld", "phase": self.random.choice(["run", "setup", "both"])})
                if self.people and self.named and self.chance(0.6):
                    alternatives += self.with_people(row, alternatives, crews)
                if self.tools and self.chance(0.1):
                    tools.append(key | {"tool": self.tools[-1]})
        return {
            "operations": operations, "operation_machines": alternatives, "operation_crews": crews,
            "operation_tools": tools, "changeovers": self.changeovers(),
        }  # fmt: skip

    def with_people(self, row: Row, alternatives: list[Row], crews: list[Row]) -> list[Row]:
        """Rows that name people for a step, who may have the skill of its crew or not."""
        key = {"material": row["material"], "step": row["step"]}
        alone = not any(key.items() <= crew.items() for crew in crews)
        if alone:
            most = 3 if len(self.people) > 2 else 1
            row |= {"crew": self.random.randint(0, most), "skill": self.random.choice(["weld", "weld", ""])}
            if self.chance(0.3):
                row |= {"crew": min(row["crew"], 1), "skill": "set"}
        listed = [other["machine"] for other in alternatives if key.items() <= other.items()]
        machine = self.random.choice(listed or self.machines)
        return [
            key | {"machine": machine, "person": person, "run_minutes": self.random.choice([None, 4.0, 5.0])}
            for person in self.random.sample(["", *self.people], self.random.randint(1, 2))
        ]

    def operation(self, material: str, step: int) -> Row:
        """One step of a random kind."""
        crew = self.random.choice([0, 0, 1]) if self.people else 0
        setup_crew = self.random.choice([0, 0, 1]) if self.people else 0
        return {
            "material": material, "step": step, "work_center": self.random.choice(self.centers),
            "setup_minutes": self.minutes(30), "run_minutes": self.minutes(12), "fixed_minutes": self.minutes(40),
            "batch_size": self.random.choice([1.0, 4.0]), "load": self.random.choice([1, 1, 2]),
            "crew": crew, "skill": "weld" if crew and self.chance(0.7) else "", "setup_crew": setup_crew,
            "setup_skill": "set" if setup_crew and self.chance(0.7) else "",
            "tool": self.random.choice(["", *self.tools]), "setup_family": self.random.choice(["", "red", "blue"]),
            "yield_share": self.random.choice([1.0, 1.0, 0.9]),
            "min_wait_minutes": self.random.choice([0.0, 0.0, 45.0]),
            "max_wait_minutes": self.random.choice([None, None, None, 3000.0]),
            "overlap_quantity": self.random.choice([None, None, 3.0]),
            "after": self.random.choice(["", "", "", "-"]), "kwh_per_unit": self.random.choice([0.0, 0.4]),
        }  # fmt: skip

    def changeovers(self) -> list[Row]:
        """Rows for all, for a work center and for a machine, some with blanks."""
        return [
            {"work_center": self.random.choice(["", self.centers[0]]), "machine": self.random.choice(["", "", "M0"]),
             "from_family": self.random.choice(["", "red", "blue"]),
             "to_family": self.random.choice(["", "red", "blue"]),
             "minutes": self.minutes(25), "cost": self.random.choice([0.0, 8.0])}
            for _ in range(self.random.randint(0, 4))
        ]  # fmt: skip

    def supply(self) -> dict[str, list[Row]]:
        """Each material needs raw material; later ones may need the first."""
        lines = [{"material": name, "component": self.random.choice(["raw", "screw"]), "quantity": 2.0,
                  "scrap_share": self.random.choice([0.0, 0.1]), "step": self.random.choice([None, 10])}
                 for name in self.materials if self.chance(0.7)]  # fmt: skip
        lines += [{"material": name, "component": self.materials[0]} for name in self.materials[1:] if self.chance(0.4)]
        stock = [{"material": name, "site": self.random.choice(self.sites),
                  "quantity": float(self.random.randint(0, 60)),
                  "available_from": self.random.choice([None, self.hours_from_start(0, 30)])}
                 for name in ("raw", "screw", "screw", self.materials[0])]  # fmt: skip
        lanes = [{"lane": f"{a}-{b}", "from_site": a, "to_site": b, "days": self.random.choice([0.0, 0.3, 0.7])}
                 for a in self.sites for b in self.sites if a and b and a != b]  # fmt: skip
        return {
            "components": lines, "stock": stock, "lanes": lanes,
            "sources": [{"material": "raw", "supplier": "X", "lead_days": self.random.choice([0.5, 3.0])}],
            "purchases": [
                {"purchase": "P1", "material": "screw", "quantity": 40.0, "due": self.hours_from_start(-9, 60)}
            ],
            "tariffs": [{"site": self.random.choice(self.sites), "start": begin, "end": begin + timedelta(hours=9),
                         "eur_per_kwh": self.random.choice([0.1, 0.6])}
                        for begin in (self.hours_from_start(-9, 90) for _ in range(4))],
        }  # fmt: skip

    def demand(self) -> dict[str, list[Row]]:
        """Orders, and work orders of which some have begun, are pinned or have a due date."""
        orders = [{"order": f"O{number}", "material": self.random.choice(self.materials),
                   "quantity": float(self.random.randint(1, 12)),
                   "due": self.random.choice([None, self.hours_from_start(5, 200)]),
                   "release": self.random.choice([None, None, self.hours_from_start(0, 40)]),
                   "site": self.random.choice(self.sites)}
                  for number in range(self.random.randint(1, 4))]  # fmt: skip
        work_orders = []
        for number in range(self.random.randint(0, 4)):
            row: Row = {"work_order": f"W{number}", "material": self.random.choice(self.materials),
                        "quantity": float(self.random.randint(1, 12)), "order": self.random.choice(["", "", "O0"]),
                        "due": self.random.choice([None, self.hours_from_start(5, 150)]),
                        "release": self.random.choice([None, None, self.hours_from_start(0, 20)])}  # fmt: skip
            kind = self.random.choice(["new", "begun", "pinned"])
            if kind == "begun":
                row |= {"step": 10, "done_quantity": float(self.random.randint(0, 3))}
            elif kind == "pinned":
                row |= {"step": 10, "pinned": True, "pinned_start": self.hours_from_start(0, 40)}
            work_orders.append(row)
        return {"orders": orders, "work_orders": work_orders}


def any_shop(seed: int, *, named: bool = False) -> Factory:
    """The factory of a seed; with `named`, many rows of `operation_machines` name people."""
    return AnyShop(seed, named=named).factory()
