"""Rules about people."""

from __future__ import annotations

from datetime import date, time

import pytest

from linewright.model.factory import Factory
from tests.model.verify.hand_made import Row, broken, plan_of, run, shop, work_order

ANN_AND_BOB_WELD = [
    {"person": "Ann", "skill": "weld", "level": 2},
    {"person": "Bob", "skill": "weld"},
    {"person": "Cem", "skill": "fit"},
]


def crewed(skills: list[Row] = ANN_AND_BOB_WELD, jobs: str = "A", **tables: object) -> Factory:
    """Work orders of one step of an hour on a machine of any number; Ann, Bob and Cem work always, unless told."""
    step = {"material": "part", "step": 10, "run_minutes": 60.0, **tables.pop("step", {})}
    people = [{"person": name} for name in ("Ann", "Bob", "Cem")]
    machines = [{"machine": "M1"}, {"machine": "M2"}]
    return shop(
        **{"people": people, "machines": machines, "skills": skills, **tables},
        operations=[step],
        work_orders=[work_order(name) for name in jobs],
    )


def hour(name: str, people: list[str], start: str = "06:00", end: str = "07:00", **more: object) -> Row:
    """An hour's run on Monday, on M1 unless a row says more."""
    row = run(f"{name}/10", "M1", f"03-02 {start}", f"03-02 {end}", people=people)
    return {**row, **more}


def check(factory: Factory, *operations: Row) -> list[str]:
    """The rules that these operations break."""
    return broken(factory, plan_of(factory, operations))


@pytest.mark.parametrize(
    ("people", "rules"),
    [
        (["Ann", "Bob"], []),
        (["Ann"], ["crew"]),
        (["Ann", "Cem"], ["crew"]),
        (["Ann", "Bob", "Cem"], ["crew"]),
        (["Ann", "Ann"], ["crew"]),
        (["Ann", "Zoe"], ["crew"]),
    ],
)
def test_a_crew_of_two_welders(people: list[str], rules: list[str]):
    """Two welders; not one, nor a fitter, nor a third person, nor the same twice, nor a stranger."""
    assert check(crewed(step={"crew": 2, "skill": "weld"}), hour("A", people)) == rules


def test_a_skill_may_need_a_level():
    """Ann welds at level 2, Bob at level 1."""
    factory = crewed(step={"crew": 1, "skill": "weld", "skill_level": 2})
    assert check(factory, hour("A", ["Ann"])) == []
    assert check(factory, hour("A", ["Bob"])) == ["crew"]


def test_a_blank_skill_means_anyone():
    """Cem may do it, but nobody may not."""
    factory = crewed(step={"crew": 1})
    assert check(factory, hour("A", ["Cem"])) == []
    assert check(factory, hour("A", [])) == ["crew"]


def test_without_a_table_of_people_crews_are_not_planned():
    """The plan says so in its assumptions."""
    factory = crewed([], people=[], step={"crew": 2, "skill": ""})
    assert check(factory, hour("A", [])) == []


def test_people_are_matched_with_seats_as_a_whole():
    """Ann welds and fits, Bob only welds: together they fill a welder's and a fitter's seat, in any order of names."""
    skills = [*ANN_AND_BOB_WELD[:2], {"person": "Ann", "skill": "fit"}]
    crews = [{"material": "part", "step": 10, "skill": "fit"}]
    factory = crewed(skills, step={"crew": 1, "skill": "weld"}, operation_crews=crews)
    assert check(factory, hour("A", ["Ann", "Bob"])) == []
    assert check(factory, hour("A", ["Bob", "Ann"])) == []
    assert check(factory, hour("A", ["Bob", "Cem"])) == ["crew"]


SETUP = {"setup_minutes": 30.0, "setup_crew": 1, "setup_skill": "fit"}


def after_setup(people: list[str], setup_people: list[str], name: str = "A", **more: object) -> Row:
    """Setup from 6:00 to 6:30 and the run to 7:30."""
    times = run(f"{name}/10", "M1", "03-02 06:30", "03-02 07:30", setup_start="03-02 06:00", setup_minutes=30.0)
    return {**times, "people": people, "setup_people": setup_people, **more}


