"""Kernels that only kernels call: without a way in from Python, and kept only as a part of the kernel that calls them.

A way in takes longest to compile where there are so many arrays, and what is kept must be made into machine code,
which is then made again within the caller.
"""

from __future__ import annotations

from typing import Any, cast

import numba
from numba.core import types

from linewright.shop.kernels import OPTIONS, Function


def inner_kernel(function: Function) -> Function:
    """Compile a function that only other kernels call."""
    return _inner(function)


def inlined_kernel(function: Function) -> Function:
    """Compile a function that LLVM always copies into its caller: a call would hand over every array of a network."""
    return _inner(function, forceinline=True)


def _inner(function: Function, **options: bool) -> Function:
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return function
    dispatcher = numba.njit(**(OPTIONS | {"cache": False, "_nrt": False, "no_cpython_wrapper": True} | options))(
        function
    )
    find_template: Any = getattr(dispatcher, "get_call_template")  # noqa: B009 - not in the stubs

    def general_template(arguments: Any, named: Any) -> Any:
        # As in linewright.shop.kernels: a constant as an argument is no reason to compile once more.
        return find_template(tuple(types.unliteral(argument) for argument in arguments), named)

    vars(dispatcher)["get_call_template"] = general_template
    return cast(Function, dispatcher)
