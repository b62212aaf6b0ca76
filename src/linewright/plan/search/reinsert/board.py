"""What the search reads and changes: a shop in which every operation occupies some resources, one at a time each.

Machines come first among the resources, then people. A *way* is a mode of an operation; *slot* 0 of a way is its
machine, slot 1 its person. Operation number `size` is a sentinel: it has no time, stands before the first and after
the last of every queue, and saves the kernels a question in each step.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numba.core import types
from numba.experimental import structref

from linewright.plan.search.chance import new_chance
from linewright.shop.arrays import Arrays
from linewright.shop.kernels import kernel

_I = np.int64

#: `release` is the earliest run start, `least_tail` what must at least follow the end; the rest are first positions.
NODE = np.dtype([("release", _I), ("least_tail", _I), ("first_arc", _I), ("first_next", _I), ("first_way", _I)])
#: An operation before or after, and the wait between the end of the one and the run start of the other.
JOIN = np.dtype([("operation", _I), ("wait", _I)])
#: A mode of the shop and its run seconds; the ways of an operation are sorted by run.
WAY = np.dtype([("mode", _I), ("run", _I)])
#: A resource that a way occupies (-1: none), and how long before the run the resource must be free.
USE = np.dtype([("resource", _I), ("lag", _I)])
#: The same as chosen now, and the neighbours in the resource's queue.
LINK = np.dtype([("resource", _I), ("lag", _I), ("before", _I), ("after", _I)])
#: Run seconds, the earliest end, and the longest path from the run start to the end of everything.
TIME = np.dtype([("run", _I), ("end", _I), ("rest", _I)])
#: The best move found: the operation, its way, and that it goes behind all that end until `bound`; `via` is the
#: longest path through it there, `span` the makespan, `ties` how many equal moves were met.
PICK = np.dtype([("operation", _I), ("way", _I), ("bound", _I), ("via", _I), ("span", _I), ("ties", _I)])

#: `now` counts steps, `since` those since the present run became better, `span` is the present makespan; a run ends
#: after `patience` steps without a gain. A step looks at `sample` operations; `tenure` stretches the time of a tabu.
CONTROL = np.dtype([(name, _I) for name in ("now", "since", "span", "patience", "sample", "tenure")])

SLOTS = 2
#: How many good solutions are kept; the two rows behind them hold the best of the present run, and of all.
POOL = 8
RUN, BEST = POOL, POOL + 1


class Board(NamedTuple):
    """A shop, one solution of it, and what the search remembers.

    `way` and `order` decide, the arrays below them follow. `uses` is [way, slot], `links` [operation, slot], `queues`
    [resource, position]; `place` is the position in `order`; `lean` are the times while one operation is out; `cursor`
    and `path` are scratch, `tabu` [operation, resource] the step until which a move is forbidden. `kept_order` and
    `kept_way` are [solution, ...], `kept_span` their makespans, `kept` how many the pool has.
    """

    nodes: Any
    arcs: Any
    nexts: Any
    ways: Any
    uses: Any
    way: Any
    order: Any
    place: Any
    times: Any
    lean: Any
    links: Any
    queues: Any
    queue_size: Any
    cursor: Any
    pick: Any
    path: Any
    tabu: Any
    kept_order: Any
    kept_way: Any
    kept_span: Any
    kept: Any
    control: Any
    chance: Any


@structref.register
class _BoardType(types.StructRef):
    """The type of a packed :class:`Board`."""


class _PackedBoard(structref.StructRefProxy):
    """A board as kernels take it: one pointer, which compiles and calls faster than its arrays."""


structref.define_proxy(_PackedBoard, _BoardType, list(Board._fields))


@kernel
def _pack(b: Any) -> Any:
    return _PackedBoard(
        b.nodes, b.arcs, b.nexts, b.ways, b.uses, b.way, b.order, b.place, b.times, b.lean, b.links, b.queues,
        b.queue_size, b.cursor, b.pick, b.path, b.tabu, b.kept_order, b.kept_way, b.kept_span, b.kept, b.control,
        b.chance,
    )  # fmt: skip


def packed_board(board: Board) -> Any:
    """The same arrays (shared, not copied) as one argument for kernels."""
    return board if numba.config.DISABLE_JIT else _pack(board)  # type: ignore[attr-defined]


def new_board(shop: Arrays, seed: int) -> Board:
    """The board of a shop, with nothing chosen yet."""
    size = shop.operations.size - 1
    machines, people = shop.machines.size, shop.people.size
    ways, uses = _ways(shop)
    board = Board(
        nodes=_made(NODE, size + 1),
        arcs=_made(JOIN, shop.arcs.size),
        nexts=_made(JOIN, shop.arcs.size),
        ways=ways,
        uses=uses,
        way=np.zeros(size, _I),
        order=np.zeros(size, _I),
        place=np.zeros(size + 1, _I),
        times=_made(TIME, size + 1),
        lean=_made(TIME, size + 1),
        links=_made(LINK, size + 1, SLOTS),
        queues=np.zeros((machines + people, size + 1), _I),
        queue_size=np.zeros(machines + people, _I),
        cursor=np.zeros(SLOTS, _I),
        pick=_made(PICK, 1),
        path=np.zeros(size, _I),
        tabu=np.zeros((size, machines + people), _I),
        kept_order=np.zeros((POOL + 2, size), _I),
        kept_way=np.zeros((POOL + 2, size), _I),
        kept_span=np.full(POOL + 2, np.iinfo(_I).max),
        kept=np.zeros(1, _I),
        control=_made(CONTROL, 1),
        chance=new_chance(seed),
    )
    board.nodes.release[:] = np.maximum(shop.operations.release, shop.operations.material_ready)
    board.nodes.first_arc[:] = shop.operations.first_arc
    board.nodes.first_next[:] = shop.operations.first_next
    board.nodes.first_way[:] = shop.operations.first_mode
    board.arcs.operation[:], board.arcs.wait[:] = shop.arcs.operation, shop.arcs.wait
    waiting = np.repeat(np.arange(size), np.diff(shop.operations.first_arc))
    forwards = np.lexsort((waiting, shop.arcs.operation))
    board.nexts.operation[:], board.nexts.wait[:] = waiting[forwards], shop.arcs.wait[forwards]
    return board


def _made(kind: Any, *shape: int) -> Any:
    return np.zeros(shape, kind).view(np.recarray)


def _ways(shop: Arrays) -> tuple[Any, Any]:
    """The modes of each operation sorted by run, and what they occupy; setup keeps the machine only."""
    count = int(shop.operations.first_mode[-1])
    modes = shop.modes[:count]
    by_run = np.lexsort((np.arange(count), modes.run, modes.operation))
    ways, uses = _made(WAY, count), _made(USE, count, SLOTS)
    ways.mode[:], ways.run[:] = by_run, modes.run[by_run]
    person = modes.person[by_run]
    uses.resource[:, 0], uses.lag[:, 0] = modes.machine[by_run], modes.setup[by_run]
    uses.resource[:, 1] = np.where(person >= 0, person + shop.machines.size, -1)
    return ways, uses
