"""Kernels that LLVM puts into their caller: a call would hand over every array of a network, which costs more."""

from __future__ import annotations

from linewright.shop.kernels import Function, _compiled


def inlined_kernel(function: Function) -> Function:
    """Compile a function of arrays that is always copied into the compiled function that calls it."""
    return _compiled(function, _nrt=False, forceinline=True)
