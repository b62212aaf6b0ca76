"""Kernels that make no arrays of their own: they need not count who holds an array, which costs more than the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from linewright.shop.kernels import kernel

Function = TypeVar("Function", bound=Callable[..., Any])


def lean_kernel(function: Function) -> Function:
    """Compile a kernel without Numba's counting of references; it may read and write arrays but not make any."""
    made = kernel(function)
    options = getattr(made, "targetoptions", None)
    if options is not None:
        options["_nrt"] = False
    return made
