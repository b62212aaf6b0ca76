"""Replications come out the same however they are cut and wherever they run."""

from __future__ import annotations

import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.errors import ModelError, SourceError
from linewright.twin.statistics.blocks import FIRST_BLOCK, GROWTH, BlockSize
from linewright.twin.statistics.replications import Done, HalfWidth, Replications, replicate, run_blocks
from tests.twin.statistics.tasks import Fatal, Normals, Rich, sums

TWO = Normals(("output", "delay"), (10.0, 3.0), (1.0, 2.0), ("output", "delay"))
STOP = HalfWidth("delay", absolute=0.2)


@pytest.fixture(scope="module")
def plain():
    """What one process finds."""
    return replicate(TWO, stop=STOP, seed=5)


@settings(deadline=None, max_examples=30)
@given(block=st.integers(1, 500), threads=st.sampled_from([None, 1, 2]))
def test_blocks_and_threads_change_nothing(plain, block, threads):
    """Any block size, in this thread, one or two others, gives the same number of replications and figures."""
    if threads is None:
        found = replicate(TWO, stop=STOP, seed=5, block=block)
    else:
        with ThreadPoolExecutor(threads) as executor:
            found = replicate(TWO, stop=STOP, seed=5, block=block, executor=executor)
    assert np.array_equal(found.values, plain.values)
    assert np.array_equal(found.numbers, np.arange(plain.n))


def test_processes_change_nothing(plain):
    """Two processes of their own find what this one finds."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        found = replicate(TWO, stop=STOP, seed=5, executor=executor)
    assert np.array_equal(found.values, plain.values)
    assert found.mean("output") == plain.mean("output")


def test_it_stops_as_soon_as_the_interval_is_narrow(plain):
    """The half-width holds, and a tenth fewer replications would not have sufficed by far."""
    assert plain.mean("delay").half_width <= 0.2
    # A spread of 2 needs about (1.96 x 2 / 0.2)^2 = 384 replications.
    assert 300 <= plain.n <= 500


def test_another_first_number_is_fresh_chance():
    """The replications from 100 on are those that a longer run has there."""
    long = replicate(TWO, stop=Replications(150), seed=5)
    later = replicate(TWO, stop=Replications(50), seed=5, first=100)
    assert np.array_equal(later.values, long.values[100:])
    assert later.numbers[0] == 100


def test_another_seed_is_other_chance():
    """Two seeds share no figure."""
    one, two = (replicate(TWO, stop=Replications(50), seed=seed) for seed in (1, 2))
    assert not np.intersect1d(one.values, two.values).size


def test_richer_results_are_kept_with_their_figures():
    """The results of the blocks come in order, beside the figures read out of them."""
    with ThreadPoolExecutor(2) as executor:
        found = replicate(Rich(), stop=Replications(20), seed=1, block=6, executor=executor, read=sums)
    orders = np.concatenate([part["orders"] for part in found.parts])
    assert np.array_equal(orders.sum(axis=1), found.figure("sum"))
    assert orders[:, 1].tolist() == [number + 1.0 for number in range(20)]


def test_blocks_come_back_in_order():
    """Results stand in the order of their numbers, whichever was done first."""
    with ThreadPoolExecutor(2) as executor:
        found = run_blocks(Rich(), [9, 4, 7, 1, 8], seed=0, block=2, executor=executor)
    assert [part["orders"][:, 1].tolist() for part in found.results] == [[9.0, 4.0], [7.0, 1.0], [8.0]]
    assert found.stopped == ""


@pytest.mark.parametrize("threads", [None, 2])
def test_breaking_off_keeps_what_is_done(threads):
    """Ctrl-C after the third block leaves three blocks, and the samples say so."""

    def break_off(done: Done) -> None:
        if done.done == 30:
            signal.raise_signal(signal.SIGINT)

    executor = None if threads is None else ThreadPoolExecutor(threads)
    found = replicate(TWO, stop=Replications(1000), seed=5, block=10, executor=executor, watch=break_off)
    if executor:
        executor.shutdown()
    assert np.array_equal(found.values, replicate(TWO, stop=Replications(30), seed=5).values)
    assert found.stopped == "broken off after 30 of 1,000 replications"
    assert repr(found) == "Samples of output, delay: 30 replications, seed 5, " + found.stopped


def test_breaking_off_before_anything_is_done_stays_an_interruption():
    """With no block done there is nothing to return."""

    class Interrupted(Normals):
        def __call__(self, numbers, seed):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replicate(Interrupted(), stop=Replications(10), seed=5)
    with pytest.raises(KeyboardInterrupt):
        run_blocks(Interrupted(), np.arange(10), seed=5)


def test_a_block_list_that_is_broken_off_says_so():
    """Whoever takes block results learns which replications they are."""

    def break_off(done: Done) -> None:
        raise KeyboardInterrupt

    found = run_blocks(Rich(), np.arange(5, 25), seed=0, block=4, watch=break_off)
    assert found.numbers.tolist() == [5, 6, 7, 8]
    assert found.stopped == "broken off after 4 of 20 replications"


def test_the_watcher_sees_every_block():
    """Progress rises to what is wanted."""
    seen = []
    replicate(TWO, stop=Replications(25), seed=5, block=10, watch=seen.append)
    assert [(done.done, done.wanted) for done in seen] == [(10, 25), (20, 25), (25, 25)]
    assert all(done.seconds >= 0 for done in seen)


def test_a_dead_process_is_a_source_that_did_not_answer():
    """The error says what to do, not that a pool is broken."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor, pytest.raises(SourceError, match="fewer"):
        replicate(Fatal(at=3), stop=Replications(10), seed=0, executor=executor)


def test_blocks_grow_until_they_are_worth_sending():
    """A block takes half a second once it is known how long a replication takes."""
    size = BlockSize(None)
    size.learn(FIRST_BLOCK, 1e-5)
    assert size.replications == GROWTH * FIRST_BLOCK
    size.learn(32, 3.2)
    assert size.replications == 5
    size.learn(5, 50.0)
    assert size.replications == 1


@pytest.mark.parametrize(
    ("settings_", "told"),
    [
        ({"seed": -1}, "seed -1: use a whole number"),
        ({"seed": 1, "first": -3}, "replication -3 to 6: use whole numbers"),
        ({"seed": 1, "block": 0}, "block of 0 replications"),
    ],
)
def test_impossible_settings_are_named(settings_, told):
    """What cannot be is said with its cure."""
    with pytest.raises(ModelError, match=told):
        replicate(TWO, stop=Replications(10), **settings_)


def test_a_task_of_the_wrong_shape_is_refused():
    """A task that returns other columns than it names is a mistake of whoever wrote it."""
    with pytest.raises(ValueError, match="2 figures returned"):
        replicate(Normals(("a", "b")), stop=Replications(10), seed=0)


def test_an_unknown_figure_is_named_with_those_there_are(plain):
    """The message lists the figures."""
    with pytest.raises(ModelError, match="no figure lead_time — use one of output, delay"):
        plain.figure("lead_time")


def test_samples_give_shares_and_quantiles(plain):
    """Each interval carries n and the seed."""
    share = plain.share("output")
    assert (share.value, share.n, share.seed, share.method) == (1.0, plain.n, 5, "Wilson")
    median = plain.quantile("delay", 0.5)
    assert median.low < 3.0 < median.high
