"""Lines by decomposition, in closed form and as chains, against each other and against what must hold for any line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewright.errors import ModelError
from linewright.twin.analytic.decomposition import ContinuousLine, RememberedLine, decompose, line_throughput
from linewright.twin.analytic.line_chains import exact_line, synchronous_line
from linewright.twin.analytic.solving.settling import _sweep
from linewright.twin.analytic.two_machines import continuous_pair

rates = st.floats(0.002, 0.5)
sizes = st.floats(0.0, 60.0)


@st.composite
def lines(draw, most=7):
    count = draw(st.integers(2, most))
    failures = draw(st.lists(rates, min_size=count, max_size=count))
    repairs = draw(st.lists(rates, min_size=count, max_size=count))
    buffers = draw(st.lists(sizes, min_size=count - 1, max_size=count - 1))
    return ContinuousLine(tuple(failures), tuple(repairs)), buffers


@settings(deadline=None, max_examples=30)
@given(lines())
def test_a_line_run_backwards_makes_as_much(case):
    """The decomposition is symmetric: reversed machines with reversed buffers have the same throughput."""
    line, buffers = case
    forward = line_throughput(line, buffers)[0]
    assert line_throughput(line.reversed(), buffers[::-1])[0] == pytest.approx(forward, rel=1e-7)


@settings(deadline=None, max_examples=30)
@given(lines(), st.floats(0.1, 20), st.integers(0, 5))
def test_a_larger_buffer_never_hurts(case, more, where):
    """More room between two machines gives no less throughput, up to what the approximation errs by in uneven lines."""
    line, buffers = case
    larger = list(buffers)
    larger[where % len(buffers)] += more
    before, after = line_throughput(line, [buffers, larger])
    assert after >= 0.99 * before


@settings(deadline=None, max_examples=30)
@given(lines())
def test_a_line_lies_between_no_buffers_and_its_slowest_machine(case):
    """No line makes more than its worst machine alone, nor less than one that stops as a whole."""
    line, buffers = case
    made = line_throughput(line, buffers)[0]
    stops = sum(p / r for p, r in zip(line.failure_rates, line.repair_rates, strict=True))
    assert 1 / (1 + stops) - 1e-6 <= made <= line.isolated_rates.min() + 1e-6


@settings(deadline=None, max_examples=15)
@given(lines())
def test_newton_ends_where_the_published_sweeps_end(case):
    """The equations solved by Newton's method have the fixed point of the DDX sweeps."""
    line, buffers = case
    failure, repair = np.array(line.failure_rates), np.array(line.repair_rates)
    parts = np.stack([failure[:-1], repair[:-1], failure[1:], repair[1:]])[:, :, None]
    size = np.array(buffers)[:, None]
    for _ in range(3_000):
        before = parts.copy()
        _sweep(parts, failure, repair, size)
        if np.abs(parts / before - 1).max() < 1e-13:
            break
    swept = continuous_pair(*parts, size).efficiency
    assert swept[0, 0] == pytest.approx(line_throughput(line, buffers)[0], rel=1e-6)


def test_many_lines_at_once_are_the_lines_one_by_one():
    """A line's throughput does not depend on which others are asked with it."""
    luck = np.random.default_rng(5)
    line = ContinuousLine(tuple(luck.uniform(0.02, 0.1, 12)), tuple(luck.uniform(0.05, 0.3, 12)))
    buffers = luck.integers(0, 40, (60, 11))
    together = line_throughput(line, buffers)
    alone = [line_throughput(line, row)[0] for row in buffers]
    np.testing.assert_allclose(together, alone, rtol=1e-8)
    np.testing.assert_allclose(RememberedLine(line)(buffers), alone, rtol=1e-8)


def test_a_flow_is_the_same_through_every_buffer():
    """What comes in goes out: each two-machine line of the decomposition lets the same flow through."""
    line = ContinuousLine.of_times([20, 20, 30, 22, 30], [7, 10, 7, 5, 5])
    parts = decompose(line, [[24, 22, 11, 3]]).parts
    flows = continuous_pair(*parts, np.array([[24], [22], [11], [3]])).efficiency
    np.testing.assert_allclose(flows, flows[0, 0], rtol=1e-9)


def fine_chain(p1, r1, p2, r2, buffer, grains):
    """The continuous pair as a chain of many small grains, solved by brute force."""
    states = [(level, one, two) for level in range(grains + 1) for one in (0, 1) for two in (0, 1)]
    at = {state: number for number, state in enumerate(states)}
    pace = grains / buffer
    rate = np.zeros((len(states), len(states)))
    for (level, one, two), number in at.items():
        makes, takes = one and (level < grains or two), two and (level > 0 or one)
        if makes and not takes:
            rate[number, at[level + 1, one, two]] += pace
        if takes and not makes:
            rate[number, at[level - 1, one, two]] += pace
        rate[number, at[level, 1 - one, two]] += (p1 if makes else 0.0) if one else r1
        rate[number, at[level, one, 1 - two]] += (p2 if takes else 0.0) if two else r2
    balance = (rate - np.diag(rate.sum(axis=1))).T
    balance[-1] = 1.0
    share = np.linalg.solve(balance, np.eye(len(states))[-1])
    output = sum(share[at[s]] for s in states if s[2] and (s[0] > 0 or s[1]))
    return output, sum(share[at[s]] * s[0] for s in states) / pace


@pytest.mark.parametrize(
    "case", [(0.02, 0.1, 0.03, 0.12, 6.0), (0.05, 0.2, 0.01, 0.05, 3.0), (0.02, 0.1, 0.02, 0.1, 4.0)]
)
def test_the_fluid_of_two_machines_is_the_limit_of_fine_grains(case):
    """A chain of 60 and 120 grains, extrapolated to endless ones, gives the closed form's flow and level."""
    coarse, fine = (np.array(fine_chain(*case, grains)) for grains in (60, 120))
    pair = continuous_pair(*case)
    assert (2 * fine - coarse) == pytest.approx([pair.efficiency, pair.level], rel=2e-4)


def test_two_exponential_machines_do_what_hunt_found():
    """Two stations of rate 1 with b places make (b + 2) / (b + 3) parts (1956)."""
    for places in range(6):
        assert exact_line([1, 1], [places]).throughput == pytest.approx((places + 2) / (places + 3))


def test_machines_that_never_fail_never_stop_a_synchronous_line():
    """Without failures each cycle gives a part."""
    assert synchronous_line([0, 0, 0], [0.5, 0.5, 0.5], [2, 3]).throughput == pytest.approx(1.0)


def test_two_machines_of_different_speed_keep_the_slower_ones_pace():
    """With a huge buffer a line of unequal speeds makes what its worst machine makes alone."""
    line = ContinuousLine((0.01, 0.02, 0.0), (0.1, 0.1, 1.0), (1.0, 1.5, 2.0))
    assert line_throughput(line, [[1e5, 1e5]])[0] == pytest.approx(line.isolated_rates.min(), rel=1e-3)


def test_what_is_wrong_with_a_line_is_said_at_once():
    """Every wrong number is named in one error."""
    with pytest.raises(ModelError) as told:
        ContinuousLine((0.1, -0.1), (0.1, 0.0))
    assert len(told.value.problems) == 2
    with pytest.raises(ModelError, match="3 machines"):
        decompose(ContinuousLine((0.1,) * 3, (0.1,) * 3), [[1, 2, 3]])
    with pytest.raises(ModelError, match="states"):
        exact_line([1] * 12, [5] * 11)
