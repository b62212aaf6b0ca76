"""How quickly jobs flow, beside SimPy, Ciw, salabim and Cimba: ``python -m benchmarks.flow``.

Jobs per second of CPU time, the best of a few runs of each, all in one process after what is compiled is compiled.
Peers are measured where they are installed (group ``bench``); Cimba brings no finite stores, so its line is left out,
and Ciw has no failures. Then: futures of a shift from one running state, one more place under common random numbers,
and the price of keeping energy by order.
"""

from __future__ import annotations

import sys

from benchmarks.flow.ours import futures, kernel_line, kernel_queue, one_more_place, recursion
from benchmarks.flow.peers import PEERS, measure

FUTURES = 10_000


def main(jobs: int) -> None:
    """Print the tables."""
    rows: dict[tuple[str, str], tuple[float, float] | str] = {}
    for name, model, count, run in PEERS:
        rows[name, model] = measure(name, count, run)
    for model, speed in (
        ("queue", kernel_queue(jobs)), ("line", kernel_line(float(jobs))),
    ):  # fmt: skip
        rows["event kernel", model] = (speed.jobs, speed.answer)
    for model in ("queue", "line"):
        speed = recursion(model, 4 * jobs)
        rows["recursion", model] = (speed.jobs, speed.answer)
    for model, unit in (
        ("queue", "M/M/1, load 0.8: customers/s, mean wait (4)"),
        ("line", "five machines: parts/s, output"),
    ):
        print(f"\n{unit}")
        base = rows.get(("simpy", model))
        for (name, which), found in rows.items():
            if which != model:
                continue
            if isinstance(found, str):
                print(f"{name:14} {found}")
                continue
            ratio = f"{found[0] / base[0]:8.1f} x SimPy" if isinstance(base, tuple) else ""
            print(f"{name:14} {found[0]:14,.0f} {found[1]:9.4f} {ratio}")
    found = futures(FUTURES)
    print(
        f"\n{FUTURES:,} futures of a shift: {found.parts.mean():.1f} parts "
        f"({found.parts.min()} to {found.parts.max()}), {found.cpu:.2f} CPU s, {found.wall:.2f} s on the clock"
    )
    gain, common, independent = one_more_place(100)
    print(
        f"one more place: {gain:+.5f} parts a minute; variance {independent:.3g} on independent numbers is "
        f"{independent / common:.0f} times that on common ones"
    )
    plain, ledger = kernel_line(float(jobs)), kernel_line(float(jobs), power=True)
    print(f"energy by state and order costs {100 * (plain.jobs / ledger.jobs - 1):.1f} % of the speed")


if __name__ == "__main__":
    main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000)
