"""How the equations of the DDX decomposition are solved: Newton's method for one line, shared by all lines like it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linewright.errors import NoAnswer
from linewright.twin.analytic.solving.blocks import Factors, factored, solved
from linewright.twin.analytic.solving.extrapolation import Extrapolation
from linewright.twin.analytic.two_machines import output_and_waits

Floats = NDArray[np.float64]

#: Steps after which a line that shares another one's derivatives is given up; near lines need five to ten.
SHARED_STEPS = 30
#: Most steps of one attempt with Newton's method; from the bare machines nine to fifteen are usual.
NEWTON_STEPS = 40
#: Sweeps before Newton's method is tried again, at first and in all.
SWEEPS_FIRST, SWEEPS_MOST = 25, 3_000
#: A residual that no longer shrinks counts as zero below this.
ROUNDING = 1e-8


def settle(failure: Floats, repair: Floats, sizes: Floats, tolerance: float, near: Floats | None = None) -> Floats:
    """The machines of all two-machine lines (4 x buffers x A) of lines with buffer `sizes` (buffers x A).

    The four are failure and repair rate upstream, failure and repair rate downstream of each buffer. The line with
    the mean sizes is solved first; the others follow from it by steps with its derivatives, or with their own where
    they differ too much. `near` are the machines (4 x buffers x 1) of a line that may be like these.

    Raises
    ------
    NoAnswer
        The sweeps do not end.
    """
    bare = np.stack([failure[:-1], repair[:-1], failure[1:], repair[1:]])[:, :, None]
    if len(sizes) == 1:
        return np.repeat(bare, sizes.shape[1], axis=2)
    centre = sizes.mean(axis=1, keepdims=True)
    parts, found = _newton(bare if near is None else near, failure, repair, centre, tolerance)
    if not found.all():
        parts = _from_bare_machines(bare, failure, repair, centre, tolerance)
    if sizes.shape[1] == 1:
        return parts
    made, found = _like(parts, failure, repair, sizes, tolerance)
    if not found.all():
        made[:, :, ~found] = _from_bare_machines(bare, failure, repair, sizes[:, ~found], tolerance)
    return made


def _from_bare_machines(bare: Floats, failure: Floats, repair: Floats, sizes: Floats, tolerance: float) -> Floats:
    """The machines of lines about which nothing is known: Newton's method, and sweeps for those that it loses."""
    made, found = _newton(np.repeat(bare, sizes.shape[1], axis=2), failure, repair, sizes, tolerance)
    sweeps, pause = 0, SWEEPS_FIRST
    swept = np.repeat(bare, sizes.shape[1], axis=2)
    while not found.all():
        left = np.flatnonzero(~found)
        if sweeps >= SWEEPS_MOST:
            raise NoAnswer("the decomposition of the line did not settle", [f"buffers {sizes[:, left[0]].tolist()}"])
        part = swept[:, :, left]
        for _ in range(pause):
            _sweep(part, failure, repair, sizes[:, left])
        swept[:, :, left] = part
        sweeps, pause = sweeps + pause, min(2 * pause, 200)
        ended, done = _newton(part, failure, repair, sizes[:, left], tolerance)
        # Where rounding hides the last digits the sweeps stand still at a small residual.
        still = ~done & (np.abs(_residual(part, failure, repair, sizes[:, left])).max(axis=(0, 1)) < ROUNDING)
        made[:, :, left] = np.where(still, part, ended)
        found[left] = done | still
    return made


