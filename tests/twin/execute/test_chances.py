"""Slow runs, rework, yields, absences and late supplies, each alone, against closed forms."""

from __future__ import annotations

from datetime import time, timedelta

import numpy as np

from linewright.twin.execute import records as r
from linewright.twin.execute.problem import prepare
from tests.twin.execute.shops import START, executed, line, near, planned, run_of

HOUR = 3600


def test_run_times_vary_as_their_rows_say():
    """Mean as planned, standard deviation of 30 %."""
    hours = run_of(line(routing={"run_variation": 0.3}), n=4000).ends[:, 0] / HOUR
    assert near(hours, 10)
    assert abs(hours.std() / 3 - 1) < 0.06


def test_setup_times_vary_by_themselves():
    """A setup of 5 h before 10 h of work."""
    made = run_of(line(routing={"setup_minutes": 300, "setup_variation": 0.4}), n=4000)
    took = made.starts[:, 0] / HOUR
    # Nothing starts before its planned start: what is set up early waits.
    assert took.min() == 5
    late = np.maximum(made.machines[:, 0, r.M_SETUP] / HOUR, 5)
    assert np.allclose(took, late)
    assert near(made.machines[:, 0, r.M_SETUP] / HOUR, 5)


def test_errors_of_mean_times_are_told_from_chance():
    """Each order varies by 10 %, their step's mean time is unsure by 20 %: the variance of five splits."""
    factory = line(orders=5, hours=10, routing={"run_variation": 0.1, "time_error": 0.2})
    made = run_of(factory, n=4000, pairs=2)
    hours = made.machines[:, 0, r.M_RUN] / HOUR
    apart = hours[0::2] - hours[1::2]
    chance = (apart**2).mean() / 2
    # Sum of five: the error multiplies all of them, and the chances with it.
    expected_chance = 5 * (10 * 0.1) ** 2 * (1 + 0.2**2)
    assert abs(chance / expected_chance - 1) < 0.12
    assert abs((hours.var() - chance) / (50 * 0.2) ** 2 - 1) < 0.12


def test_rework_repeats_the_run():
    """With a share p of runs to be repeated there are 1 / (1 - p) runs on average."""
    hours = run_of(line(routing={"rework_share": 0.25}), n=4000).ends[:, 0] / HOUR
    assert near(hours, 10 / 0.75)
    assert set((hours / 10).tolist()) <= set(range(1, 20))


def test_good_units_are_binomial():
    """Of 100 wanted units 125 are started at a yield of 80 %; what is short of 100 is counted."""
    factory = line(
        hours=0.1, routing={"yield_share": 0.8}, order_rows=[{"order": "O", "material": "part", "quantity": 100}]
    )
    prepared = prepare(factory, planned(factory))
    good = []
    for number in range(400):
        _, now = executed(prepared, [number])
        good.append(float(now.steps[0].good))
    assert near(good, 100)
    assert abs(np.var(good) / (125 * 0.8 * 0.2) - 1) < 0.3
    made, _ = executed(prepared, range(400))
    assert np.allclose(made.totals[:, r.SHORT], np.maximum(100 - np.array(good), 0))


def staffed(people: int, absence: float, hours: float = 6.0):
    """One machine by day with a crew of one, of so many welders of whom only the first is planned."""
    return line(
        hours=hours,
        routing={"crew": 1, "skill": "weld"},
        shifts=[{"calendar": "day", "weekday": "mon-sun", "start": time(6), "end": time(18)}],
        machine={"calendar": "day"},
        people=[
            {"person": f"P{at}", "calendar": "day", "absence_share": 0.0 if at else absence} for at in range(people)
        ],
        skills=[{"person": f"P{at}", "skill": "weld"} for at in range(people)],
    )  # fmt: skip


def test_absent_people_are_waited_for():
    """Work of 6 h by day is put off by a day for each day of absence: a geometric number."""
    made = run_of(staffed(1, 0.3), n=3000)
    days = made.starts[:, 0] / 86400
    assert set(days.tolist()) <= set(range(30))
    assert near(days, 0.3 / 0.7)
    assert near(days == 0, 0.7)


