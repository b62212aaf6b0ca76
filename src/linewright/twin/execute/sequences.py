"""The order in which the plan uses each place, tool and person: tasks in lists, one behind the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from linewright.shop import arrays as a
from linewright.shop.precedence import topological
from linewright.shop.working_time import NEVER
from linewright.twin.execute.records import (
    PLACE,
    RESOURCE,
    RUN_TASK,
    SETUP_TASK,
    SOMEBODY,
    TASK,
    TOOL_PIECE,
    WHOLE_TASK,
    blank,
)

if TYPE_CHECKING:
    from linewright.shop.arrays import Shop
    from linewright.twin.execute.matching import Matched


class Sequences:
    """Blocks of a plan, and the tasks of each on the resources that it uses.

    `block_of` gives each operation's block, `members` the operations of all blocks one behind the other.
    """

    def __init__(self, shop: Shop, plan: Matched) -> None:
        self.shop, self.plan = shop, plan
        rank = np.zeros(shop.size, np.int64)
        rank[topological(shop.arrays)] = np.arange(shop.size)
        self._form_blocks(rank)
        self.first_place = shop.arrays.machines.first_place.astype(np.int64)
        tools = shop.arrays.tools
        self.first_piece = self.first_place[-1] + np.concatenate([[0], np.cumsum(tools)]).astype(np.int64)
        self.first_person = int(self.first_piece[-1])
        self.rows: list[tuple[int, int, int, int]] = []
        #: When each task begins and ends in the plan, and its block's rank: they put the tasks of a resource in order.
        self.keys: list[tuple[int, int, int]] = []
        self._take_pieces()
        self._take_people()

    def _form_blocks(self, rank: Any) -> None:
        plan = self.plan
        single = plan.load < 0
        # Loads come first, then each other operation by itself.
        key = np.where(single, plan.load.max(initial=-1) + 1 + np.arange(self.shop.size), plan.load)
        _, numbers = np.unique(key, return_inverse=True)
        count = int(numbers.max(initial=-1)) + 1
        begin = np.zeros(count, np.int64)
        begin[numbers] = plan.setup_start
        # Blocks are numbered as they begin in the plan: what is looked at together then lies together in memory.
        place = np.empty(count, np.int64)
        place[np.argsort(begin, kind="stable")] = np.arange(count)
        self.block_of = place[numbers]
        self.members = np.argsort(self.block_of, kind="stable").astype(np.int64)
        self.blocks = int(self.block_of.max(initial=-1)) + 1
        self.first_member = np.searchsorted(self.block_of[self.members], np.arange(self.blocks + 1))
        self.lead = self.members[self.first_member[:-1]]
        self.rank = np.full(self.blocks, self.shop.size, np.int64)
        np.minimum.at(self.rank, self.block_of, rank)
        self.machine = self.shop.arrays.modes.machine[plan.mode[self.lead]] if self.shop.size else self.lead
        self.sets_up = plan.setup_start[self.lead] < plan.start[self.lead]

    def _add(self, block: int, resource: int, phase: int, group: int) -> None:
        lead = self.lead[block]
        begin = self.plan.start[lead] if phase == RUN_TASK else self.plan.setup_start[lead]
        end = self.plan.start[lead] if phase == SETUP_TASK else self.plan.end[lead]
        self.rows.append((block, resource, phase, group))
        self.keys.append((int(begin), int(end), 2 * int(self.rank[block]) + int(phase == RUN_TASK)))

    def _take_pieces(self) -> None:
        """Give each block the places and tool pieces that are free when it begins, those first that came free last."""
        plan, operations = self.plan, self.shop.arrays.operations
        begin, end = plan.setup_start[self.lead], plan.end[self.lead]
        free = np.full(int(self.first_piece[-1]), -NEVER)
        machines, holds = self.shop.arrays.machines, self.shop.arrays.holds
        for block in np.lexsort((self.rank, end, begin)).tolist():
            machine = int(self.machine[block])
            first, last = int(self.first_place[machine]), int(self.first_place[machine + 1])
            wanted = 1 if machines[machine].batch else min(int(operations[self.lead[block]].load), last - first)
            pieces = self._free(free, first, last, wanted, begin[block])
            for member in self.members[self.first_member[block] : self.first_member[block + 1]].tolist():
                for hold in range(int(operations[member].first_hold), int(operations[member + 1].first_hold)):
                    tool = int(holds[hold].tool)
                    first, last = int(self.first_piece[tool]), int(self.first_piece[tool + 1])
                    found = self._free(free, first, last, int(holds[hold].quantity), begin[block], pieces)
                    pieces += found
            for piece in pieces:
                free[piece] = end[block]
                self._add(block, piece, WHOLE_TASK, -1)

    @staticmethod
    def _free(free: Any, first: int, last: int, wanted: int, begin: int, taken: list[int] | None = None) -> list[int]:
        """The pieces of `first` to `last` to take at a moment."""
        pieces = [piece for piece in range(first, last) if piece not in (taken or ())]
        pieces.sort(key=lambda piece: (free[piece] > begin, -free[piece] if free[piece] <= begin else free[piece]))
        return pieces[:wanted]

    def _take_people(self) -> None:
        """Each person works from setup to start, from start to end, or all of it; a load takes them once."""
        qualified = self._qualified()
        for block in range(self.blocks):
            in_run: dict[int, int] = {}
            in_setup: dict[int, int] = {}
            for member in self.members[self.first_member[block] : self.first_member[block + 1]].tolist():
                seats = self._seats(member)
                for person in self.plan.people[member]:
                    in_run.setdefault(person, self._group(person, seats, a.SETUP, qualified))
                if self.sets_up[block]:
                    for person in self.plan.setup_people[member]:
                        in_setup.setdefault(person, self._group(person, seats, a.RUN, qualified))
            for person, group in in_run.items():
                whole = person in in_setup
                self._add(block, self.first_person + person, WHOLE_TASK if whole else RUN_TASK, group)
            for person, group in in_setup.items():
                if person not in in_run:
                    self._add(block, self.first_person + person, SETUP_TASK, group)

    def _seats(self, operation: int) -> list[list[int]]:
        operations, seats = self.shop.arrays.operations, self.shop.arrays.seats
        rows = range(int(operations[operation].first_seat), int(operations[operation + 1].first_seat))
        return [[int(seats[row].group), int(seats[row].phase)] for row in rows]

    @staticmethod
    def _group(person: int, seats: list[list[int]], other_phase: int, qualified: list[set[int]]) -> int:
        """The skill group of the seat that a person most likely has, which is then taken; -1 when there is none."""
        for seat in seats:
            if seat[1] != other_phase and seat[0] >= 0 and person in qualified[seat[0]]:
                group, seat[0] = seat[0], seat[0] if seat[1] == a.BOTH else -1
                return group
        return -1

    def _qualified(self) -> list[set[int]]:
        arrays = self.shop.arrays
        first = arrays.first_qualified.tolist()
        return [set(arrays.qualified.person[first[at] : first[at + 1]].tolist()) for at in range(len(first) - 1)]

    def arrays(self) -> tuple[Any, Any, Any]:
        """Tasks by block, where each block's tasks begin, and resources with the first task of each."""
        rows = np.array(self.rows, np.int64).reshape(-1, 4)
        keys = np.array(self.keys, np.int64).reshape(-1, 3)
        order = np.argsort(rows[:, 0], kind="stable")
        rows, keys = rows[order], keys[order]
        tasks = blank(TASK, rows.shape[0])
        for at, name in enumerate(("block", "resource", "phase", "group")):
            tasks[name] = rows[:, at]
        tasks.before[:], tasks.after[:] = -1, -1
        people = len(self.shop.person_names)
        resources = blank(RESOURCE, self.first_person + people)
        resources.first_task[:] = -1
        resources.kind[:] = np.repeat([PLACE, TOOL_PIECE, SOMEBODY], [
            int(self.first_place[-1]), self.first_person - int(self.first_place[-1]), people,
        ])  # fmt: skip
        resources.owner[:] = np.concatenate([
            np.repeat(np.arange(self.first_place.size - 1), np.diff(self.first_place)),
            np.repeat(np.arange(self.first_piece.size - 1), np.diff(self.first_piece)), np.arange(people),
        ])  # fmt: skip
        line = np.lexsort((keys[:, 2], keys[:, 1], keys[:, 0], rows[:, 1]))
        same = rows[line[1:], 1] == rows[line[:-1], 1]
        tasks.after[line[:-1][same]] = line[1:][same]
        tasks.before[line[1:][same]] = line[:-1][same]
        begins = line[np.concatenate([[True], ~same])] if line.size else line
        resources.first_task[rows[begins, 1]] = begins
        return tasks, np.searchsorted(rows[:, 0], np.arange(self.blocks + 1)), resources
