"""Shop and timetable as one pointer each.

A kernel that takes a tuple of thirty arrays hands thirty arrays to each kernel that it calls, and compiling those
calls takes longer than compiling the work. Packed into a structure on the heap they are one argument.
With Numba's compiler switched off the named tuples are used as they are.
"""

from __future__ import annotations

from typing import Any

import numba
from numba.core import types
from numba.experimental import structref

from linewright.shop.arrays import Arrays
from linewright.shop.kernels import kernel
from linewright.shop.state import Choice, State


@structref.register
class _ShopType(types.StructRef):
    """The type of a packed :class:`Arrays`."""


@structref.register
class _StateType(types.StructRef):
    """The type of a packed :class:`State`."""


@structref.register
class _ChoiceType(types.StructRef):
    """The type of a packed :class:`Choice`."""


class _PackedShop(structref.StructRefProxy):
    """A shop as kernels take it."""


class _PackedState(structref.StructRefProxy):
    """A timetable as kernels take it."""


class _PackedChoice(structref.StructRefProxy):
    """A choice as kernels take it."""


structref.define_proxy(_PackedShop, _ShopType, list(Arrays._fields))
structref.define_proxy(_PackedState, _StateType, list(State._fields))
structref.define_proxy(_PackedChoice, _ChoiceType, list(Choice._fields))


@kernel
def _pack_shop(s: Any) -> Any:
    return _PackedShop(
        s.calendars, s.overtime, s.operations, s.modes, s.arcs, s.next_operation, s.seats, s.first_qualified,
        s.qualified, s.holds, s.machines, s.people, s.tools, s.switches, s.transit, s.demands, s.feeds, s.prices,
    )  # fmt: skip


@kernel
def _pack_state(s: Any) -> Any:
    return _PackedState(
        s.places,
        s.machine_family,
        s.people,
        s.first_unit,
        s.units,
        s.work,
        s.seats,
        s.trial,
        s.used,
        s.members,
        s.limits,
    )


@kernel
def _pack_choice(c: Any) -> Any:
    return _PackedChoice(c.order, c.mode, c.load, c.hold)


def packed(value: Arrays | State | Choice) -> Any:
    """The same arrays (shared, not copied) as one argument for kernels."""
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return value
    if isinstance(value, Arrays):
        return _pack_shop(value)
    return _pack_state(value) if isinstance(value, State) else _pack_choice(value)
