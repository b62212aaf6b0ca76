"""Random numbers for kernels."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.plan.search.chance import below, draw, new_chance, share

SEEDS = (0, 1, 10**9, 2**40)


def test_the_bits_are_those_of_the_published_generator():
    """The first three numbers of splitmix64 from the seed 1234567, as its authors give them."""
    chance = np.array([1234567], np.uint64)
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert [int(draw(chance)) for _ in expected] == expected


def test_a_generator_in_whole_numbers_draws_the_same():
    """The same sums and shifts with numbers that never overflow."""
    chance = new_chance(7)
    state = int(chance[0])
    for _ in range(200):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        bits = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB % 2**64
        assert int(draw(chance)) == bits ^ bits >> 31


@pytest.mark.parametrize("seed", SEEDS)
def test_draws_are_even(seed: int):
    """Whole numbers and shares stay in their range and reach all of it."""
    chance = new_chance(seed)
    counts = np.bincount([below(chance, 6) for _ in range(3000)], minlength=6)
    assert counts.size == 6
    assert counts.min() > 400
    shares = np.array([share(chance) for _ in range(3000)])
    assert 0 <= shares.min() < 0.01
    assert 0.99 < shares.max() < 1
    assert shares.mean() == pytest.approx(0.5, abs=0.03)


def test_each_search_has_its_own_numbers():
    """The same seed draws the same, another seed others, and one state does not disturb the other."""
    one, same, other = new_chance(3), new_chance(3), new_chance(4)
    drawn = [(below(one, 1000), below(other, 1000)) for _ in range(50)]
    assert [below(same, 1000) for _ in range(50)] == [first for first, _ in drawn]
    assert [first for first, _ in drawn] != [second for _, second in drawn]
