"""Can these people fill these seats? Matching people with what an operation asks for, phase by phase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a crew: a skill (blank: anyone) and its least level."""

    skill: str
    level: int


Seats = tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Crew:
    """What an operation asks for, and the people that it is given.

    `both` are seats whose people stay from setup to run. `bound` is the person of the chosen alternative, who
    takes a seat of the run; only with `beside` they may come on top, because no seat is surely theirs.
    """

    run: Seats
    setup: Seats
    both: Seats
    people: tuple[str, ...]
    setup_people: tuple[str, ...]
    bound: str
    beside: bool

    @property
    def empty(self) -> bool:
        """Whether nobody is asked for and nobody is given."""
        return not (self.run or self.setup or self.both or self.people or self.setup_people)


#: Whether a person may take a seat; the last argument says whether in setup (True) or run.
Able = Callable[[str, Seat, bool], bool]


def seated(crew: Crew, able: Able) -> bool:
    """Whether the people fill all seats, and nobody is there without one."""
    return _seat_both(crew, able, list(crew.people), list(crew.setup_people), 0)


def _seat_both(crew: Crew, able: Able, people: list[str], setup_people: list[str], number: int) -> bool:
    """Try everybody who is there in both phases on the seats that last through both, then fill the others."""
    if number == len(crew.both):
        return _fill(setup_people, crew.setup, lambda person, seat: able(person, seat, True)) and _fill_run(
            crew, able, people
        )
    seat = crew.both[number]
    for person in people:
        if person in setup_people and able(person, seat, True) and able(person, seat, False):
            others = [other for other in people if other != person]
            setup_others = [other for other in setup_people if other != person]
            if _seat_both(crew, able, others, setup_others, number + 1):
                return True
    return False


def _fill_run(crew: Crew, able: Able, people: list[str]) -> bool:
    if crew.beside and len(people) == len(crew.run) + 1 and crew.bound in people:
        people = [person for person in people if person != crew.bound]
    return _fill(people, crew.run, lambda person, seat: able(person, seat, False))


def _fill(people: Sequence[str], seats: Sequence[Seat], able: Callable[[str, Seat], bool]) -> bool:
    """Whether people and seats can be paired off completely (augmenting paths, Kuhn 1955)."""
    if len(people) != len(seats):
        return False
    taken: dict[int, str] = {}

    def place(person: str, tried: set[int]) -> bool:
        for number, seat in enumerate(seats):
            if number in tried or not able(person, seat):
                continue
            tried.add(number)
            if number not in taken or place(taken[number], tried):
                taken[number] = person
                return True
        return False

    return all(place(person, set()) for person in people)
