"""Kernels that only kernels call: without a way in from Python, which for so many arrays takes longest to compile."""

from __future__ import annotations

from linewright.shop.kernels import Function, _compiled


def inner_kernel(function: Function) -> Function:
    """Compile a function that only other kernels call."""
    return _compiled(function, _nrt=False, no_cpython_wrapper=True)


def inlined_kernel(function: Function) -> Function:
    """Compile a function that LLVM always copies into its caller: a call would hand over every array of a network."""
    return _compiled(function, _nrt=False, no_cpython_wrapper=True, forceinline=True)