def test_setup_has_a_crew_of_its_own():
    """Cem the fitter sets up, then nobody is needed."""
    factory = crewed(step=SETUP)
    assert check(factory, after_setup([], ["Cem"])) == []
    assert check(factory, after_setup([], ["Ann"])) == ["crew"]
    assert check(factory, after_setup([], [])) == ["crew"]


def test_without_setup_time_there_is_no_setup_crew():
    """The step asks for a setter, but there is nothing to set up."""
    factory = crewed(step={"setup_crew": 1})
    assert check(factory, hour("A", [])) == []
    assert check(factory, hour("A", [], setup_people=["Cem"])) == ["crew"]


def test_a_crew_for_both_phases_stays():
    """The welder who sets up also runs; Cem sets up beside them."""
    crews = [{"material": "part", "step": 10, "skill": "weld", "phase": "both"}]
    factory = crewed(step=SETUP, operation_crews=crews)
    assert check(factory, after_setup(["Ann"], ["Cem", "Ann"])) == []
    assert check(factory, after_setup(["Bob"], ["Cem", "Ann"])) == ["crew"]
    assert check(factory, after_setup(["Ann"], ["Cem"])) == ["crew"]


def test_a_crew_for_both_phases_only_runs_where_there_is_no_setup():
    """Without setup minutes the welder is there for the run."""
    crews = [{"material": "part", "step": 10, "skill": "weld", "phase": "both"}]
    factory = crewed(operation_crews=crews)
    assert check(factory, hour("A", ["Ann"])) == []
    assert check(factory, hour("A", ["Ann"], setup_people=["Ann"])) == ["crew"]


def bound(person: str, *, skills: list[Row] = ANN_AND_BOB_WELD, crew: int = 1, **tables: object) -> Factory:
    """A step of welders that M1 does only with a person."""
    rows = [{"material": "part", "step": 10, "machine": "M1", "person": person}]
    return crewed(skills, step={"crew": crew, "skill": "weld"}, operation_machines=rows, **tables)


def test_whom_an_alternative_names_takes_a_seat():
    """Ann is named and welds: alone she is enough for a crew of one, and with Bob for one of two."""
    assert check(bound("Ann"), hour("A", ["Ann"])) == []
    assert check(bound("Ann"), hour("A", ["Ann", "Bob"])) == ["crew"]
    assert check(bound("Ann", crew=2), hour("A", ["Ann", "Bob"])) == []
    assert check(bound("Ann", crew=2), hour("A", ["Ann"])) == ["crew"]


def test_whom_an_alternative_names_without_the_skill_comes_beside_the_crew():
    """Cem is named and cannot weld: with a welder he makes two."""
    assert check(bound("Cem"), hour("A", ["Cem", "Bob"])) == []
    assert check(bound("Cem"), hour("A", ["Cem"])) == ["crew"]
    assert check(bound("Cem"), hour("A", ["Cem", "Ann", "Bob"])) == ["crew"]


def test_where_the_skill_of_whom_an_alternative_names_has_ended_they_may_come_beside():
    """Ann no longer welds on Monday, so that Bob does while she is there."""
    skills = [{"person": "Ann", "skill": "weld", "expires": date(2026, 3, 1)}, {"person": "Bob", "skill": "weld"}]
    assert check(bound("Ann", skills=skills), hour("A", ["Ann", "Bob"])) == []
    assert check(bound("Ann", skills=skills), hour("A", ["Ann"])) == ["skill"]


def test_of_two_people_named_the_first_of_the_crew_is_meant():
    """Rows name Cem, who cannot weld, and Bob, who can: Cem stands first and Bob has the seat."""
    rows = [{"material": "part", "step": 10, "machine": "M1", "person": name} for name in ("Bob", "Cem")]
    factory = crewed(step={"crew": 1, "skill": "weld"}, operation_machines=rows)
    assert check(factory, hour("A", ["Cem", "Bob"])) == []
    assert check(factory, hour("A", ["Bob"])) == []
    assert check(factory, hour("A", ["Bob", "Cem"])) == ["crew"]