def _newton(
    parts: Floats, failure: Floats, repair: Floats, sizes: Floats, tolerance: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """Newton's method for each line by itself: the machines, and for which lines they have settled.

    No step changes a logarithm by more than a half. The residual may rise on the way: to insist that it falls would
    keep the steps small along its curved valley.
    """
    made, found = parts.copy(), np.zeros(sizes.shape[1], dtype=bool)
    left = np.arange(sizes.shape[1])
    for _ in range(NEWTON_STEPS):
        residual = _residual(parts, failure, repair, sizes)
        error = np.abs(residual).max(axis=(0, 1))
        done = error < tolerance
        made[:, :, left[done]] = parts[:, :, done]
        found[left[done]] = True
        going = np.isfinite(error) & ~done
        if not going.any():
            break
        left, sizes, parts, residual = left[going], sizes[:, going], parts[:, :, going], residual[:, :, going]
        try:
            factors = factored(*_derivatives(parts, residual, failure, repair, sizes))
        except np.linalg.LinAlgError:
            break
        step = solved(factors, residual.transpose(1, 2, 0)[..., None])[..., 0].transpose(2, 0, 1)
        parts = parts * np.exp(-step * np.minimum(1.0, 0.5 / np.abs(step).max(axis=(0, 1))))
    return made, found


def _like(
    parts: Floats, failure: Floats, repair: Floats, sizes: Floats, tolerance: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """All lines from one solved line by steps with its derivatives: the machines, and which lines have settled."""
    centre = sizes.mean(axis=1, keepdims=True)
    residual = _residual(parts, failure, repair, centre)
    factors = factored(*_derivatives(parts, residual, failure, repair, centre))
    made, found = np.repeat(parts, sizes.shape[1], axis=2), np.zeros(sizes.shape[1], dtype=bool)
    left, change = np.arange(sizes.shape[1]), np.zeros((4 * len(sizes), sizes.shape[1]))
    nearer = Extrapolation()
    for _ in range(SHARED_STEPS):
        # Held so that no rate changes more than a thousandfold, and numbers stay numbers.
        working = parts * np.exp(np.clip(change, -7.0, 7.0)).reshape(4, len(sizes), -1)
        residual = _residual(working, failure, repair, sizes)
        error = np.abs(residual).max(axis=(0, 1))
        done, going = error < tolerance, np.isfinite(error) & (error >= tolerance)
        made[:, :, left[done]] = working[:, :, done]
        found[left[done]] = True
        if not going.any():
            break
        if not going.all():
            left, sizes, change, residual = left[going], sizes[:, going], change[:, going], residual[:, :, going]
            nearer.keep(going)
        change = nearer.next(change, -_answer(factors, residual))
    return made, found


def _answer(factors: Factors, residual: Floats) -> Floats:
    """The steps of many lines with one line's derivatives, (4 buffers) x A."""
    step = solved(factors, residual.transpose(1, 0, 2)[:, None])[:, 0]
    return step.transpose(1, 0, 2).reshape(-1, residual.shape[2])


def _derivatives(
    parts: Floats, residual: Floats, failure: Floats, repair: Floats, sizes: Floats
) -> tuple[Floats, Floats]:
    """How each buffer's equations answer its neighbours' logarithms, by differences: before and after it.

    Both (buffers x A x 4 x 4). Equations know no unknown of their own buffer but the one they are for, so every
    second buffer can be moved at the same time.
    """
    buffers, lines = sizes.shape
    small = 1e-6
    moved = np.repeat(parts[:, :, None, :], 8, axis=2)
    for which in range(4):
        moved[which, 0::2, which] *= np.exp(small)
        moved[which, 1::2, 4 + which] *= np.exp(small)
    wide = np.repeat(sizes[:, None, :], 8, axis=1).reshape(buffers, -1)
    answer = _residual(moved.reshape(4, buffers, -1), failure, repair, wide).reshape(4, buffers, 8, lines)
    answer = ((answer - residual[:, :, None, :]) / small).transpose(1, 3, 0, 2)
    before, after = np.zeros((2, buffers, lines, 4, 4))
    # Buffers at odd positions answer the even ones, which the first four moved, and the other way round.
    for own, columns in ((slice(1, None, 2), slice(0, 4)), (slice(0, None, 2), slice(4, 8))):
        before[own, :, :2] = answer[own, :, :2, columns]
        after[own, :, 2:] = answer[own, :, 2:, columns]
    return before, after


def _residual(parts: Floats, failure: Floats, repair: Floats, size: Floats) -> Floats:
    """Logarithms of the rates less those that the equations give from them (4 x buffers x A).

    It is zero for the first machine upstream and the last one downstream, which are real ones.
    """
    p1, r1, p2, r2 = parts
    inverse = (1 + failure / repair)[1:-1, None]
    own_repair = repair[1:-1, None]
    made = np.zeros_like(parts)
    with np.errstate(all="ignore"):  # A wild guess gives no number, and is then dropped.
        flow, starved, blocked = output_and_waits(p1, r1, p2, r2, size)
        slow = 1 / flow
        down = slow[:-1] + inverse - p2[:-1] / r2[:-1] - 2
        passed_on = starved[:-1] * slow[:-1] / down
        made_repair = passed_on * r1[:-1] + (1 - passed_on) * own_repair
        made[0, 1:], made[1, 1:] = np.log(p1[1:] / (down * made_repair)), np.log(r1[1:] / made_repair)
        down = slow[1:] + inverse - p1[1:] / r1[1:] - 2
        passed_on = blocked[1:] * slow[1:] / down
        made_repair = passed_on * r2[1:] + (1 - passed_on) * own_repair
        made[2, :-1], made[3, :-1] = np.log(p2[:-1] / (down * made_repair)), np.log(r2[:-1] / made_repair)
    return made


def _sweep(parts: Floats, failure: Floats, repair: Floats, size: Floats) -> None:
    """One pass of the DDX algorithm down the line and one back, in place.

    The upstream machine of buffer i stands for all machines before it. Its down share follows from the flow that
    comes in, p/r = 1/E(i-1) + 1/e(i) - Id(i-1) - 2, and its repairs are those of machine i or, in the share of its
    stops that are starvation, those of the upstream machine before.
    """
    last = len(size) - 1
    inverse = 1 + failure / repair
    p1, r1, p2, r2 = parts
    for at in range(1, last + 1):
        flow, starved, _ = output_and_waits(p1[at - 1], r1[at - 1], p2[at - 1], r2[at - 1], size[at - 1])
        down = 1 / flow + inverse[at] - p2[at - 1] / r2[at - 1] - 2
        passed_on = starved / (down * flow)
        r1[at] = passed_on * r1[at - 1] + (1 - passed_on) * repair[at]
        p1[at] = down * r1[at]
    for at in range(last - 1, -1, -1):
        flow, _, blocked = output_and_waits(p1[at + 1], r1[at + 1], p2[at + 1], r2[at + 1], size[at + 1])
        down = 1 / flow + inverse[at + 1] - p1[at + 1] / r1[at + 1] - 2
        passed_on = blocked / (down * flow)
        r2[at] = passed_on * r2[at + 1] + (1 - passed_on) * repair[at + 1]
        p2[at] = down * r2[at]
