"""Short lines solved exactly as Markov chains: exponential and Erlang times, failures, blocking after service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewright.errors import ModelError
from linewright.twin.analytic.solving.stationary import recurrent, refuse_large, stationary

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class ExactLine:
    """A line in the long run.

    `throughput` in parts per time or cycle; `between` the mean parts finished by machine i and not yet by machine
    i + 1, blocked ones at machine i and the one in work at machine i + 1 included; `states` the size of the chain.
    """

    throughput: float
    between: tuple[float, ...]
    states: int

    @property
    def inside(self) -> float:
        """Mean parts finished by the first machine and not yet by the last."""
        return sum(self.between)


def exact_line(
    rates: Sequence[float],
    buffers: Sequence[int],
    *,
    phases: Sequence[int] | int = 1,
    failure_rates: Sequence[float] | float = 0.0,
    repair_rates: Sequence[float] | float = 1.0,
) -> ExactLine:
    """A saturated line with block after service: the last machine never waits for room, the first never for parts.

    `rates` are parts per working time; a part takes an Erlang time of so many `phases` (1: exponential). `buffers`
    are the places between two machines, without the machines' own. A machine fails at `failure_rates` per working
    time and goes on with the part after the repair. The state is k(i), the parts done by machine i and not by i + 1,
    with the phase and up or down of each machine; machine i is blocked when k(i) = b + 2, or b + 1 when machine i + 1
    is itself blocked. Source: F. S. Hillier & R. W. Boling, *Operations Research* 15:286-303, 1967; for failures the
    model of S. B. Gershwin & O. Berman, *AIIE Transactions* 13:2-11, 1981.

    Raises
    ------
    ModelError
        Lengths do not fit, a rate is not positive, or the chain is too large.
    """
    count = len(rates)
    speed = np.asarray(rates, float)
    phase = np.broadcast_to(np.asarray(phases, np.int64), (count,))
    failing = np.broadcast_to(np.asarray(failure_rates, float), (count,))
    repairing = np.broadcast_to(np.asarray(repair_rates, float), (count,))
    wrong = []
    if len(buffers) != count - 1 or count < 2 or min(buffers) < 0:
        wrong.append(f"a line of {count} machines needs a buffer of at least 0 places between each two")
    if (speed <= 0).any() or (failing < 0).any() or (repairing <= 0).any() or (phase < 1).any():
        wrong.append("rates and repair rates must be above 0, failure rates not below, and each time needs a phase")
    if wrong:
        raise ModelError(wrong)
    unreliable = (failing > 0).astype(np.int64)
    digits = np.concatenate([np.asarray(buffers) + 3, phase, unreliable + 1])
    refuse_large(int(np.prod(digits.astype(float))))
    state = _all_states(digits)
    parts, step, down = state[:, : count - 1], state[:, count - 1 : 2 * count - 1], state[:, 2 * count - 1 :]
    place = _place_values(digits)
    working = _working(parts, np.asarray(buffers))
    moves = []
    at = np.arange(len(state))
    for machine in range(count):
        busy = working[:, machine] & (down[:, machine] == 0)
        ends = busy & (step[:, machine] == phase[machine] - 1)
        on = place[count - 1 + machine]
        part = (place[machine] if machine < count - 1 else 0) - (place[machine - 1] if machine else 0)
        pace = speed[machine] * phase[machine]
        moves.append((at[busy & ~ends], at[busy & ~ends] + on, pace))
        moves.append((at[ends], at[ends] + part - (phase[machine] - 1) * on, pace))
        if unreliable[machine]:
            broken = place[2 * count - 1 + machine]
            moves.append((at[busy], at[busy] + broken, failing[machine]))
            moves.append((at[down[:, machine] == 1], at[down[:, machine] == 1] - broken, repairing[machine]))
    before = np.concatenate([move[0] for move in moves])
    after = np.concatenate([move[1] for move in moves])
    rate = np.concatenate([np.full(len(move[0]), move[2]) for move in moves])
    share, kept = _long_run(before, after, rate, len(state))
    last = working[kept, -1] & (down[kept, -1] == 0) & (step[kept, -1] == phase[-1] - 1)
    throughput = float(share[last].sum() * speed[-1] * phase[-1])
    return ExactLine(throughput, tuple((share @ parts[kept]).tolist()), len(kept))


def synchronous_line(failures: Sequence[float], repairs: Sequence[float], places: Sequence[int]) -> ExactLine:
    """Gershwin's line of machines that all take one cycle for a part, and fail and are repaired by chance per cycle.

    `failures` and `repairs` are probabilities per cycle, failures only when the machine works. `places` N is the most
    parts made by machine i and not yet by i + 1; under block after service with b buffer places N = b + 2. Machines
    fail or are repaired at the beginning of a cycle, then those that are up and neither starved nor blocked by the
    contents at the end of the last cycle make a part. Source: S. B. Gershwin & I. C. Schick, *Operations Research*
    31:354-380, 1983; S. B. Gershwin, *Manufacturing Systems Engineering*, 1994, chapter 3.

    Raises
    ------
    ModelError
        Lengths do not fit, a number is no probability, or the chain is too large.
    """
    count = len(failures)
    fail, repair = np.asarray(failures, float), np.asarray(repairs, float)
    if len(places) != count - 1 or count < 2 or len(repair) != count or min(places) < 1:
        raise ModelError([f"a line of {count} machines needs {count} repairs and at least 1 place between each two"])
    if not ((fail >= 0) & (fail <= 1) & (repair > 0) & (repair <= 1)).all():
        raise ModelError(["failures and repairs per cycle are probabilities, and a repair must be possible"])
    digits = np.concatenate([np.asarray(places) + 1, np.full(count, 2)])
    refuse_large(int(np.prod(digits.astype(float))))
    state = _all_states(digits)
    parts, up = state[:, : count - 1], state[:, count - 1 :]
    fed, free = _fed_and_free(parts, np.asarray(places))
    able = fed & free
    place = _place_values(digits)
    # The chance that a machine is up in the next cycle; a machine that cannot work keeps its state.
    chance = np.where(up == 1, np.where(able, 1 - fail, 1.0), repair)
    before, after, rate = [], [], []
    for ups in _all_states(np.full(count, 2)):
        likely = np.where(ups == 1, chance, 1 - chance).prod(axis=1)
        made = able & (ups == 1)
        change = made[:, :-1].astype(np.int64) - made[:, 1:].astype(np.int64)
        possible = likely > 0
        before.append(np.flatnonzero(possible))
        after.append(((parts + change) @ place[: count - 1] + ups @ place[count - 1 :])[possible])
        rate.append(likely[possible])
    share, kept = _long_run(np.concatenate(before), np.concatenate(after), np.concatenate(rate), len(state))
    throughput = float(share @ (able * chance)[kept, -1])
    return ExactLine(throughput, tuple((share @ parts[kept]).tolist()), len(kept))


def _all_states(digits: Counts) -> Counts:
    """All combinations of digits, each below its own base, in the order of their place value."""
    return np.indices(tuple(int(base) for base in digits)).reshape(len(digits), -1).T


def _place_values(digits: Counts) -> Counts:
    """How much one more of each digit adds to the number of a state."""
    return np.concatenate([np.cumprod(digits[::-1])[::-1][1:], [1]]).astype(np.int64)


def _fed_and_free(parts: Counts, places: Counts) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which machines have a part to work on, and which have room for it (states x machines)."""
    yes = np.ones((len(parts), 1), dtype=bool)
    return np.hstack([yes, parts > 0]), np.hstack([parts < places, yes])


def _working(parts: Counts, buffers: Counts) -> NDArray[np.bool_]:
    """Which machines have a part in work under block after service; impossible states have none."""
    fed, _ = _fed_and_free(parts, buffers)
    working = fed.copy()
    blocked = np.zeros(len(parts), dtype=bool)
    for at in range(len(buffers) - 1, -1, -1):
        # A blocked machine ahead still holds the part it has finished, and so offers one place less.
        blocked = parts[:, at] >= buffers[at] + 2 - blocked
        working[:, at] &= ~blocked
    return working


def _long_run(
    before: Counts, after: Counts, rate: NDArray[np.float64], states: int
) -> tuple[NDArray[np.float64], Counts]:
    """Shares of the states that recur, and which these are; a line starts empty and in order."""
    kept = recurrent(before, after, states, 0 if states < 2 else int(before[0]))
    number = np.full(states, -1)
    number[kept] = np.arange(len(kept))
    inside = number[before] >= 0
    return stationary(number[before[inside]], number[after[inside]], rate[inside], len(kept)), kept