def test_people_work_at_their_own_site():
    """Ann belongs to the south; the machine stands in the north."""
    factory = crewed(
        sites=[{"site": "north"}, {"site": "south"}],
        work_centers=[{"work_center": "N", "site": "north"}],
        machines=[{"machine": "M1", "work_center": "N"}],
        people=[{"person": "Ann", "site": "south"}, {"person": "Bob", "site": "north"}, {"person": "Cem"}],
        step={"crew": 1},
    )
    assert check(factory, hour("A", ["Bob"])) == []
    assert check(factory, hour("A", ["Cem"])) == []
    assert check(factory, hour("A", ["Ann"])) == ["crew"]


def valid(since: date | None, expires: date | None) -> Factory:
    """Ann welds within these days in Berlin, which is an hour before UTC."""
    skills = [{"person": "Ann", "skill": "weld", "since": since, "expires": expires}]
    return crewed(skills, settings=[{"timezone": "Europe/Berlin"}], step={"crew": 1, "skill": "weld"})


def test_a_skill_counts_to_the_end_of_its_last_local_day():
    """2 March ends in Berlin at 23:00 UTC: a run to 23:00 is valid, one to 23:30 expires on the way."""
    factory = valid(None, date(2026, 3, 2))
    assert check(factory, hour("A", ["Ann"], "22:00", "23:00")) == []
    assert check(factory, hour("A", ["Ann"], "22:30", "23:30")) == ["skill"]


def test_a_skill_counts_from_the_start_of_its_first_local_day():
    """3 March begins in Berlin at 23:00 UTC of 2 March."""
    factory = valid(date(2026, 3, 3), None)
    first = run("A/10", "M1", "03-02 23:00", "03-03 00:00", people=["Ann"])
    assert check(factory, first) == []
    assert check(factory, hour("A", ["Ann"], "22:30", "23:30")) == ["skill"]


def test_somebody_with_a_valid_skill_in_the_other_seat_does_not_help():
    """One crew of two welders, one of whom has expired."""
    skills = [*ANN_AND_BOB_WELD[:1], {"person": "Bob", "skill": "weld", "expires": date(2026, 3, 1)}]
    factory = crewed(skills, step={"crew": 2, "skill": "weld"})
    assert check(factory, hour("A", ["Ann", "Bob"])) == ["skill"]


def test_a_setter_skill_must_last_through_setup_only():
    """The setup ends at 6:30 on the first day of March 3; the run is done without him."""
    skills = [{"person": "Cem", "skill": "fit", "expires": date(2026, 3, 2)}]
    factory = crewed(skills, step=SETUP)
    right = run("A/10", "M1", "03-02 23:30", "03-03 00:30", setup_start="03-02 23:00", setup_minutes=30.0)
    assert check(factory, {**right, "setup_people": ["Cem"]}) == []
    over = run("A/10", "M1", "03-03 00:10", "03-03 01:10", setup_start="03-02 23:40", setup_minutes=30.0)
    assert check(factory, {**over, "setup_people": ["Cem"]}) == ["skill"]


def test_one_person_does_one_thing_at_a_time():
    """Ann runs A on M1 to 7:00; B on M2 may have her from then."""
    factory = crewed(jobs="AB", step={"crew": 1})
    first = hour("A", ["Ann"])
    assert check(factory, first, hour("B", ["Ann"], "07:00", "08:00", machine="M2")) == []
    assert check(factory, first, hour("B", ["Ann"], "06:30", "07:30", machine="M2")) == ["person_overlap"]
    assert check(factory, first, hour("B", ["Bob"], "06:30", "07:30", machine="M2")) == []


def test_a_setter_is_taken_only_for_the_setup():
    """Cem sets up A to 6:30 and B from then on; before that he is taken."""
    factory = crewed(jobs="AB", step=SETUP)
    after = after_setup([], ["Cem"], "B") | {"machine": "M2"}
    shifted = run("B/10", "M2", "03-02 07:00", "03-02 08:00", setup_start="03-02 06:30", setup_minutes=30.0)
    assert check(factory, after_setup([], ["Cem"]), {**shifted, "setup_people": ["Cem"]}) == []
    assert check(factory, after_setup([], ["Cem"]), after) == ["person_overlap"]


def test_the_same_people_may_serve_a_whole_load():
    """An oven with two operations in one load; in two machines Ann could not do it."""
    factory = crewed(jobs="AB", step={"crew": 1}, machines=[{"machine": "M1", "batch": True, "capacity": 2}])
    assert check(factory, hour("A", ["Ann"], load="1"), hour("B", ["Ann"], load="1")) == []
    assert check(factory, hour("A", ["Ann"], load="1"), hour("B", ["Bob"], load="1")) == []


