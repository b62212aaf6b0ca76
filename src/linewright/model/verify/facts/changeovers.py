"""Which changeover each block needs, from the families that come before it on its machine."""

from __future__ import annotations

from linewright.model.factory import Factory
from linewright.model.tables import Changeover, Machine
from linewright.model.verify.facts.case import Block
from linewright.model.verify.facts.places import Places
from linewright.model.verify.facts.rounding import seconds

#: (machine, work center, from family, to family); machine and work center are blank in rows for all.
RowKey = tuple[str, str, str, str]


class Changeovers:
    """Looks up changeovers; the row that says most wins, and of equal ones the later."""

    def __init__(self, factory: Factory, places: Places) -> None:
        self._places = places
        self._rows: dict[RowKey, Changeover] = {}
        for row in factory.changeovers:
            # A row that names a machine is for that machine alone, whatever work center it also names.
            center = "" if row.machine else row.work_center
            self._rows[row.machine, center, row.from_family, row.to_family] = row

    def between(self, machine: Machine, before: str, after: str) -> Changeover | None:
        """The changeover from one family to another; None when none is needed."""
        scopes = [(machine.machine, ""), ("", machine.work_center), ("", "")]
        pairs = [(before, after)]
        if before != after:
            # A blank family means any other one, so it never speaks of two equal families.
            pairs += [("", after), (before, ""), ("", "")]
        for scope in scopes:
            for pair in pairs:
                row = self._rows.get((*scope, *pair))
                if row is not None:
                    return row
        return None

    def assign(self, blocks: dict[str, list[Block]]) -> None:
        """Give every block its changeover; `blocks` are by machine in order of start."""
        if not self._rows:
            return
        for on_machine in blocks.values():
            machine = on_machine[0].machine
            if machine.capacity == 1 or machine.batch:
                self._walk(machine, on_machine)

    def _walk(self, machine: Machine, on_machine: list[Block]) -> None:
        family = machine.setup_family
        for block in on_machine:
            if not block.family:
                continue
            running = any(member.running for member in block.members)
            if family and not running:
                block.changeover = self.between(machine, family, block.family)
                block.changeover_seconds = seconds(block.changeover.minutes) if block.changeover else 0
            family = block.family
