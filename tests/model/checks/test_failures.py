"""Failures need repairs and shapes: what the checks find, and what they leave in peace."""

from linewright.model import checks
from tests.model.checks.hand_made import found, words


def mode(machine, **more):
    """A failure mode."""
    return {"machine": machine, "up_hours": 100.0, "repair_hours": 4.0, **more}


def test_a_machine_that_fails_needs_a_repair():
    """B names its repair, C has a failure mode of its own, D never fails; only A is told of."""
    machines = [
        {"machine": "A", "mtbf_hours": 50.0},
        {"machine": "B", "mtbf_hours": 50.0, "mttr_hours": 1.0},
        {"machine": "C", "mtbf_hours": 50.0},
        {"machine": "D"},
    ]
    tables = {"machines": machines, "failure_modes": [mode("C")]}
    assert found(checks.failure_without_repair, **tables) == {"machines": [0]}
    assert "A fails every 50 h" in words(checks.failure_without_repair, **tables)[0]


def test_a_spread_needs_its_shape():
    """Weibull without a shape is told of on either side; exponential needs none."""
    modes = [
        mode("A", up_distribution="weibull"),
        mode("A", mode="c", up_distribution="weibull", up_shape=2.0),
        mode("A", mode="d"),
    ]
    assert found(checks.shape_missing, failure_modes=modes) == {"failure_modes": [0]}
    slow = [mode("A"), mode("B", repair_distribution="lognormal")]
    assert found(checks.shape_missing, failure_modes=slow) == {"failure_modes": [1]}
    assert "its repair is lognormal" in words(checks.shape_missing, failure_modes=slow)[0]


def test_observed_hours_are_numbers():
    """An empty list and a word are told of; numbers with semicolons are fine."""
    modes = [
        mode("A", up_distribution="empirical"),
        mode("A", mode="b", up_distribution="empirical", up_values="12;often"),
        mode("A", mode="c", up_distribution="empirical", up_values="12; 30.5;41"),
    ]
    assert found(checks.values_missing, failure_modes=modes) == {"failure_modes": [0, 1]}
