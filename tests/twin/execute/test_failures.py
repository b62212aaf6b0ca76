"""Failures and repairs against what can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from linewright.errors import ModelError
from linewright.twin.execute import records as r
from linewright.twin.execute.problem import prepare
from tests.twin.execute.shops import executed, line, near, planned, run_of

HOUR = 3600


def fixed(machine: str, up: float, repair: float, **more):
    """Fails after so many hours, always the same, and is repaired in so many."""
    return {"machine": machine, "up_hours": up, "up_distribution": "fixed", "repair_hours": repair,
            "repair_distribution": "fixed"} | more  # fmt: skip


def ends(factory, operation: int = 0) -> float:
    """Hours at which an operation ends where chance has no say."""
    return float(run_of(factory, n=1).ends[0][operation]) / HOUR


def test_a_run_takes_its_repairs_longer():
    """A run of 10 h that fails after each 3 h of work stops three times."""
    assert ends(line(failure_modes=[fixed("M1", 3, 0.5)])) == 11.5


def test_the_running_clock_stands_still_while_nothing_runs():
    """Work that begins after 4 h meets its first failure 3 h later, by the calendar already before."""
    factory = line(2, hours=4, failure_modes=[fixed("M2", 3, 1)])
    assert ends(factory, 1) == 4 + 4 + 1
    by_calendar = line(2, hours=4, failure_modes=[fixed("M2", 3, 1, clock="calendar")])
    # Down from 3 to 4, ready at 4, down again from 7 to 8: three hours done at 7, the fourth from 8 to 9.
    assert ends(by_calendar, 1) == 9


def test_a_machine_that_is_down_begins_nothing():
    """By the calendar M2 is down from 3 h to 6 h; its work is ready after 4 h."""
    factory = line(2, hours=4, failure_modes=[fixed("M2", 3, 3, clock="calendar")])
    made = run_of(factory, n=1)
    assert made.starts[0].tolist() == [0, 6 * HOUR]


def test_age_counts_before_the_first_failure():
    """With 3 of 5 hours behind it the machine fails after 2 h, and after each 5 h from then on."""
    assert ends(line(failure_modes=[fixed("M1", 5, 1, age_hours=3)])) == 12


@pytest.mark.parametrize("clock", ["running", "calendar"])
def test_the_mean_delay_is_that_of_availability(clock: str):
    """With exponential times a run of T hours takes T (1 + repair / up) on average."""
    mode = {"machine": "M1", "up_hours": 5, "repair_hours": 1, "clock": clock}
    made = run_of(line(failure_modes=[mode]), n=4000)
    assert near(made.ends[:, 0] / HOUR, 12)


def test_the_number_of_failures_is_poisson():
    """As many as the run has mean times between failures, with a variance of the same size."""
    made = run_of(line(machine={"mtbf_hours": 2.5, "mttr_hours": 0.5}), n=4000)
    repairs = made.machines[:, 0, r.M_REPAIRS]
    assert near(repairs, 4)
    assert abs(repairs.var() / 4 - 1) < 0.12


def test_an_aged_machine_fails_as_those_that_have_come_so_far():
    """Weibull with shape 2 and 4 h of age: P(no failure in t hours) = S(4 + t) / S(4)."""
    scale = 6 / math.gamma(1.5)
    mode = {"machine": "M1", "up_hours": 6, "up_distribution": "weibull", "up_shape": 2, "repair_hours": 1,
            "age_hours": 4}  # fmt: skip
    made = run_of(line(hours=3, failure_modes=[mode]), n=4000)
    whole = made.ends[:, 0] == 3 * HOUR
    assert near(whole, math.exp(-((7 / scale) ** 2) + (4 / scale) ** 2))


def test_observed_times_are_drawn_alike():
    """Empirical repairs of 1, 2 and 6 h after each failure at 6 h."""
    mode = fixed("M1", 6, 1, repair_distribution="empirical", repair_values="1;2;6")
    took = run_of(line(failure_modes=[mode]), n=3000).ends[:, 0] / HOUR - 10
    assert sorted(set(took.tolist())) == [1, 2, 6]
    assert near(took, 3)


def test_one_crew_repairs_one_machine_at_a_time():
    """Both machines fail at 2 h; the second is repaired after the first."""
    modes = [fixed(name, 2, 3, repair_crew="crew") for name in ("M1", "M2")]
    tables = {
        "materials": [{"material": "a"}, {"material": "b"}],
        "operations": [{"material": name, "step": 10, "machine": machine, "run_minutes": 180}
                       for name, machine in (("a", "M1"), ("b", "M2"))],
        "order_rows": [{"order": f"O{name}", "material": name, "quantity": 1} for name in ("a", "b")],
    }  # fmt: skip
    one = line(2, failure_modes=modes, repair_crews=[{"repair_crew": "crew", "quantity": 1}], **tables)
    assert sorted((run_of(one, n=1).ends[0] / HOUR).tolist()) == [6, 9]
    two = line(2, failure_modes=modes, repair_crews=[{"repair_crew": "crew", "quantity": 2}], **tables)
    assert sorted((run_of(two, n=1).ends[0] / HOUR).tolist()) == [6, 6]


def test_places_share_the_clock_of_their_machine():
    """Two jobs side by side age their machine like one, and stop together."""
    factory = line(orders=2, machine={"capacity": 2}, failure_modes=[fixed("M1", 4, 1)])
    assert (run_of(factory, n=1).ends[0] / HOUR).tolist() == [12, 12]


def test_a_new_order_shifts_nobody_elses_failures():
    """Common random numbers: what M1 does stays the same when more work comes to another machine."""
    machines = {"machines": [{"machine": "M1", "mtbf_hours": 4, "mttr_hours": 1},
                             {"machine": "M2", "mtbf_hours": 4, "mttr_hours": 1}],
                "materials": [{"material": "part"}, {"material": "other"}],
                "operations": [{"material": name, "step": 10, "machine": machine, "run_minutes": 600,
                                "run_variation": 0.3}
                               for name, machine in (("part", "M1"), ("other", "M2"))]}  # fmt: skip
    orders = [{"order": "O1", "material": "part", "quantity": 1}, {"order": "O2", "material": "other", "quantity": 1}]
    more = line(**machines, order_rows=orders)
    few, many = run_of(line(**machines, order_rows=orders[:1]), n=50), run_of(more, n=50)
    names = prepare(more, planned(more)).shop.operation_names
    assert (many.ends[:, names.index("O1:part/10")] == few.ends[:, 0]).all()


def test_a_copied_run_goes_on_by_itself():
    """A run that stops in the middle, is copied and goes on twice, ends like one that never stopped."""
    from linewright.twin.execute.bundle import bundled
    from linewright.twin.execute.kernel.run import execute

    factory = line(3, orders=3, machine={"mtbf_hours": 4, "mttr_hours": 1}, routing={"run_variation": 0.5})
    prepared = prepare(factory, planned(factory))
    whole, _ = executed(prepared, [5])
    problem, number = prepared.problem, np.array([5])
    now = r.new_situation(problem)
    made = [r.new_figures(problem, 1, 1) for _ in range(2)]
    assert execute(bundled(problem), bundled(now), bundled(made[0]), number, False, 15 * HOUR) == r.STOPPED
    fork = r.copied(now)
    for one, figures in zip((now, fork), made, strict=True):
        assert execute(bundled(problem), bundled(one), bundled(figures), number, True, 1 << 59) == r.FINISHED
        assert (figures.ends == whole.ends).all()
        assert (figures.totals == whole.totals).all()


def test_what_cannot_be_drawn_is_refused_with_its_cure():
    """A failure mode without a repair, a shape that is missing, observed hours that are missing."""
    modes = [
        {"machine": "M1", "mode": "a", "up_hours": 5, "repair_hours": 0},
        {"machine": "M1", "mode": "b", "up_hours": 5, "repair_hours": 1, "up_distribution": "weibull"},
        {"machine": "M1", "mode": "c", "up_hours": 5, "repair_hours": 1, "repair_distribution": "empirical"},
    ]
    factory = line(failure_modes=modes)
    with pytest.raises(ModelError) as caught:
        prepare(factory, planned(factory))
    assert [problem.split(" — ")[1][:20] for problem in caught.value.problems] == [
        "fill in repair_hours", "fill in up_shape", "fill in repair_value",
    ]  # fmt: skip


def test_failures_without_a_repair_are_left_out_and_said():
    """As the check warns; a repair of no time is one, and such failures are counted."""
    factory = line(machine={"mtbf_hours": 5.0})
    prepared = prepare(factory, planned(factory))
    assert not prepared.problem.failures.size
    assert any("Failures left out" in said and "M1" in said for said in prepared.assumptions)
    made = run_of(line(machine={"mtbf_hours": 5.0, "mttr_hours": 0.0}), n=50)
    assert (made.ends[:, 0] == 10 * HOUR).all()
    assert made.machines[:, 0, r.M_REPAIRS].any()


def test_modes_of_one_name_have_their_own_luck():
    """Two modes without a name draw apart; the first keeps the luck that it has alone."""
    mode = {"machine": "M1", "up_hours": 20, "repair_hours": 2}
    causes = []
    for modes in ([mode], [mode, mode]):
        factory = line(failure_modes=modes)
        failures = prepare(factory, planned(factory)).problem.failures
        causes.append((failures.up_cause.tolist(), failures.repair_cause.tolist()))
    assert all(len(set(both)) == 2 for both in causes[1])
    assert all(one[0] == both[0] for one, both in zip(*causes, strict=True))
