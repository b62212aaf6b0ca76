"""The verbs: which way is taken, what is told, and that it is the same everywhere."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from linewright.errors import ModelError
from linewright.shop import distributions as laws
from linewright.twin.network import run_network, simulate_network
from linewright.twin.network.model import Arrivals
from tests.twin.network.plants import line, random_network

QUEUE = line([laws.exponential(1.0)], [], arrivals=Arrivals(interval=laws.exponential(2.0)))


def test_a_queue_has_the_known_figures():
    """An M/M/1 queue at half load: one job inside on average, 1 of waiting, within 4 half-widths' reach."""
    run = run_network(QUEUE, horizon=4_000.0, warm_up=400.0, replications=20, seed=5)
    for value, figure, name in (
        (1.0, "inside", ""),
        (1.0, "wait", "m0"),
        (2.0, "cycle_time", "part"),
        (0.5, "run_share", "m0"),
    ):
        interval = run.interval(figure, name)
        assert interval.n == 20
        assert abs(interval.value - value) < 2 * interval.half_width
    assert run.way == "event kernel"
    assert "throughput 0.5" in repr(run) or "throughput 0.49" in repr(run)


def test_both_verbs_agree_on_a_line():
    """The recursion tells what the kernel tells, and says that it did."""
    network = line([laws.exponential(1.0), laws.erlang(0.8, 2)], [3])
    options = {"horizon": 500.0, "warm_up": 50.0, "replications": 5, "seed": 2}
    quick, kernel = simulate_network(network, **options), run_network(network, **options)
    assert (quick.way, kernel.way) == ("recursion", "event kernel")
    assert quick.mean("throughput") == pytest.approx(kernel.mean("throughput"), rel=1e-12)
    assert quick.mean("cycle_time") == pytest.approx(kernel.mean("cycle_time", "part"), rel=1e-9)
    assert quick.mean("wait") == pytest.approx(kernel.mean("wait", "part"), rel=1e-9)
    assert quick.mean("inside") == pytest.approx(kernel.mean("inside"), rel=1e-9)


def test_other_networks_take_the_kernel_and_say_why():
    """A network that is no line is run by the kernel, with the reason."""
    run = simulate_network(random_network(8), horizon=50.0, replications=2)
    assert run.way == "event kernel"
    assert run.reason


def test_threads_change_no_figure():
    """Two threads give the same table as none."""
    options = {"horizon": 60.0, "replications": 6, "seed": 3}
    alone = run_network(random_network(8), **options)
    with ThreadPoolExecutor(2) as threads:
        together = run_network(random_network(8), executor=threads, **options)
    assert alone.table.equals(together.table, null_equal=True)
    assert {"of", "name", "figure", "mean", "low", "high", "n", "method", "seed"} <= set(alone.table.columns)


def test_horizons_without_sense_are_refused():
    """A warm-up that is as long as the run leaves nothing."""
    for horizon, warm_up in ((10.0, 10.0), (math.inf, 0.0), (5.0, -1.0)):
        with pytest.raises(ModelError):
            run_network(QUEUE, horizon=horizon, warm_up=warm_up)
