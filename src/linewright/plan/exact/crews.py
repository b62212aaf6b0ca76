"""People and tools in the exact model."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from linewright.plan.exact.draft import Draft
from linewright.shop.arrays import BOTH, RUN, SETUP
from linewright.shop.working_time import NEVER

#: A kind of person: calendar, site, the groups it qualifies for with dates, and its own position if it is named.
Kind = tuple[int, int, tuple[tuple[int, int, int], ...], int]

#: For each kind of person the seats of a run: whether it sits there, and whether its skill counts on all days.
Seated = dict[Kind, list[tuple[Any, bool]]]


def add_tools(draft: Draft) -> None:
    """Each tool is held from setup to end."""
    shop, model = draft.shop, draft.model
    held: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for at in range(draft.size):
        for hold in range(*shop.operations.first_hold[at : at + 2].tolist()):
            held[int(shop.holds.tool[hold])].append((at, int(shop.holds.quantity[hold])))
    for tool, users in held.items():
        blocks = [span(draft, draft.begin[at], draft.end[at], None) for at, _ in users]
        model.add_cumulative(blocks, [quantity for _, quantity in users], int(shop.tools[tool]))


def span(draft: Draft, begin: Any, end: Any, literal: Any) -> Any:
    """An interval of any length."""
    size = draft.model.new_int_var(0, draft.horizon, "")
    if literal is None:
        return draft.model.new_interval_var(begin, size, end, "")
    return draft.model.new_optional_interval_var(begin, size, end, literal, "")


def add_people(draft: Draft) -> None:
    """Every seat is taken by one kind of person, and of each kind no more work at a time than there are.

    People who are alike in everything that counts are one kind, so that the model need not tell them apart: intervals
    of which at most n overlap can always be given to n people (interval graphs are perfect; Golumbic 1980, ch. 8).
    In an oven one crew may serve a whole load, so seats there are left open.
    """
    kinds = _kinds(draft)
    busy: dict[Kind, list[Any]] = defaultdict(list)
    for at in range(draft.size):
        _name(draft, at, kinds, busy, _seat(draft, at, kinds, busy))
    count: dict[Kind, int] = defaultdict(int)
    for kind in kinds.values():
        count[kind] += 1
    for kind, spans in busy.items():
        if count[kind] == 1:
            draft.model.add_no_overlap(spans)
        else:
            draft.model.add_cumulative(spans, [1] * len(spans), count[kind])


def _kinds(draft: Draft) -> dict[int, Kind]:
    """The kind of every person."""
    shop = draft.shop
    named = set(shop.modes.person.tolist())
    groups: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for group in range(shop.first_qualified.size - 1):
        for entry in range(*shop.first_qualified[group : group + 2].tolist()):
            row = shop.qualified[entry]
            groups[int(row.person)].append((group, int(row.since), int(row.until)))
    return {
        at: (int(shop.people.calendar[at]), int(shop.people.site[at]), tuple(groups[at]), at if at in named else -1)
        for at in range(shop.people.size)
    }


def _name(draft: Draft, at: int, kinds: dict[int, Kind], busy: dict[Kind, list[Any]], seats: Seated) -> None:
    """Whom a mode names sits in the run's crew, or comes beside it where no seat is surely theirs."""
    naming: dict[int, list[Any]] = defaultdict(list)
    for mode, literal in draft.mode[at].items():
        person = int(draft.shop.modes.person[mode])
        if person >= 0 and not draft.shop.machines.batch[draft.machine_of(mode)]:
            naming[person].append(literal)
    for person, literals in naming.items():
        own = [literal for literal, _ in seats[kinds[person]]]
        if any(always for _, always in seats[kinds[person]]):
            draft.model.add(sum(own) >= sum(literals))
            continue
        for literal in literals:
            beside = literal
            if own:
                beside = draft.literal(f"beside{at}")
                draft.model.add_bool_or(literal.negated(), beside, *own)
            busy[kinds[person]].append(span(draft, draft.start[at], draft.end[at], beside))


def _seat(draft: Draft, at: int, kinds: dict[int, Kind], busy: dict[Kind, list[Any]]) -> Seated:
    """Fill every seat of one operation; who may sit in its run."""
    shop, model = draft.shop, draft.model
    served = {
        mode: literal for mode, literal in draft.mode[at].items() if not shop.machines.batch[draft.machine_of(mode)]
    }
    taken: dict[tuple[Kind, int], list[Any]] = defaultdict(list)
    in_run: Seated = defaultdict(list)
    for seat in range(*shop.operations.first_seat[at : at + 2].tolist()):
        group, phase = int(shop.seats.group[seat]), int(shop.seats.phase[seat])
        able = {
            kind: (since, until)
            for kind in dict.fromkeys(kinds.values())
            for other, since, until in kind[2]
            if other == group
        }
        literals = {kind: draft.literal(f"seat{seat}") for kind in able}
        if phase == SETUP:
            _seat_setup(draft, at, served, list(literals.values()))
        else:
            model.add(sum(literals.values()) == sum(served.values()))
        for kind, literal in literals.items():
            begin = draft.start[at] if phase == RUN else draft.begin[at]
            end = draft.start[at] if phase == SETUP else draft.end[at]
            busy[kind].append(span(draft, begin, end, literal))
            _suit(draft, at, kind, literal, phase)
            since, until = able[kind]
            if since > -NEVER:
                model.add(begin >= int(draft.axis.at(since))).only_enforce_if(literal)
            if until < NEVER:
                model.add(end <= int(draft.axis.at(until))).only_enforce_if(literal)
            for one in (RUN, SETUP) if phase == BOTH else (phase,):
                taken[kind, one].append(literal)
            if phase != SETUP:
                in_run[kind].append((literal, since <= -NEVER and until >= NEVER))
    # Phases of no length would let one person sit twice.
    count: dict[Kind, int] = defaultdict(int)
    for kind in kinds.values():
        count[kind] += 1
    for (kind, _), own in taken.items():
        if len(own) > count[kind]:
            model.add(sum(own) <= count[kind])
    return in_run


def _seat_setup(draft: Draft, at: int, served: dict[int, Any], literals: list[Any]) -> None:
    """A setter is needed where there is something to set up: in the mode's own setup, or in a changeover."""
    own = sum(literal for mode, literal in served.items() if draft.shop.modes.setup[mode] > 0)
    draft.model.add(sum(literals) <= 1)
    draft.model.add(sum(literals) >= own)
    if at in draft.switch and literals:
        needed = draft.literal(f"setter{at}")
        draft.model.add(draft.switch[at] == 0).only_enforce_if(needed.negated())
        draft.model.add(sum(literals) >= 1).only_enforce_if(needed)
    elif at in draft.switch:
        draft.model.add(draft.switch[at] == 0)


def _suit(draft: Draft, at: int, kind: Kind, literal: Any, phase: int) -> None:
    """Who sits there shapes the calendar of the run, and must be allowed at the machine's site."""
    shop, model = draft.shop, draft.model
    calendar, site = kind[0], kind[1]
    for mode, chosen in draft.mode[at].items():
        here = int(shop.machines.site[draft.machine_of(mode)])
        if site >= 0 and here >= 0 and site != here:
            model.add_bool_or(literal.negated(), chosen.negated())
    if phase != SETUP and draft.axis.shared is None and at not in draft.crew_left_out and calendar:
        for met, calendars in draft.meetings[at]:
            if calendar not in calendars:
                model.add_bool_or(literal.negated(), met.negated())
