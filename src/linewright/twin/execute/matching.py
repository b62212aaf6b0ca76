"""Which rows of a compiled shop the rows of a plan mean."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from linewright.errors import StaleResult
from linewright.shop.compile import compile_shop

if TYPE_CHECKING:
    from linewright.model.factory import Factory
    from linewright.model.results import Plan
    from linewright.shop.arrays import Shop


class Matched(NamedTuple):
    """The plan's choices for each operation of the shop: mode, times in seconds, load (-1 none) and people."""

    mode: Any
    setup_start: Any
    start: Any
    end: Any
    load: Any
    changeover: Any
    people: list[list[int]]
    setup_people: list[list[int]]


def shop_of(factory: Factory, plan: Plan) -> Shop:
    """Compile the factory with the jobs that the plan has, also where it splits lots.

    Raises
    ------
    StaleResult
        The factory has other operations than the plan.
    """
    # An order that is finished later than planned needs calendars that go on for a while.
    days = max(370, (plan.end - plan.start).days * 2 + 120)
    shop = compile_shop(factory, plan.start, horizon_days=days)
    planned = set(plan.operations["operation"].to_list())
    if set(shop.operation_names) != planned:
        lots = plan.jobs.filter(plan.jobs["work_order"].fill_null("") == "").select("order", "material").iter_rows()
        splits = {pair: count for pair, count in Counter(lots).items() if count > 1}
        if splits:
            shop = compile_shop(factory, plan.start, horizon_days=days, splits=splits)
    differing = sorted(set(shop.operation_names) ^ planned)
    if differing:
        raise StaleResult(
            f"The plan does not have the operations of this factory, such as {', '.join(differing[:3])} — plan again."
        )
    return shop


def matched(shop: Shop, plan: Plan) -> Matched:
    """Find machine, people and times of each operation.

    Raises
    ------
    StaleResult
        A machine of the plan can no longer do its operation.
    """
    rows = {row["operation"]: row for row in plan.operations.iter_rows(named=True)}
    wanted = [rows[name] for name in shop.operation_names]
    people = {name: at for at, name in enumerate(shop.person_names)}
    loads: dict[tuple[str, str], int] = {}
    load = [loads.setdefault((row["machine"], row["load"]), len(loads)) if row["load"] else -1 for row in wanted]
    seconds = {name: _seconds(plan, [row[name] for row in wanted]) for name in ("setup_start", "start", "end")}
    run_people = [[people[name] for name in row["people"] or () if name in people] for row in wanted]
    setup_people = [[people[name] for name in row["setup_people"] or () if name in people] for row in wanted]
    changeover = np.array([round(60 * row["changeover_minutes"]) for row in wanted], np.int64)
    return Matched(
        _modes(shop, wanted, run_people), seconds["setup_start"], seconds["start"], seconds["end"],
        np.array(load, np.int64), changeover, run_people, setup_people,
    )  # fmt: skip


def _seconds(plan: Plan, moments: list[Any]) -> Any:
    return np.array([round((moment - plan.start).total_seconds()) for moment in moments], np.int64)


def _modes(shop: Shop, wanted: list[dict[str, Any]], people: list[list[int]]) -> Any:
    """The mode of each operation: on its machine, with one of its people, and of its run time where several fit."""
    machines = {name: at for at, name in enumerate(shop.machine_names)}
    modes, operations = shop.arrays.modes, shop.arrays.operations
    mode_machine, mode_person, mode_run = modes.machine.tolist(), modes.person.tolist(), modes.run.tolist()
    first = operations.first_mode.tolist()
    chosen, lost = np.zeros(shop.size, np.int64), []
    for at, row in enumerate(wanted):
        machine, run = machines.get(row["machine"], -1), round(60 * row["run_minutes"])
        best, best_rank = -1, (-1, -1)
        for mode in range(first[at], first[at + 1]):
            person = mode_person[mode]
            if mode_machine[mode] != machine or (person >= 0 and person not in people[at]):
                continue
            rank = int(mode_run[mode] == run), 2 * int(people[at][:1] == [person]) + int(person < 0)
            if rank > best_rank:
                best, best_rank = mode, rank
        if best < 0:
            lost.append(f"{row['operation']} on {row['machine']}")
        chosen[at] = best
    if lost:
        raise StaleResult(f"The factory can no longer do what the plan says: {', '.join(lost[:3])} — plan again.")
    return chosen
