"""People with skills: as many as the work asks for, each in one shift."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.plant.book import Book
from benchmarks.plant.calendars import Calendar
from benchmarks.plant.draft import Draft

#: The rest of a person's work that is too small to hire another one for.
CRUMB = 0.02


def hire(book: Book, utilisation: float, hours: float, skills_of_one: Callable[[], int]) -> list[list[str]]:
    """The skills of each person, such that the people together can do all work at this utilisation.

    The next person takes the skill that lacks most, and as many further ones as `skills_of_one` says.
    """
    lack = {skill: minutes / (60 * hours * book.weeks * utilisation) for skill, minutes in sorted(book.crews.items())}
    people: list[list[str]] = []
    while lack and max(lack.values()) > CRUMB:
        mine = sorted(lack, key=lambda skill: (-lack[skill], skill))[: skills_of_one()]
        left = 1.0
        for skill in mine:
            taken = min(left, lack[skill])
            lack[skill] -= taken
            left -= taken
        people.append(mine)
    had = {skill for person in people for skill in person}
    return people + [[skill] for skill in lack if skill not in had]


def write_people(draft: Draft, people: Sequence[tuple[Sequence[str], Calendar]], cost: Callable[[], float]) -> None:
    """People, their skills, and their calendars."""
    for number, (skills, calendar) in enumerate(people, 1):
        draft.add("people", person=f"P{number}", calendar=calendar.name, cost_per_hour=round(cost(), 2))
        for skill in skills:
            draft.add("skills", person=f"P{number}", skill=skill)
    for calendar in dict.fromkeys(calendar for _, calendar in people):
        calendar.write(draft)


def in_turn(
    people: Sequence[Sequence[str]], shifts: Callable[[Sequence[str]], Sequence[Calendar]]
) -> list[tuple[Sequence[str], Calendar]]:
    """Give each person one of the shifts that fit the skills; people whose first skill is the same take turns."""
    seen: dict[str, int] = {}
    placed = []
    for skills in people:
        fitting = shifts(skills)
        at = seen[skills[0]] = seen.get(skills[0], -1) + 1
        placed.append((skills, fitting[at % len(fitting)]))
    return placed
