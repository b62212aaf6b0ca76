"""What is still to be done at this moment: a stack of small tasks, each a kind and a position."""

from __future__ import annotations

from typing import Any

from linewright.twin.network.kernel.compiled import inlined_kernel

#: Kinds of tasks, in the order in which one may lead on to the next without going over the stack: a machine lets its
#: job go; a job leaves the network; a job is made; it enters; it joins a queue; a station looks for work; a machine
#: works.
DEPART, LEAVE, CREATE, ENTER, JOIN_QUEUE, TRY, WORK, NOTHING = range(8)
TASK_BITS = 3


@inlined_kernel
def push_task(state: Any, kind: int, who: int) -> None:
    """Put a task on the stack."""
    clock = state.clock[0]
    state.stack[clock.stack] = (who << TASK_BITS) | kind
    clock.stack += 1


@inlined_kernel
def push_try(state: Any, queue: int) -> None:
    """Let a station look for work, or a store for parts that wait to come in, unless it is already about to."""
    if state.stacked[queue] == 0:
        state.stacked[queue] = 1
        push_task(state, TRY, queue)
