"""A worker of a Dask cluster as a process of its own, which can be killed and is not started again."""

from __future__ import annotations

import asyncio
import multiprocessing
from multiprocessing.process import BaseProcess

#: What a worker needs is imported once, in the process that all of them are forked from.
PRELOADED = ["distributed", "linewright.supply.hazards.flow"]


def start_workers(address: str, count: int) -> list[BaseProcess]:
    """Start some workers of the scheduler at an address; whoever starts them kills them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    processes = [context.Process(target=serve, args=(address,), daemon=True) for _ in range(count)]
    for process in processes:
        process.start()
    return processes


def serve(address: str) -> None:
    """Be a worker until the scheduler closes."""
    asyncio.run(_serve(address))


async def _serve(address: str) -> None:
    import distributed

    async with distributed.Worker(address, nthreads=1, dashboard=False, heartbeat_interval="1s") as worker:
        await worker.finished()
