"""Fixed points reached in fewer steps: Anderson's extrapolation, for many columns at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: How many past steps are combined.
DEPTH = 8


class Extrapolation:
    """Says where a fixed-point iteration x -> x + e(x) would end, from its last steps; each column is one iteration.

    The next point is x + e - (dX + dE) c with c the least-squares solution of dE c = e, where dX and dE hold the
    differences between the last points and errors. A column whose error has grown tenfold goes on with a plain step.
    Source: D. G. Anderson, *J. ACM* 12:547-560, 1965; H. F. Walker & P. Ni, *SIAM J. Numerical Analysis* 49, 2011.
    """

    def __init__(self) -> None:
        self._points: list[Floats] = []
        self._errors: list[Floats] = []
        self._least: Floats | None = None

    def keep(self, columns: NDArray[np.bool_]) -> None:
        """Forget the other columns."""
        self._points = [part[:, columns] for part in self._points]
        self._errors = [part[:, columns] for part in self._errors]
        self._least = None if self._least is None else self._least[columns]

    def next(self, point: Floats, error: Floats) -> Floats:
        """The next point (values x columns) from this one and its error."""
        size = np.abs(error).max(axis=0, initial=0.0)
        self._least = size if self._least is None else np.minimum(self._least, size)
        self._points = [*self._points, point][-DEPTH - 1 :]
        self._errors = [*self._errors, error][-DEPTH - 1 :]
        if len(self._errors) < 3:
            return point + error
        slopes = np.diff(np.stack(self._errors), axis=0)
        moves = np.diff(np.stack(self._points), axis=0) + slopes
        square = np.einsum("kda,lda->akl", slopes, slopes)
        # A little on the diagonal keeps the step bounded when past steps point the same way.
        scale = np.maximum(np.trace(square, axis1=1, axis2=2), 1e-300)
        square += (1e-13 * scale)[:, None, None] * np.eye(len(slopes))
        share = np.linalg.solve(square, np.einsum("kda,da->ak", slopes, error)[..., None])[..., 0]
        ahead = point + error - np.einsum("kda,ak->da", moves, share)
        astray = (size > 10 * self._least) | ~np.isfinite(ahead).all(axis=0)
        return np.where(astray, point + error, ahead)
