"""Copies of arrays inside kernels."""

from __future__ import annotations

from typing import Any

from linewright.shop.kernels import lean_kernel


@lean_kernel
def overwrite(target: Any, source: Any) -> None:
    """Copy one array over another of the same length.

    `target[:] = source` does the same, but where Numba compiles it, it also compiles the text of an error for arrays
    of different lengths, which takes longer than compiling the rest of most kernels.
    """
    for at in range(target.size):
        target[at] = source[at]
