"""Which changeover each block needs, from the families that come before it on its machine."""

from __future__ import annotations

import numpy as np

from linewright.model.factory import Factory
from linewright.model.tables import Machine
from linewright.model.verify.facts.columns import BoolArray, FloatArray, IntArray, positions
from linewright.model.verify.facts.places import Places
from linewright.model.verify.facts.rounding import all_seconds
from linewright.model.verify.facts.routes import Routes

#: (machine, work center, from family, to family); machine and work center are blank in rows for all.
RowKey = tuple[str, str, str, str]
Scopes = tuple[tuple[str, str], ...]


class Changeovers:
    """Looks up changeovers; the row that says most wins, and of equal ones the later.

    `family` numbers the setup family of each row of the routes, -1 where it is blank. `seconds` and `cost` are those of
    each row of the table, and 0 for -1.
    """

    seconds: IntArray
    cost: FloatArray

    def __init__(self, factory: Factory, places: Places, routes: Routes) -> None:
        self._places = places
        frame = factory.changeovers.frame
        self.seconds = np.append(all_seconds(frame.get_column("minutes").to_numpy()), 0)
        self.cost = np.append(frame.get_column("cost").to_numpy(), 0.0)
        self._rows: dict[RowKey, int] = {}
        self._scopes: set[tuple[str, str]] = set()
        named = frame.select("machine", "work_center", "from_family", "to_family").iter_rows()
        for at, (machine, work_center, before, after) in enumerate(named):
            # A row that names a machine is for that machine alone, whatever work center it also names.
            scope = (machine, "" if machine else work_center)
            self._rows[*scope, before, after] = at
            self._scopes.add(scope)
        of_rows = routes.table.text("setup_family")
        own = [machine.setup_family for machine in places.machines]
        self._names = [name for name in dict.fromkeys([*of_rows, *own]) if name]
        known = {name: number for number, name in enumerate(self._names)}
        self.family, self._own = positions(of_rows, known), positions(own, known)

    def scopes(self, machine: Machine) -> Scopes:
        """Where the rows for a machine are: those that say most come first."""
        widening = ((machine.machine, ""), ("", machine.work_center), ("", ""))
        return tuple(scope for scope in widening if scope in self._scopes)

    def between(self, scopes: Scopes, before: str, after: str) -> int:
        """The row of the changeover from one family to another; -1 when none is needed."""
        pairs = [(before, after)]
        if before != after:
            # A blank family means any other one, so it never speaks of two equal families.
            pairs += [("", after), (before, ""), ("", "")]
        for scope in scopes:
            for pair in pairs:
                row = self._rows.get((*scope, *pair))
                if row is not None:
                    return row
        return -1

    def between_blocks(self, machine: IntArray, family: IntArray, running: BoolArray) -> IntArray:
        """The row of every block's changeover, -1 for none; blocks lie machine by machine in order of start."""
        row = np.full(machine.size, -1, np.int64)
        if not self._rows:
            return row
        changing = np.array([each.capacity == 1 or each.batch for each in self._places.machines], np.bool_)
        # A blank family needs no changeover and changes nothing.
        at = np.flatnonzero(changing[machine] & (family >= 0)) if machine.size else machine
        on, after = machine[at], family[at]
        begins = np.append(True, on[1:] != on[:-1])[: at.size]
        before = np.where(begins, self._own[on], np.roll(after, 1))
        needed = (before >= 0) & ~running[at]
        # Machines with the same rows are one kind.
        of_machines = [self.scopes(machine) for machine in self._places.machines]
        number_of = {scopes: number for number, scopes in enumerate(dict.fromkeys(of_machines))}
        kinds, kind = list(number_of), np.array([number_of[scopes] for scopes in of_machines], np.int64)
        width = len(self._names)
        pairs, which = np.unique(((kind[on] * width + before) * width + after)[needed], return_inverse=True)
        found = [
            self.between(kinds[pair // width**2], self._names[pair // width % width], self._names[pair % width])
            for pair in pairs.tolist()
        ]
        row[at[needed]] = np.array(found, np.int64)[which]
        return row