def test_work_goes_on_only_while_its_people_are_there():
    """The machine works always, Ann from 6 to 8 and 9 to 17: 180 minutes from 6:00 end at 10:00."""
    shifts = [{"calendar": "ann", "weekday": "mon-fri", "start": time(6), "end": time(8)},
              {"calendar": "ann", "weekday": "mon-fri", "start": time(9), "end": time(17)}]  # fmt: skip
    people = [{"person": "Ann", "calendar": "ann"}, {"person": "Bob"}]
    factory = crewed(shifts=shifts, people=people, step={"crew": 1, "run_minutes": 180.0})
    assert check(factory, hour("A", ["Ann"], "06:00", "10:00", run_minutes=180.0)) == []
    assert check(factory, hour("A", ["Ann"], "06:00", "09:00", run_minutes=180.0)) == ["working_time"]
    assert check(factory, hour("A", ["Bob"], "06:00", "09:00", run_minutes=180.0)) == []


def test_a_crew_works_when_all_of_it_is_there():
    """Ann works from 6 to 14 and Bob from 12 to 20, so that both are there from 12 to 14."""
    shifts = [{"calendar": "early", "weekday": "mon-fri", "start": time(6), "end": time(14)},
              {"calendar": "late", "weekday": "mon-fri", "start": time(12), "end": time(20)}]  # fmt: skip
    people = [{"person": "Ann", "calendar": "early"}, {"person": "Bob", "calendar": "late"}]
    factory = crewed(shifts=shifts, people=people, step={"crew": 2, "run_minutes": 150.0})
    right = run("A/10", "M1", "03-02 12:00", "03-03 12:30", people=["Ann", "Bob"], run_minutes=150.0)
    assert check(factory, right) == []
    assert check(factory, hour("A", ["Ann", "Bob"], "11:00", "13:30", run_minutes=150.0)) == ["working_time"]


def test_setup_goes_by_the_setter_and_the_run_by_the_operator():
    """The setter works to 14:00 on Monday, the operator from 6:00 on Tuesday; the machine waits ready over night."""
    shifts = [{"calendar": "setter", "weekday": "mon", "start": time(6), "end": time(14)},
              {"calendar": "operator", "weekday": "tue", "start": time(6), "end": time(14)}]  # fmt: skip
    people = [{"person": "Cem", "calendar": "setter"}, {"person": "Bob", "calendar": "operator"}]
    factory = crewed(shifts=shifts, people=people, step={**SETUP, "crew": 1})
    right = run("A/10", "M1", "03-03 06:00", "03-03 07:00", setup_start="03-02 13:30", setup_minutes=30.0)
    crew = {"people": ["Bob"], "setup_people": ["Cem"]}
    assert check(factory, {**right, **crew}) == []
    too_soon = run("A/10", "M1", "03-03 06:00", "03-03 07:00", setup_start="03-02 13:00", setup_minutes=30.0)
    assert check(factory, {**too_soon, **crew}) == ["working_time"]


def test_a_member_of_a_load_meant_no_alternative_longer_than_the_load():
    """A takes 60 minutes, or 120 with Ann; in a load of 90 minutes it is the shorter one that ran."""
    oven = [{"machine": "M1", "batch": True, "capacity": 2}]
    key = {"material": "part", "step": 10, "machine": "M1"}
    ways = [{**key, "run_minutes": 60.0}, {**key, "person": "Ann", "run_minutes": 120.0}]
    longer = {"material": "other", "step": 10, "machine": "M1", "run_minutes": 90.0, "crew": 1}
    factory = shop(
        people=[{"person": "Ann"}],
        machines=oven,
        operations=[{"material": "part", "step": 10, "crew": 1}, longer],
        operation_machines=ways,
        work_orders=[work_order("A"), {**work_order("B"), "material": "other"}],
    )
    load = {"load": "1", "run_minutes": 90.0}
    first, second = hour("A", ["Ann"], end="07:30", **load), hour("B", ["Ann"], end="07:30", **load)
    plan = plan_of(factory, [first, {**second, "material": "other"}])
    assert broken(factory, plan) == []
