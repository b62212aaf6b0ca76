"""Time and energy add up, and what is compiled does what the Python says."""

from __future__ import annotations

import importlib
import sys
from datetime import timedelta

import numpy as np
import pytest

from linewright import read
from linewright.plan import schedule
from linewright.plan.stop import Rounds
from linewright.shop import kernels
from linewright.twin.execute import records as r
from linewright.twin.execute.problem import Prepared, prepare
from linewright.twin.simulating import simulate
from tests.twin.execute.shops import START, executed, line, planned

HOUR = 3600


@pytest.fixture(scope="module")
def bracket(request: pytest.FixtureRequest) -> Prepared:
    """The example shop with all its chances."""
    factory = read(request.config.rootpath / "examples" / "bracket_shop")
    return prepare(factory, schedule(factory, stop=Rounds(100), seed=7, exact=False))


def test_states_fill_the_time(bracket: Prepared):
    """On every machine the seconds of all states are those from the plan's start to the last end."""
    for number in range(10):
        made, now = executed(bracket, [number])
        last = int(made.ends[0].max())
        assert (now.seconds[:, :, 1].sum(axis=1) == last).all()


def test_shares_of_working_time_sum_to_one(bracket: Prepared):
    """Run, setup, down, blocked and waiting are all of a machine's working time."""
    made, _ = executed(bracket, range(20))
    single = bracket.problem.machines.single[:-1]
    parts = made.machines[:, :, [r.M_RUN, r.M_SETUP, r.M_DOWN, r.M_BLOCKED, r.M_WAITING]].sum(axis=2)
    assert (parts[:, single] == made.machines[:, single, r.M_OPEN]).all()


def test_energy_of_orders_and_states_is_what_the_meters_show():
    """Jobs get what setup and run draw; waiting, starting up, being off or down is nobody's. Together: the meters."""
    factory = line(
        2, orders=4, hours=3,
        routing={"run_variation": 0.4, "setup_minutes": 30, "kwh_per_unit": 2.5, "rework_share": 0.2},
        machine={"off_kw": 0.1, "idle_kw": 1.5, "setup_kw": 2.0, "run_kw": 7.0, "down_kw": 0.3, "blocked_kw": 1.0,
                 "switch_off_minutes": 60, "start_up_minutes": 12, "start_up_kw": 4.0,
                 "mtbf_hours": 5, "mttr_hours": 1},
    )  # fmt: skip
    made, _ = executed(prepare(factory, planned(factory)), range(50))
    hours = made.machines / HOUR
    rest = (
        1.5 * hours[:, :, r.M_STANDBY] + 4.0 * hours[:, :, r.M_START_UP] + 0.1 * hours[:, :, r.M_OFF]
        + 0.3 * hours[:, :, r.M_DOWN_ALL] + 1.0 * hours[:, :, r.M_BLOCKED]
    ).sum(axis=1)  # fmt: skip
    meters = made.machines[:, :, r.M_KWH].sum(axis=1)
    assert (made.machines[:, :, r.M_START_UP] > 0).any()
    assert np.allclose(made.kwh.sum(axis=1) + rest, meters, rtol=1e-9, atol=0)
    assert np.allclose(made.totals[:, r.KWH], meters, rtol=1e-12)


def test_an_idle_machine_is_switched_off_and_starts_up_in_time():
    """M2 waits 10 h: an hour of standby, then off, and the last 12 minutes starting up; nothing is late."""
    factory = line(
        2, machine={"idle_kw": 1.0, "off_kw": 0.0, "run_kw": 5.0, "switch_off_minutes": 60, "start_up_minutes": 12,
                    "start_up_kw": 3.0}
    )  # fmt: skip
    made, _ = executed(prepare(factory, planned(factory)), [0])
    standby, off, start_up = (made.machines[0, 1, at] for at in (r.M_STANDBY, r.M_OFF, r.M_START_UP))
    assert (standby, off, start_up) == (HOUR, 10 * HOUR - HOUR - 720, 720)
    assert made.machines[0, 1, r.M_KWH] == pytest.approx(1.0 + 0.2 * 3.0 + 50.0)


def test_energy_costs_what_the_tariff_of_its_hour_says():
    """A run of 10 h at 10 kW, of which 4 h lie in a dear window."""
    tariff = {"start": START + timedelta(hours=6), "end": START + timedelta(hours=20), "eur_per_kwh": 0.5,
              "kg_co2e_per_kwh": 1.0}  # fmt: skip
    factory = line(machine={"run_kw": 10.0}, tariffs=[tariff], setting={"price_per_kwh": 0.1, "kg_co2e_per_kwh": 0.4})
    made, _ = executed(prepare(factory, planned(factory)), [0])
    assert made.totals[0, r.ENERGY_COST] == pytest.approx(60 * 0.1 + 40 * 0.5)
    assert made.totals[0, r.CARBON] == pytest.approx(60 * 0.4 + 40 * 1.0)


def interpreted(
    prepared: Prepared, numbers: list[int], monkeypatch: pytest.MonkeyPatch
) -> tuple[r.Figures, r.Situation]:
    """The same replications by the kernels as plain Python."""
    names = sorted(name for name in sys.modules if name.startswith("linewright.twin.execute.kernel"))
    kept = {name: sys.modules.pop(name) for name in names}
    monkeypatch.setattr(kernels, "lean_kernel", lambda function: function)
    try:
        plain = importlib.import_module("linewright.twin.execute.kernel.run").execute
    finally:
        monkeypatch.undo()
        sys.modules.update(kept)
        for name, module in kept.items():
            package, _, own = name.rpartition(".")
            setattr(sys.modules[package], own, module)
    problem = prepared.with_options(seed=np.uint64(3)).problem
    now, made = r.new_situation(problem), r.new_figures(problem, len(numbers), len(numbers))
    plain(problem, now, made, np.array(numbers), False, 1 << 59)
    return made, now


@pytest.mark.parametrize("mode", [r.STRICT, r.SKIP, r.REPAIR])
def test_compiled_and_plain_runs_are_the_same(bracket: Prepared, mode: int, monkeypatch: pytest.MonkeyPatch):
    """Times, causes, meters and all figures agree to the last bit, with all chances on."""
    chosen = bracket.with_options(mode=mode, patience=600)
    compiled, state = executed(chosen, [0, 1], seed=3)
    plain, plain_state = interpreted(chosen, [0, 1], monkeypatch)
    for one, other in zip((*compiled, *state[:-4]), (*plain, *plain_state[:-4]), strict=True):
        assert one.tobytes() == other.tobytes()


def test_undisturbed_work_is_done_at_full_speed():
    """Two places side by side, and a load of an oven with runs of 1 and 10 h: a performance of exactly 1."""
    places = line(orders=4, machine={"capacity": 2})
    oven = line(
        machine={"capacity": 2, "batch": True},
        materials=[{"material": "a"}, {"material": "b"}],
        operations=[
            {"material": name, "step": 10, "machine": "M1", "run_minutes": minutes}
            for name, minutes in (("a", 60.0), ("b", 600.0))
        ],
        order_rows=[{"order": f"O{name}", "material": name, "quantity": 1} for name in "ab"],
    )
    for factory in (places, oven):
        run = simulate(factory, planned(factory), replications=2)
        figures = {row["figure"]: row["mean"] for row in run.machines.iter_rows(named=True)}
        assert figures["performance"] == 1
        assert figures["oee"] <= 1
