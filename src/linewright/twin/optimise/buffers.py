"""The best places for a given number of buffer places in a line, and the fewest cards for a wanted throughput."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from linewright.errors import ModelError, NoAnswer
from linewright.twin.analytic.closed_networks import throughputs
from linewright.twin.analytic.decomposition import ContinuousLine, RememberedLine, line_throughput
from linewright.twin.optimise.exchange import Allocation, Counts, Floats, best_allocation
from linewright.twin.optimise.racing import Confirmed, Simulation, best_simulated_allocation

if TYPE_CHECKING:
    from linewright.twin.network.model import Network


@dataclass(frozen=True)
class BufferPlaces:
    """Buffer places between the machines: the best by the decomposition and, where it was asked, by simulation."""

    places: tuple[int, ...]
    decomposed: Allocation
    simulated: Confirmed | None = None

    @property
    def value(self) -> float:
        """Parts per time of the places by the decomposition, which is where the search without simulation ends."""
        return self.decomposed.value

    def __repr__(self) -> str:
        told = f"Buffers {list(self.places)}: {self.decomposed.value:.6g} parts per time by decomposition"
        if self.simulated is None:
            return told
        seen = self.simulated.confirmed
        return f"{told}, {seen.value:.5g} ({seen.low:.5g} to {seen.high:.5g}) by simulation on fresh seeds"


def best_buffers(
    line: ContinuousLine,
    total: int,
    *,
    low: int | Sequence[int] = 0,
    high: int | Sequence[int] | None = None,
    simulation: Simulation | None = None,
    seed: int = 0,
    most_runs: int = 64,
    confirm_runs: int = 100,
) -> BufferPlaces:
    """Share `total` buffer places among the gaps of a line so that it makes the most parts.

    The exchange search runs on the DDX decomposition. The decomposition takes material for a fluid and gives discrete
    lines 0.4 to 3.5 per cent too much, so with a `simulation` (see `line_simulation`) the last steps and the
    figure are taken from that, on fresh seeds.

    Raises
    ------
    ModelError
        The total does not fit between the limits.
    """
    gaps = len(line.failure_rates) - 1
    start = even_shares(total, gaps, low, high).tolist()
    decomposed = best_allocation(RememberedLine(line), start, low=low, high=high)
    if simulation is None:
        return BufferPlaces(decomposed.allocation, decomposed)
    simulated = best_simulated_allocation(
        simulation, decomposed.allocation, seed=seed, guide=lambda rows: line_throughput(line, rows), low=low,
        high=high, most_runs=most_runs, confirm_runs=confirm_runs,
    )  # fmt: skip
    return BufferPlaces(simulated.allocation, decomposed, simulated)


def even_shares(
    total: int, places: int, low: int | Sequence[int] = 0, high: int | Sequence[int] | None = None
) -> Counts:
    """Shares of a total as equal as the limits allow, the first ones one more where it does not divide.

    Raises
    ------
    ModelError
        The total is less than all lower limits or more than all upper ones.
    """
    least = np.broadcast_to(np.asarray(low, np.int64), (places,))
    most = np.broadcast_to(np.asarray(total if high is None else high, np.int64), (places,))
    if places < 1 or (least > most).any() or not least.sum() <= total <= most.sum():
        raise ModelError([f"{total} places do not fit: {places} buffers take {least.sum()} to {most.sum()} together"])
    shares = least.copy()
    for _ in range(int(total - least.sum())):
        room = shares < most
        shares[int(np.where(room, shares, np.iinfo(np.int64).max).argmin())] += 1
    return shares


def line_simulation(line: ContinuousLine, *, parts: int = 20_000, warm_up: int = 2_000) -> Simulation:
    """The discrete line as a simulation on common random numbers: parts per time after the first `warm_up` parts.

    Each part takes 1 / speed; machines fail while working, after exponential times; block after service. The runs are
    those of the line recursion, so that machine i's k-th failure is the same whatever the buffers.
    """

    def simulate(allocations: Counts, seed: int, replications: NDArray[np.int64]) -> Floats:
        from linewright.twin.network.build import compile_network
        from linewright.twin.network.lines import departures, new_line

        made = np.empty((len(allocations), len(replications)))
        for row, places in enumerate(allocations):
            compiled = compile_network(as_network(line, places))
            for column, replication in enumerate(replications):
                run = new_line(compiled, seed=seed, replication=int(replication))
                left, _, _ = departures(run, warm_up + parts)
                made[row, column] = parts / (left[-1] - (left[warm_up - 1] if warm_up else 0.0))
        return made

    return simulate


def as_network(line: ContinuousLine, places: Sequence[int] | Counts) -> Network:
    """The line with its buffers as a network of stations, saturated at the first machine."""
    from linewright.shop.distributions import exponential, fixed
    from linewright.twin.network.model import JobType, Network, Saturated, Step
    from linewright.twin.network.stations import Failure, Station

    speeds = line.speeds or (1.0,) * len(line.failure_rates)
    stations = tuple(
        Station(
            name=f"M{at + 1}",
            queue_places=None if at == 0 else int(places[at - 1]),
            failures=(Failure(uptime=exponential(1 / p), repair=exponential(1 / r)),) if p > 0 else (),
        )
        for at, (p, r) in enumerate(zip(line.failure_rates, line.repair_rates, strict=True))
    )
    route = tuple(Step(station=f"M{at + 1}", time=fixed(1 / speed)) for at, speed in enumerate(speeds))
    kind = JobType(name="part", route=route, arrivals=Saturated())
    return Network(name="line", stations=stations, job_types=(kind,))


def fewest_cards(
    times: Sequence[float], machines: Sequence[float], wanted: float, *, most: int = 1_000
) -> tuple[int, float]:
    """The fewest cards (CONWIP) with which exponential stations make `wanted` jobs per time, and what they then make.

    Raises
    ------
    NoAnswer
        Not even `most` cards suffice.
    """
    made = throughputs(np.asarray(times, float), np.asarray(machines, float), most)
    enough = np.flatnonzero(made >= wanted)
    if not enough.size:
        raise NoAnswer(
            f"{most} cards make {made[-1]:.6g} jobs per time, {wanted:g} are wanted — speed up the bottleneck"
        )
    return int(enough[0]) + 1, float(made[enough[0]])
