"""Queues: lists of waiting jobs in the order of their rank and key, and what is counted on the way."""

from __future__ import annotations

from typing import Any

from linewright.twin.network.kernel.compiled import inlined_kernel


@inlined_kernel
def measure(queue: Any, time: float) -> None:
    """Bring the area under the queue's length up to date."""
    queue.area += queue.length * (time - queue.since)
    queue.since = time


@inlined_kernel
def insert(queues: Any, jobs: Any, at: int, job: int, time: float) -> None:
    """Put a job behind all that go before it: of lower rank (more urgent), or of equal rank and no greater key."""
    queue, new = queues[at], jobs[job]
    measure(queue, time)
    queue.length += 1
    queue.most = max(queue.most, queue.length)
    new.ready = time
    ahead = queue.last
    while ahead >= 0 and (jobs[ahead].rank > new.rank or (jobs[ahead].rank == new.rank and jobs[ahead].key > new.key)):
        ahead = jobs[ahead].before
    new.before = ahead
    if ahead >= 0:
        new.next = jobs[ahead].next
        jobs[ahead].next = job
    else:
        new.next = queue.first
        queue.first = job
    if new.next >= 0:
        jobs[new.next].before = job
    else:
        queue.last = job


@inlined_kernel
def remove(queues: Any, jobs: Any, at: int, job: int, time: float) -> None:
    """Take a job out of a queue to be worked on: its wait ends."""
    queue, old = queues[at], jobs[job]
    measure(queue, time)
    queue.length -= 1
    queue.taken -= 1
    if old.before >= 0:
        jobs[old.before].next = old.next
    else:
        queue.first = old.next
    if old.next >= 0:
        jobs[old.next].before = old.before
    else:
        queue.last = old.before
    wait = time - old.ready
    queue.started += 1
    if wait > 0:
        queue.waited += 1
        queue.wait += wait
        queue.wait_square += wait * wait
        old.waited += wait
    old.next = -1


@inlined_kernel
def append_machine(machines: Any, machine: int, last: int) -> int:
    """Put a machine behind the last of a list (-1: an empty one); gives the list's new last."""
    machines[machine].next = -1
    if last >= 0:
        machines[last].next = machine
    return machine


@inlined_kernel
def append_job(jobs: Any, job: int, last: int) -> int:
    """Put a job behind the last of a list of those outside; gives the list's new last."""
    jobs[job].next = -1
    if last >= 0:
        jobs[last].next = job
    return job
