"""A bundle of named arrays as one pointer, for kernels that pass many arrays from call to call.

Numba hands a tuple of forty arrays to each callee as three hundred numbers, and compiling those calls takes far longer
than compiling the work; `numba.experimental.structref` counts references at every access. Here the addresses, shapes
and strides of the arrays lie in a block of memory that the caller keeps alive, and a kernel loads from it what it
names. With Numba's compiler switched off the named tuple is used as it is.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import populate_array


class Bundle:
    """Named arrays behind one address; it keeps them alive."""

    def __init__(self, arrays: Any) -> None:
        self.arrays = arrays
        fields = [(name, numba.typeof(array)) for name, array in zip(arrays._fields, arrays, strict=True)]
        numbers = [
            number for array in arrays for number in (array.ctypes.data, array.itemsize, *array.shape, *array.strides)
        ]
        self.block = np.array(numbers, np.int64)
        self.address = int(self.block.ctypes.data)
        self.numba_type = BundleType(tuple(fields))


class BundleType(types.Type):
    """The type of a bundle: the names and types of its arrays, in order."""

    def __init__(self, fields: tuple[tuple[str, Any], ...]) -> None:
        self.fields = fields
        # Names of compiled functions spell out the types of their arguments: the full list would be most of the work.
        super().__init__(name=f"Bundle{hashlib.sha256(repr(fields).encode()).hexdigest()[:12]}")

    def place(self, name: str) -> tuple[int, Any]:
        """Where the numbers of an array begin, and its type; -1 and None when there is no such array."""
        at = 0
        for field, kind in self.fields:
            if field == name:
                return at, kind
            at += 2 + 2 * kind.ndim
        return -1, None


@typeof_impl.register(Bundle)
def _type_of(bundle: Bundle, _: Any) -> BundleType:
    return bundle.numba_type


register_model(BundleType)(models.OpaqueModel)


@unbox(BundleType)
def _unbox(_: BundleType, value: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(value, "address")
    number = c.pyapi.long_as_ulonglong(address)
    c.pyapi.decref(address)
    return NativeValue(c.builder.inttoptr(number, cgutils.voidptr_t))


@infer_getattr
class _BundleAttribute(AttributeTemplate):
    """Which arrays there are."""

    key = BundleType

    def generic_resolve(self, bundle: BundleType, name: str) -> Any:  # type: ignore[override]
        """The type of an array by its name."""
        return bundle.place(name)[1]


@lower_getattr_generic(BundleType)
def _load(context: Any, builder: Any, bundle: BundleType, value: Any, name: str) -> Any:
    """Load one array's address, shape and strides; nobody counts references to it."""
    first, kind = bundle.place(name)
    numbers = builder.bitcast(value, ir.IntType(64).as_pointer())

    def number(at: int) -> Any:
        return builder.load(builder.gep(numbers, [ir.Constant(ir.IntType(64), first + at)]))

    array = context.make_array(kind)(context, builder)
    data = builder.inttoptr(number(0), context.get_data_type(kind.dtype).as_pointer())
    shape = [number(2 + axis) for axis in range(kind.ndim)]
    strides = [number(2 + kind.ndim + axis) for axis in range(kind.ndim)]
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=number(1), meminfo=None)
    return array._getvalue()


def bundled(arrays: Any) -> Any:
    """A named tuple of arrays as one argument for kernels: shared, not copied."""
    return arrays if numba.config.DISABLE_JIT else Bundle(arrays)  # type: ignore[attr-defined]
