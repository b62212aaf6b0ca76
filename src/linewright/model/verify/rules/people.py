"""Rules about people: enough of them, able to do it, and one thing at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Case
from linewright.model.verify.facts.columns import BoolArray, numbered, positions, running_latest
from linewright.model.verify.facts.rounding import SECOND
from linewright.model.verify.facts.routes import Routes
from linewright.model.verify.facts.seats import Crew, Seat, Seats, seated
from linewright.model.verify.facts.skills import Skills


def crew_faults(case: Case) -> Iterator[Breach]:
    """Each phase has its crew (`crew`), whose skills are valid for the whole phase (`skill`)."""
    if not case.places.people:
        return
    skills = Skills(case.factory, case.places)
    blocks, seen = case.blocks, dict[tuple[Crew, str], str]()
    has_setup = (blocks.setup_seconds + blocks.changeover_seconds > 0)[blocks.of]
    for at in blocks.members[_concerned(case)[blocks.members]].tolist():
        crew = _crew_of(case, skills, at, has_setup=bool(has_setup[at]))
        site = case.places.site_of(case.machine(at))
        if (crew, site) not in seen:
            seen[crew, site] = _crew_fault(case, skills, crew, site)
        rule, wrong = "crew", seen[crew, site]
        if not wrong:
            rule, wrong = "skill", _skill_fault(case, skills, crew, at)
        if wrong:
            name = case.operations.name(at)
            yield Breach(rule, f"{name} {wrong}.", (name,), machine=case.machine(at).machine)


def _concerned(case: Case) -> BoolArray:
    """The operations that ask for people or are given some."""
    routes, operations = case.routes, case.operations
    asks = (routes.table.whole("crew") > 0) | (routes.table.whole("setup_crew") > 0)
    asks[list(routes.crews)] = True
    concerned = asks[operations.row]
    concerned[operations.with_people] = True
    return concerned


def _crew_fault(case: Case, skills: Skills, crew: Crew, site: str) -> str:
    """What is wrong with a crew at a site, whenever it works; blank when it is right."""
    if crew.empty:
        return ""
    wrong = _wrong_person(case, crew, site)
    if wrong:
        return wrong
    return "" if seated(crew, lambda person, seat, _: skills.has(person, seat)) else _need(crew)


def _skill_fault(case: Case, skills: Skills, crew: Crew, at: int) -> str:
    """Which skill of a crew does not last for an operation; blank when all do."""
    operations = case.operations
    if crew.empty or not skills.dated:
        return ""
    start = int(operations.start[at])
    phases = {True: (int(operations.setup_start[at]), start), False: (start, int(operations.end[at]))}
    if seated(crew, lambda person, seat, in_setup: skills.lasts(person, seat, *phases[in_setup])):
        return ""
    lasts = f"lasts from {case.when(operations.setup_start[at])} to {case.when(operations.end[at])}"
    return f"{lasts}, but {'; '.join(skills.dates(crew))}"


def _crew_of(case: Case, skills: Skills, at: int, *, has_setup: bool) -> Crew:
    """The seats that an operation has to fill in each phase, and who is planned to fill them."""
    operations, row = case.operations, int(case.operations.row[at])
    run, setup, both = _seats_of(case.routes, row)
    if not has_setup:
        run, setup, both = run + both, (), ()
    bound = operations.choice.person[at]
    beside = bool(bound) and not any(skills.always_has(bound, seat) for seat in (*run, *both))
    return Crew(run, setup, both, operations.people[at], operations.setup_people[at], bound, beside)


def _seats_of(routes: Routes, row: int) -> tuple[Seats, Seats, Seats]:
    """The seats of a row of the routes: for the run, for the setup, and for both together."""
    if row not in routes.seats:
        step = routes.table.frame.row(row, named=True)
        run = [Seat(step["skill"], step["skill_level"])] * step["crew"]
        setup = [Seat(step["setup_skill"], step["setup_skill_level"])] * step["setup_crew"]
        both: list[Seat] = []
        for crew in routes.crews.get(row, ()):
            phase = {"run": run, "setup": setup, "both": both}[crew.phase]
            phase.extend([Seat(crew.skill, crew.skill_level)] * crew.people)
        routes.seats[row] = tuple(run), tuple(setup), tuple(both)
    return routes.seats[row]


def _wrong_person(case: Case, crew: Crew, site: str) -> str:
    for phase in (crew.people, crew.setup_people):
        for name in phase:
            person = case.places.people.get(name)
            if person is None:
                return f"is planned with {name}, who is not in people"
            if phase.count(name) > 1:
                return f"has {name} twice at the same time"
            if person.site and site and person.site != site:
                return f"is in {site}, but {name} works in {person.site}"
    return ""


def _need(crew: Crew) -> str:
    wanted = [(crew.run, "its run"), (crew.setup, "its setup"), (crew.both, "setup and run together")]
    told = [f"{_seats(seats)} for {phase}" for seats, phase in wanted if seats]
    has = f"has {_names(crew.people)} for the run and {_names(crew.setup_people)} for the setup"
    if crew.bound in crew.people and not crew.beside:
        has += f" ({crew.bound}, whom operation_machines names, takes a seat)"
    return f"needs {' and '.join(told) or 'no people'}, but {has}"


def _seats(seats: Seats) -> str:
    kinds = {seat: seats.count(seat) for seat in seats}
    return " and ".join(
        f"{count} people" + (f" with {seat.skill} at level {seat.level}" if seat.skill else "")
        for seat, count in kinds.items()
    )


def _names(people: tuple[str, ...]) -> str:
    return ", ".join(people) or "nobody"


def person_overlap(case: Case) -> Iterator[Breach]:
    """One person does one thing at a time; a load is one thing."""
    operations, blocks = case.operations, case.blocks
    busy = [
        (person, at, in_setup)
        for at in blocks.members[np.isin(blocks.members, operations.with_people)].tolist()
        for in_setup, crew in ((False, operations.people[at]), (True, operations.setup_people[at]))
        for person in crew
    ]
    if not busy:
        return
    names = list(dict.fromkeys(person for person, _, _ in busy))
    who = positions([person for person, _, _ in busy], numbered(names))
    what = np.array([at for _, at, _ in busy])
    in_setup = np.array([phase for _, _, phase in busy])
    begin = np.where(in_setup, operations.setup_start[what], operations.start[what])
    end = np.where(in_setup, operations.start[what], operations.end[what])
    order = np.lexsort((end, begin, who))
    order = order[end[order] > begin[order]]
    earlier = running_latest(who[order], end[order])
    block = blocks.of[what[order]]
    wrong = (earlier >= 0) & (block != block[earlier]) & (begin[order] < end[order][earlier] - SECOND)
    for before, after in zip(order[earlier[wrong]].tolist(), order[wrong].tolist(), strict=True):
        person, first, second = names[who[after]], operations.name(what[before]), operations.name(what[after])
        until, taken = case.when(end[before]), case.when(begin[after])
        message = f"{person} is needed by {first} until {until}, but {second} takes them from {taken}."
        yield Breach("person_overlap", message, (first, second), case.machine(what[after]).machine, person)
