"""The order of steps: what the checks find, where, and what they leave in peace."""

import pytest

from linewright.model import checks
from tests.model.checks.hand_made import found, job, op, words


@pytest.mark.parametrize(
    ("after", "wrong"),
    [
        ("10", False),
        ("10;20", False),
        ("10, 20", False),
        ("-", False),
        ("", False),
        ("40", True),
        ("30", True),
        ("ten", True),
    ],
)
def test_a_step_waits_only_for_other_steps_of_its_material(after, wrong):
    """A number of another step, several, none at all; not itself and not a step that is not there."""
    steps = [op(step=10), op(step=20), op(step=30, after=after)]
    assert found(checks.after_unknown, operations=steps) == ({"operations": [2]} if wrong else {})


def test_steps_do_not_wait_for_each_other_in_a_circle():
    """10 waits for 30, which waits for 20, which comes after 10; step 40 only waits for them."""
    steps = [
        op(step=10, after="30"),
        op(step=20),
        op(step=30, after="20"),
        op(step=40, after="30"),
        op("Q", 10, after="-"),
    ]
    assert found(checks.after_cycle, operations=steps) == {"operations": [0, 2]}
    assert "steps 10, 20, 30 of P" in words(checks.after_cycle, operations=steps)[0]


def test_a_work_order_is_at_a_step_that_exists():
    """Step 15 is none of P's; a material without any steps is told of elsewhere."""
    jobs = [job("1", step=15), job("2", step=10), job("3"), job("4", "Q", step=5), job("5", step=15, status="closed")]
    assert found(checks.unknown_step, operations=[op(), op(step=20)], work_orders=jobs) == {"work_orders": [0]}
    assert words(checks.unknown_step, operations=[op(), op(step=20)], work_orders=jobs) == [
        "P has no step 15; it has 10, 20"
    ]
