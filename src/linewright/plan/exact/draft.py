"""The constraint model of a shop: when each operation runs, in which mode, and after what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from linewright.plan.exact.axis import Axis
from linewright.plan.exact.windows import Open, Stretch, meet, stretches
from linewright.shop.arrays import SETUP, Arrays

#: Ways in which calendars of a machine and a crew may meet; with more, the crew's calendars are left out.
MOST_MEETINGS = 12


@dataclass
class Draft:
    """A model in the making.

    `earliest` are run starts (units) that no plan is before. For each operation `begin`, `start` and `end` are those
    of its block, `mode` its literals by position in modes, `switch` the changeover where there can be one.
    `meetings` are (literal, calendars) that an operation may have, but for those in `crew_left_out`, where only the
    machine's calendar counts.
    """

    shop: Arrays
    axis: Axis
    horizon: int
    model: Any
    earliest: Any
    begin: list[Any] = field(default_factory=list)
    start: list[Any] = field(default_factory=list)
    end: list[Any] = field(default_factory=list)
    mode: list[dict[int, Any]] = field(default_factory=list)
    switch: dict[int, Any] = field(default_factory=dict)
    meetings: dict[int, list[tuple[Any, frozenset[int]]]] = field(default_factory=lambda: defaultdict(list))
    opened: dict[frozenset[int], Open] = field(default_factory=dict)
    crew_left_out: set[int] = field(default_factory=set)

    @property
    def size(self) -> int:
        """The number of operations."""
        return int(self.shop.operations.size) - 1

    def modes_of(self, operation: int) -> range:
        """Positions in modes of one operation."""
        return range(*self.shop.operations.first_mode[operation : operation + 2].tolist())

    def machine_of(self, mode: int) -> int:
        """The machine of a mode."""
        return int(self.shop.modes.machine[mode])

    def units(self, seconds: int) -> int:
        """A span of working time in units."""
        return -(-int(seconds) // self.axis.unit)

    def literal(self, name: str) -> Any:
        """A new yes or no."""
        return self.model.new_bool_var(name)

    def present(self, operation: int, machine: int) -> Any:
        """Whether an operation is on a machine: an expression of 0 or 1."""
        return sum(lit for mode, lit in self.mode[operation].items() if self.machine_of(mode) == machine)

    def open(self, calendars: frozenset[int]) -> Open:
        """Common windows in units; always when moments count working time already."""
        chosen = frozenset() if self.axis.shared is not None else calendars - {0}
        if chosen not in self.opened:
            found = meet(self.shop.calendars, frozenset(chosen))
            unit = self.axis.unit if chosen else 1
            self.opened[chosen] = Open.of(found.start // unit, found.end // unit)
        return self.opened[chosen]


def add_operations(draft: Draft, latest: Any, switching: set[int]) -> None:
    """Variables of every operation up to its `latest` end (units); `switching` machines have changeovers."""
    shop, model = draft.shop, draft.model
    for at in range(draft.size):
        low, high = int(draft.earliest[at]), max(int(latest[at]), int(draft.earliest[at]))
        start = model.new_int_var(low, high, f"start{at}")
        end = model.new_int_var(low, high, f"end{at}")
        modes = draft.modes_of(at)
        if len(modes) > 1:
            literals = {mode: draft.literal(f"mode{mode}") for mode in modes}
            model.add_exactly_one(literals.values())
        else:
            literals = {modes[0]: model.new_constant(1)}
        draft.start.append(start)
        draft.end.append(end)
        draft.mode.append(literals)
        changes = shop.operations.family[at] >= 0 and not shop.operations.running[at]
        if changes and any(draft.machine_of(mode) in switching for mode in modes):
            draft.switch[at] = model.new_int_var(0, draft.units(shop.switches.seconds.max()), f"switch{at}")
        draft.begin.append(_begin(draft, at, modes))
        for mode, literal in literals.items():
            _last(draft, at, mode, literal)


def _begin(draft: Draft, at: int, modes: range) -> Any:
    """When setup begins: known from the start where setup cannot pause, else a variable that pauses push back."""
    setups = {mode: draft.units(draft.shop.modes.setup[mode]) for mode in modes}
    total = draft.switch.get(at, 0) + sum(setup * draft.mode[at][mode] for mode, setup in setups.items() if setup)
    if at not in draft.switch and not any(setups.values()):
        return draft.start[at]
    begin = draft.model.new_int_var(0, draft.horizon, f"begin{at}")
    pausing = any(not draft.open(_own_calendar(draft, mode)).always for mode in modes)
    draft.model.add(begin + total <= draft.start[at]) if pausing else draft.model.add(begin + total == draft.start[at])
    return begin


def _own_calendar(draft: Draft, mode: int) -> frozenset[int]:
    return frozenset({int(draft.shop.machines.calendar[draft.machine_of(mode)])})


def _last(draft: Draft, at: int, mode: int, literal: Any) -> None:
    """How long the run takes from when it starts, with every set of calendars that may meet in it."""
    shop, model, record = draft.shop, draft.model, draft.shop.operations[at]
    run, setup = draft.units(shop.modes.run[mode]), draft.units(shop.modes.setup[mode])
    start, end = draft.start[at], draft.end[at]
    if shop.machines.batch[draft.machine_of(mode)]:
        # In an oven the longest run of its load counts: the operation's own run is the least that it can be.
        model.add(end - start >= run).only_enforce_if(literal)
        return
    met = _meetings(draft, at, mode)
    chosen = [literal] if len(met) == 1 else [draft.literal(f"meeting{mode}.{number}") for number in range(len(met))]
    if len(met) > 1:
        model.add(sum(chosen) == literal)
    for own, calendars in zip(chosen, met, strict=True):
        draft.meetings[at].append((own, calendars))
        run_open, setup_open = draft.open(calendars), draft.open(_own_calendar(draft, mode))
        pauses = run > 0 and not setup_open.always and (setup > 0 or at in draft.switch)
        if (run_open.always or not run) and not pauses:
            model.add(end - start == run).only_enforce_if(own)
            if not record.may_pause and draft.axis.shared is not None:
                _fit_one_window(draft, start, run, own)
            continue
        for total, literal_of_total in _setups(draft, at, mode, own) if pauses else [(0, own)]:
            found = stretches(run_open, run, setup_open, total, may_pause=bool(record.may_pause), last=draft.horizon)
            _choose_stretch(draft, at, literal_of_total, found, pauses)


def _setups(draft: Draft, at: int, mode: int, own: Any) -> list[tuple[int, Any]]:
    """Every length that setup with changeover can have in a mode, with its literal."""
    shop, machine = draft.shop, draft.shop.machines[draft.machine_of(mode)]
    setup = draft.units(shop.modes.setup[mode])
    if at not in draft.switch:
        return [(setup, own)]
    before = np.unique(np.append(shop.operations.family[:-1], machine.family))
    single = machine.capacity == 1
    seconds = shop.switches.seconds[machine.matrix, before[before >= 0], shop.operations.family[at]] if single else []
    lengths = sorted({0, *(draft.units(length) for length in seconds)})
    literals = [draft.literal(f"switch{at}") for _ in lengths]
    draft.model.add(sum(literals) == own)
    for length, literal in zip(lengths, literals, strict=True):
        draft.model.add(draft.switch[at] == length).only_enforce_if(literal)
    return [(setup + length, literal) for length, literal in zip(lengths, literals, strict=True)]


def _choose_stretch(draft: Draft, at: int, own: Any, found: list[Stretch], with_setup: bool) -> None:
    """One stretch holds when its calendars do."""
    from ortools.sat.python.cp_model import Domain

    literals = [own] if len(found) == 1 else [draft.literal(f"stretch{at}") for _ in found]
    if len(found) != 1:
        draft.model.add(sum(literals) == own)
    for literal, stretch in zip(literals, found, strict=True):
        moments = Domain.from_intervals(stretch.moments)
        draft.model.add_linear_expression_in_domain(draft.start[at], moments).only_enforce_if(literal)
        draft.model.add(draft.end[at] - draft.start[at] == stretch.run).only_enforce_if(literal)
        if with_setup:
            draft.model.add(draft.start[at] - draft.begin[at] >= stretch.setup).only_enforce_if(literal)


def _fit_one_window(draft: Draft, start: Any, run: int, own: Any) -> None:
    """On an axis of working time, a run that may not pause must not cross the end of a window."""
    from ortools.sat.python.cp_model import Domain

    assert draft.axis.shared is not None
    curve, unit = draft.axis.shared.curve, draft.axis.unit
    first, last = (curve.until(side) // unit for side in (draft.axis.shared.start, draft.axis.shared.end))
    fits = last - first >= run
    moments = Domain.from_intervals(np.column_stack([first[fits], last[fits] - run]).tolist())
    draft.model.add_linear_expression_in_domain(start, moments).only_enforce_if(own)


def _meetings(draft: Draft, at: int, mode: int) -> list[frozenset[int]]:
    """The sets of calendars that may meet in a run: the machine's and those of a crew."""
    shop = draft.shop
    fixed = _own_calendar(draft, mode)
    if shop.modes.person[mode] >= 0:
        fixed |= {int(shop.people.calendar[shop.modes.person[mode]])}
    fixed -= {0}
    if draft.axis.shared is not None:
        return [fixed]
    found = {fixed}
    for seat in range(*shop.operations.first_seat[at : at + 2].tolist()):
        if shop.seats.phase[seat] != SETUP:
            group = shop.seats.group[seat]
            people = shop.qualified.person[slice(*shop.first_qualified[group : group + 2].tolist())]
            own = set(shop.people.calendar[people].tolist())
            found = {(one | {other}) - {0} for one in found for other in own}
    if len(found) > MOST_MEETINGS:
        draft.crew_left_out.add(at)
        return [fixed]
    return sorted(found, key=sorted)