def test_a_qualified_person_who_is_free_stands_in():
    """With a second welder who is never absent nothing is late."""
    factory = staffed(2, 0.5)
    plan = planned(factory)
    assert plan.operations["people"].to_list() == [["P0"]]
    assert (run_of(factory, plan, n=200).starts[:, 0] == 0).all()


def test_who_falls_ill_over_night_is_waited_for():
    """Work of 18 h needs two days: the second is a day on which the person is there."""
    made = run_of(staffed(1, 0.3, hours=18), n=3000)
    days = np.floor(made.ends[:, 0] / 86400)
    assert near(days, 1 + 2 * 0.3 / 0.7)


def bought(**more):
    """Work that needs a plate that is bought, ten days from now."""
    return line(
        hours=10, components=[{"material": "part", "component": "plate", "quantity": 1}],
        materials=[{"material": "part"}, {"material": "plate"}],
        purchases=[{"purchase": "B1", "supplier": "S", "material": "plate", "quantity": 1,
                    "due": START + timedelta(days=10)}],
        **more,
    )  # fmt: skip


def test_late_material_delays_by_what_it_is_late():
    """Lead times are log-normal around 8 days with 4 days; nothing starts before the plan."""
    factory = bought(
        suppliers=[{"supplier": "S"}],
        sources=[{"material": "plate", "supplier": "S", "lead_days": 8, "lead_days_sd": 4}],
    )
    made = run_of(factory, n=4000)
    days = made.starts[:, 0] / 86400
    assert days.min() == 10
    sigma = np.sqrt(np.log1p(0.25))
    draws = 8 * np.exp(sigma * np.random.default_rng(3).standard_normal(400_000) - sigma**2 / 2)
    assert near(days, 10 + float(np.maximum(draws - 8, 0).mean()), 5)


def test_unreliable_suppliers_are_late_in_their_share_of_cases():
    """Nine of ten come as promised, the others are late by a quarter of the lead time on average."""
    factory = bought(
        suppliers=[{"supplier": "S", "reliability": 0.9}],
        sources=[{"material": "plate", "supplier": "S", "lead_days": 8}],
    )
    late = run_of(factory, n=4000).starts[:, 0] / 86400 - 10
    assert near(late > 0, 0.1)
    assert near(late[late > 0], 2)


def test_each_chance_can_be_switched_off():
    """With all of them off every replication is the plan."""
    factory = line(3, orders=4,
                   routing={"run_variation": 0.5, "setup_minutes": 10, "setup_variation": 1, "time_error": 0.1},
                   machine={"mtbf_hours": 5, "mttr_hours": 1})  # fmt: skip
    calm = run_of(factory, n=3, failures=False, variation=False, errors=False)
    assert (calm.ends == calm.ends[0]).all()
    assert (run_of(factory, n=3).ends != calm.ends).any()


def test_nobody_stands_in_who_has_a_seat_already():
    """Ann and Bob work together: the one cannot take the other's place, so both are waited for."""
    factory = line(
        orders=4,
        hours=4,
        routing={"crew": 2, "skill": "turn"},
        people=[{"person": name, "absence_share": 0.3} for name in ("Ann", "Bob")],
        skills=[{"person": name, "skill": "turn"} for name in ("Ann", "Bob")],
    )
    made, now = executed(prepare(factory, planned(factory)), np.arange(200))
    assert (made.status[:, 0] == r.FINISHED).all()
    assert (now.tasks.resource == prepare(factory, planned(factory)).problem.tasks.resource).all()


def test_nobody_is_kept_for_a_crew_that_is_not_complete():
    """Two of four with the skill stand in together or not at all, whatever the floor does: no run is stuck."""
    factory = line(
        2,
        orders=5,
        hours=4,
        routing={"crew": 2, "skill": "turn", "setup_minutes": 30},
        people=[{"person": f"P{at}", "absence_share": 0.4} for at in range(4)],
        skills=[{"person": f"P{at}", "skill": "turn"} for at in range(4)],
    )
    plan = planned(factory)
    for mode in (r.STRICT, r.SKIP, r.REPAIR):
        run_of(factory, plan, n=100, mode=mode, patience=600)
