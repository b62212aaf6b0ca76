"""The checks as a whole: what the checks find, where, and what they leave in peace."""

import pytest

from linewright.model import checks
from linewright.model.checks import CHECKS
from tests.model.checks.hand_made import found
from tests.model.raws import factory_of, raw, told


def test_every_check_is_registered_once_and_says_what_it_is():
    """The tuple of checks holds each function of the package once, and each has a sentence."""
    public = {name for name in dir(checks) if callable(getattr(checks, name)) and name.islower()}
    assert {check.__name__ for check in CHECKS} == public
    assert len(CHECKS) == len(public)
    assert all(check.__doc__ for check in CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_an_empty_factory_is_in_order(check):
    """Where there are no rows, no check finds anything, and none stumbles."""
    assert found(check) == {}


def test_errors_of_checks_take_what_needs_them_along():
    """A step without a machine is left out, and with it the crew that it would have needed."""
    factory = factory_of(
        raw("machines", {"machine": ["M"], "work_center": ["W"]}),
        raw("work_centers", {"work_center": ["W", "V"]}),
        raw("operations", {"material": ["P", "P"], "step": [10, 20], "work_center": ["W", "V"]}),
        raw("operation_crews", {"material": ["P", "P"], "step": [10, 20]}),
    )
    assert factory.operations.column("step").tolist() == factory.operation_crews.column("step").tolist() == [10]
    assert told(factory, "no_machine")[0].where == "operations.csv:3 (work_center)"
    assert told(factory, "consequence")[0].value == "P step 20"


def test_findings_stand_at_the_rows_of_the_file_even_after_others_were_left_out():
    """A check sees only good rows, and still names the line of the file."""
    columns = {"order": ["A", "B", "C"], "material": ["P"] * 3, "quantity": ["x", "1", "1"]}
    dates = {"due": ["2026-03-02"] * 3, "release": ["2026-03-01", "2026-03-01", "2026-04-01"]}
    factory = factory_of(raw("orders", {**columns, **dates}))
    assert [fault.where for fault in told(factory, "due_before_release")] == ["orders.csv:4 (release)"]
