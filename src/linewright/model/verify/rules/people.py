"""Rules about people: enough of them, able to do it, and one thing at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from linewright.model.verify.breach import Breach
from linewright.model.verify.facts.case import Block, Case, Placed
from linewright.model.verify.facts.rounding import SECOND
from linewright.model.verify.facts.seats import Crew, Seat, seated
from linewright.model.verify.facts.skills import Skills


def crew_faults(case: Case) -> Iterator[Breach]:
    """Each phase has its crew (`crew`), whose skills are valid for the whole phase (`skill`)."""
    if not case.places.people:
        return
    skills = Skills(case.factory, case.places)
    for block in case.all_blocks():
        for operation in block.members:
            crew = _crew_of(case, operation, has_setup=block.setup_seconds + block.changeover_seconds > 0)
            rule, wrong = _crew_fault(case, skills, crew, operation)
            if rule:
                machine = block.machine.machine
                yield Breach(rule, f"{operation.name} {wrong}.", (operation.name,), machine=machine)


def _crew_fault(case: Case, skills: Skills, crew: Crew, operation: Placed) -> tuple[str, str]:
    """The rule that a crew breaks and how; blank when it is right."""
    if crew.empty:
        return "", ""
    wrong = _wrong_person(case, operation)
    if wrong:
        return "crew", wrong
    if not seated(crew, lambda person, seat, _: skills.has(person, seat)):
        return "crew", _need(crew)
    phases = {True: (operation.setup_start, operation.start), False: (operation.start, operation.end)}
    if not seated(crew, lambda person, seat, in_setup: skills.lasts(person, seat, *phases[in_setup])):
        lasts = f"lasts from {case.when(operation.setup_start)} to {case.when(operation.end)}"
        return "skill", f"{lasts}, but {'; '.join(skills.dates(crew))}"
    return "", ""


def _crew_of(case: Case, operation: Placed, *, has_setup: bool) -> Crew:
    """The seats that an operation has to fill in each phase, and who is planned to fill them."""
    step = operation.step
    run = [Seat(step.skill, step.skill_level)] * step.crew
    setup = [Seat(step.setup_skill, step.setup_skill_level)] * step.setup_crew
    both: list[Seat] = []
    for row in case.routes.crews.get((step.material, step.step), ()):
        {"run": run, "setup": setup, "both": both}[row.phase].extend([Seat(row.skill, row.skill_level)] * row.people)
    if not has_setup:
        run, setup, both = run + both, [], []
    bound = operation.choice.person
    return Crew(run, setup, both, operation.people, operation.setup_people, bound)


def _wrong_person(case: Case, operation: Placed) -> str:
    site = case.places.site_of(operation.machine)
    for phase in (operation.people, operation.setup_people):
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
    return f"needs {' and '.join(told) or 'no people'}, but {has}"


def _seats(seats: list[Seat]) -> str:
    kinds = {seat: seats.count(seat) for seat in seats}
    return " and ".join(
        f"{count} people" + (f" with {seat.skill} at level {seat.level}" if seat.skill else "")
        for seat, count in kinds.items()
    )


def _names(people: tuple[str, ...]) -> str:
    return ", ".join(people) or "nobody"


def person_overlap(case: Case) -> Iterator[Breach]:
    """One person does one thing at a time; a load is one thing."""
    busy: dict[str, list[tuple[int, int, Block, str]]] = defaultdict(list)
    for block in case.all_blocks():
        for operation in block.members:
            for person in operation.people:
                busy[person].append((operation.start, operation.end, block, operation.name))
            for person in operation.setup_people:
                busy[person].append((operation.setup_start, operation.start, block, operation.name))
    for person, times in busy.items():
        latest: tuple[int, Block, str] | None = None
        for start, end, block, name in sorted(times, key=lambda item: item[:2]):
            if end <= start:
                continue
            if latest and block is not latest[1] and start < latest[0] - SECOND:
                until, taken = case.when(latest[0]), case.when(start)
                message = f"{person} is needed by {latest[2]} until {until}, but {name} takes them from {taken}."
                yield Breach("person_overlap", message, (latest[2], name), block.machine.machine, person)
            if latest is None or end > latest[0]:
                latest = end, block, name
