"""The mini-fab's file becomes a network."""

from __future__ import annotations

import json

import pytest

from linewright.errors import ModelError, SourceError
from linewright.shop.distributions import fixed
from linewright.twin.fabs.minifab import WEEK_MINUTES, read_minifab
from linewright.twin.network.advance import advance
from linewright.twin.network.arrays import RUN
from linewright.twin.network.build import compile_network
from linewright.twin.network.state import new_state


@pytest.fixture
def told(root):
    """The file as it is."""
    return json.loads((root / "tests/data/minifab/minifab.json").read_text(encoding="utf-8"))


def test_the_mini_fab_is_read_whole(root):
    """Five machines in three groups, six steps, two of them in batches of three, and what nobody could verify."""
    fab = read_minifab(root / "tests/data/minifab/minifab.json")
    stations = fab.network.stations
    assert {station.name: len(station.all_machines) for station in stations} == {
        "diffusion": 2, "implant": 2, "litho": 1,
    }  # fmt: skip
    route = fab.network.job_types[0].route
    assert [step.time for step in route] == [fixed(minutes) for minutes in (225, 30, 55, 50, 255, 10)]
    assert [step.batch_most for step in route] == [3, 1, 1, 1, 3, 1]
    assert [step.load_time + step.unload_time for step in route] == [60, 30, 20, 30, 60, 20]
    assert [step.transport for step in route] == [None, *[fixed(4.0)] * 5]
    assert {kind.name: kind.arrivals.interval for kind in fab.network.job_types} == {
        "Pa": fixed(10080 / 51), "Pb": fixed(10080 / 30), "TW": fixed(10080 / 3),
    }  # fmt: skip
    assert "unverified" in fab.assumptions[0]


def test_a_batch_may_also_start_with_what_is_there(root):
    """The choice is the caller's, and the assumptions say it."""
    fab = read_minifab(root / "tests/data/minifab/minifab.json", full_batches=False)
    assert {step.batch_least for step in fab.network.job_types[0].route} == {1}
    assert not any("always full" in said for said in fab.assumptions)


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("steps", 1, "group"), "etch", "step 2: group etch is not in machine_groups — use one of diffusion, implant"),
        (("steps", 1, "minutes"), -30, "step 2: minutes is -30 — write minutes of at least 0"),
        (("steps", 2, "load"), "ten", "step 3: load is ten"),
        (("steps", 0, "batch"), 0, "step 1: batch is 0"),
        (("steps", 2, "minutes"), 56, "checks: litho_minutes_per_lot is 65, but the steps make 66 — correct one"),
        (("machine_groups", "litho"), [], "machine_groups: litho has no machines"),
        (("weekly_starts", "TW"), 0, "weekly_starts: TW is 0 — write lots a week above 0"),
        (("steps",), [], "steps is missing — add it"),
    ],
)
def test_a_contradiction_is_told_with_its_cure(told, tmp_path, path, value, fault):
    """Each fault names its place in the file."""
    place = told
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    (tmp_path / "fab.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_minifab(tmp_path / "fab.json")
    assert f"fab.json: {fault}" in str(caught.value)


def test_a_file_that_is_no_json_is_refused(tmp_path):
    """Neither a missing file nor any text is a mini-fab."""
    with pytest.raises(SourceError, match="cannot be read"):
        read_minifab(tmp_path / "none.json")
    (tmp_path / "text.json").write_text("five machines", encoding="utf-8")
    with pytest.raises(SourceError, match="cannot be read"):
        read_minifab(tmp_path / "text.json")


def test_the_mini_fab_works_as_its_loads_say(root):
    """84 lots a week keep the groups busy for shares that follow from the times alone, and every lot comes out."""
    network = read_minifab(root / "tests/data/minifab/minifab.json").network
    compiled = compile_network(network)
    weeks = 60
    state = advance(compiled, new_state(compiled), until=weeks * WEEK_MINUTES)
    busy = dict(zip(compiled.names.machines, state.time_in[:, RUN] / (weeks * WEEK_MINUTES), strict=True))
    minutes_a_lot = {"A": (480 + 120) / 3, "B": (480 + 120) / 3, "C": 80 + 60, "D": 80 + 60, "E": 65 + 40}
    for machines in ("AB", "CD", "E"):
        share = sum(busy[machine] for machine in machines) / len(machines)
        assert share == pytest.approx(84 * minutes_a_lot[machines[0]] / WEEK_MINUTES / len(machines), rel=0.005)
    assert state.job_types.finished.sum() == pytest.approx(84 * weeks, rel=0.005)
