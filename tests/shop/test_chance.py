"""Random numbers that belong to a cause, a path and a stop."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest, pearsonr

from linewright.shop.chance import identity, philox, uniform, uniform_pair, uniforms

#: The known answers that the authors publish with their code (Random123, kat_vectors, philox4x32 10 rounds).
KNOWN = [
    ((0,) * 4, (0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_philox_gives_the_published_words(counter, key, words):
    """The generator is Philox4x32-10 and nothing else."""
    assert tuple(int(word) for word in philox(counter, key)) == words


def test_numbers_are_uniform_and_independent():
    """Both numbers of a draw fill (0, 1) evenly, and neither tells anything about the other or the next path."""
    first, second = uniforms(5, np.uint64(identity("stop", "supplier", "K")), np.arange(20_000), 0)
    assert first.min() > 0
    assert first.max() < 1
    assert kstest(first, "uniform").pvalue > 1e-3
    assert kstest(second, "uniform").pvalue > 1e-3
    assert pearsonr(first, second).pvalue > 1e-3
    assert pearsonr(first[1:], first[:-1]).pvalue > 1e-3


def test_each_part_of_the_counter_matters():
    """Another seed, cause, path or draw is another number."""
    name = np.uint64(identity("stop", "supplier", "K"))
    other = np.uint64(identity("stop", "supplier", "L"))
    numbers = [
        float(uniforms(seed, cause, path, draw)[0])
        for seed, cause, path, draw in (
            (1, name, 0, 0),
            (2, name, 0, 0),
            (2**32 + 1, name, 0, 0),
            (1, other, 0, 0),
            (1, name, 1, 0),
            (1, name, 0, 1),
        )
    ]
    assert len(set(numbers)) == len(numbers)


def test_words_of_an_identity_do_not_run_together():
    """Two names that read alike when joined are two causes."""
    assert identity("a", "bc") != identity("ab", "c")


def test_kernels_draw_the_same_numbers():
    """The kernel's pair is the arrays' pair, and one index after the other walks through the pairs."""
    cause = np.uint64(identity("run", "10", "A"))
    for seed, replication, index in ((0, 0, 0), (7, 3, 12), (2**63 + 5, 2**32 - 1, 2**31)):
        expected = tuple(float(value) for value in uniforms(seed, cause, replication, index))
        assert uniform_pair(np.uint64(seed), cause, replication, index) == expected
        drawn = [uniform(np.uint64(seed), cause, replication, 2 * index + side) for side in (0, 1)]
        assert tuple(drawn) == expected
