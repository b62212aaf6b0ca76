"""Rules about what shares a machine or a tool."""

from __future__ import annotations

from linewright.model.factory import Factory
from tests.model.verify.hand_made import Row, broken, edited, plan_of, run, shop, work_order


def jobs_of_an_hour(machine: Row, names: str = "AB", **tables: object) -> Factory:
    """Some work orders of one step each, 60 minutes on M1; each makes a material of its own name."""
    step = tables.pop("step", {})
    families = tables.pop("families", {})
    return shop(
        machines=[{"machine": "M1", **machine}],
        operations=[
            {"material": name, "step": 10, "run_minutes": 60.0, "setup_family": families.get(name, ""), **step}
            for name in names
        ],
        work_orders=[work_order(name, name) for name in names],
        **tables,
    )


def hour(name: str, start: str, end: str, **more: object) -> Row:
    """An hour's run on Monday of the job that makes the material of the same name."""
    return run(f"{name}/10", "M1", f"03-02 {start}", f"03-02 {end}", material=name, **more)


def changed(name: str, setup_start: str, start: str, end: str, minutes: float) -> Row:
    """An hour's run after a changeover."""
    return hour(name, start, end, setup_start=f"03-02 {setup_start}", changeover_minutes=minutes)


def test_a_machine_does_one_thing_at_a_time():
    """B may follow A at 7:00, but not at 6:30; setup takes the machine too."""
    factory = jobs_of_an_hour({})
    assert broken(factory, plan_of(factory, [hour("A", "06:00", "07:00"), hour("B", "07:00", "08:00")])) == []
    assert broken(factory, plan_of(factory, [hour("A", "06:00", "07:00"), hour("B", "06:30", "07:30")])) == ["overlap"]
    with_setup = jobs_of_an_hour({}, step={"setup_minutes": 10.0})
    first = hour("A", "06:10", "07:10", setup_start="03-02 06:00", setup_minutes=10.0)
    early = hour("B", "07:10", "08:10", setup_start="03-02 07:00", setup_minutes=10.0)
    assert broken(with_setup, plan_of(with_setup, [first, early])) == ["overlap"]


def test_a_long_block_hides_no_later_overlap():
    """A short B inside a long A must not make C, also inside A, look free."""
    factory = shop(
        machines=[{"machine": "M1"}],
        operations=[{"material": "A", "step": 10, "run_minutes": 300.0}]
        + [{"material": name, "step": 10, "run_minutes": 60.0} for name in "BC"],
        work_orders=[work_order(name, name) for name in "ABC"],
    )
    plan = plan_of(factory, [hour("A", "06:00", "11:00"), hour("B", "07:00", "08:00"), hour("C", "09:00", "10:00")])
    assert broken(factory, plan) == ["overlap", "overlap"]


def test_a_machine_with_places_takes_as_many_as_it_has():
    """With 3 places, loads of 2 and 1 fit side by side, and two loads of 2 do not."""
    factory = jobs_of_an_hour({"capacity": 3}, step={"load": 2})
    assert broken(factory, plan_of(factory, [hour("A", "06:00", "07:00"), hour("B", "06:30", "07:30")])) == ["overlap"]
    lighter = jobs_of_an_hour({"capacity": 3}, "ABC", step={"load": 1})
    together = [hour("A", "06:00", "07:00"), hour("B", "06:30", "07:30"), hour("C", "06:59", "07:59")]
    assert broken(lighter, plan_of(lighter, together)) == []


RED_TO_BLUE = [{"from_family": "red", "to_family": "blue", "minutes": 20.0}]
RED_BLUE = {"families": {"A": "red", "B": "blue"}}


def test_a_changeover_goes_from_the_family_before():
    """From red to blue 20 minutes; from blue to red nothing is stated."""
    factory = jobs_of_an_hour({}, **RED_BLUE, changeovers=RED_TO_BLUE)
    right = [hour("A", "06:00", "07:00"), changed("B", "07:00", "07:20", "08:20", 20.0)]
    assert broken(factory, plan_of(factory, right)) == []
    without = [hour("A", "06:00", "07:00"), hour("B", "07:00", "08:00")]
    assert broken(factory, plan_of(factory, without)) == ["changeover"]
    other_way = [hour("B", "06:00", "07:00"), hour("A", "07:00", "08:00")]
    assert broken(factory, plan_of(factory, other_way)) == []


def test_the_first_changeover_goes_from_the_family_of_the_machine():
    """M1 is set up for red when the plan starts."""
    factory = jobs_of_an_hour({"setup_family": "red"}, "B", **RED_BLUE, changeovers=RED_TO_BLUE)
    assert broken(factory, plan_of(factory, [changed("B", "06:00", "06:20", "07:20", 20.0)])) == []
    assert broken(factory, plan_of(factory, [hour("B", "06:00", "07:00")])) == ["changeover"]


def test_an_operation_without_family_changes_nothing():
    """Red, then one without family, then blue: the changeover to blue is from red."""
    factory = jobs_of_an_hour({}, "ACB", **RED_BLUE, changeovers=RED_TO_BLUE)
    first = [hour("A", "06:00", "07:00"), hour("C", "07:00", "08:00")]
    assert broken(factory, plan_of(factory, [*first, changed("B", "08:00", "08:20", "09:20", 20.0)])) == []
    assert broken(factory, plan_of(factory, [*first, hour("B", "08:00", "09:00")])) == ["changeover"]


def test_the_row_that_says_most_wins():
    """For M1 over its work center over all; among these an exact pair over blank from over blank to over both blank."""
    anything = {"minutes": 50.0}
    rows = [
        ({"work_center": "", "from_family": "red", "to_family": "blue", "minutes": 10.0}, 10.0),
        ({"work_center": "mill", **anything}, 50.0),
        ({"work_center": "mill", "from_family": "red", "minutes": 40.0}, 40.0),
        ({"work_center": "mill", "to_family": "blue", "minutes": 30.0}, 30.0),
        ({"work_center": "mill", "from_family": "red", "to_family": "blue", "minutes": 25.0}, 25.0),
        ({"work_center": "mill", "from_family": "red", "to_family": "blue", "minutes": 15.0}, 15.0),
        ({"machine": "M1", "minutes": 5.0}, 5.0),
    ]
    for known in range(1, len(rows) + 1):
        factory = jobs_of_an_hour({"work_center": "mill"}, **RED_BLUE, changeovers=[row for row, _ in rows[:known]])
        minutes = rows[known - 1][1]
        plan = plan_of(
            factory,
            [hour("A", "06:00", "07:00"), changed("B", "07:00", f"07:{minutes:02.0f}", f"08:{minutes:02.0f}", minutes)],
        )
        assert broken(factory, plan) == []


def test_a_blank_family_means_any_other_one():
    """From red to red a row with blanks does not count; only one that names both does."""
    rows = [{"minutes": 20.0}]
    factory = jobs_of_an_hour({}, families={"A": "red", "B": "red"}, changeovers=rows)
    plan = plan_of(factory, [hour("A", "06:00", "07:00"), hour("B", "07:00", "08:00")])
    assert broken(factory, plan) == []
    rows += [{"from_family": "red", "to_family": "red", "minutes": 5.0}]
    cleaned = jobs_of_an_hour({}, families={"A": "red", "B": "red"}, changeovers=rows)
    assert broken(cleaned, plan_of(cleaned, plan.operations.to_dicts())) == ["changeover"]


def test_machines_with_several_places_have_no_changeovers():
    """Red and blue run side by side."""
    factory = jobs_of_an_hour({"capacity": 2}, **RED_BLUE, changeovers=RED_TO_BLUE)
    assert broken(factory, plan_of(factory, [hour("A", "06:00", "07:00"), hour("B", "06:30", "07:30")])) == []


OVEN = {"batch": True, "capacity": 3}


def test_a_load_starts_and_ends_together():
    """A and B are in one load; B may not come later, nor without a load of its own at the same time."""
    factory = jobs_of_an_hour(OVEN)
    together = [hour("A", "06:00", "07:00", load="1"), hour("B", "06:00", "07:00", load="1")]
    assert broken(factory, plan_of(factory, together)) == []
    later = [hour("A", "06:00", "07:00", load="1"), hour("B", "06:30", "07:30", load="1")]
    assert broken(factory, plan_of(factory, later)) == ["batch"]
    two_loads = [hour("A", "06:00", "07:00", load="1"), hour("B", "06:30", "07:30", load="2")]
    assert broken(factory, plan_of(factory, two_loads)) == ["batch"]
    no_loads = [hour("A", "06:00", "07:00"), hour("B", "06:00", "07:00")]
    assert broken(factory, plan_of(factory, no_loads)) == ["batch"]


def test_a_load_takes_its_longest_setup_run_and_one_changeover():
    """Setups of 10 and 20, runs of 60 and 90, a changeover of 15: from 6:00, run 6:35 to 8:05, and all rows say so."""
    factory = shop(
        machines=[{"machine": "M1", "setup_family": "red", **OVEN}],
        operations=[
            {"material": "A", "step": 10, "setup_minutes": 10.0, "run_minutes": 90.0, "setup_family": "blue"},
            {"material": "B", "step": 10, "setup_minutes": 20.0, "run_minutes": 60.0, "setup_family": "blue"},
        ],
        changeovers=[{"from_family": "red", "to_family": "blue", "minutes": 15.0}],
        work_orders=[work_order("A", "A"), work_order("B", "B")],
    )
    times = {"setup_start": "03-02 06:00", "setup_minutes": 20.0, "changeover_minutes": 15.0, "load": "1"}
    right = [hour(name, "06:35", "08:05", **times) for name in "AB"]
    assert broken(factory, plan_of(factory, right)) == []
    own = [right[0], {**right[1], "run_minutes": 60.0}]
    assert broken(factory, plan_of(factory, own)) == ["duration", "working_time"]


def test_a_load_is_of_one_family_and_fits_in():
    """Red and blue do not mix, and four places are too many for three."""
    mixed = jobs_of_an_hour(OVEN, **RED_BLUE)
    together = [hour("A", "06:00", "07:00", load="1"), hour("B", "06:00", "07:00", load="1")]
    assert broken(mixed, plan_of(mixed, together)) == ["batch"]
    heavy = jobs_of_an_hour(OVEN, step={"load": 2})
    assert broken(heavy, plan_of(heavy, together)) == ["batch"]


def test_a_machine_that_makes_no_loads_has_none():
    """A load on a lathe is a mistake."""
    factory = jobs_of_an_hour({}, "A")
    assert broken(factory, plan_of(factory, [hour("A", "06:00", "07:00", load="1")])) == ["batch"]


def test_only_the_last_load_of_a_family_may_be_small():
    """With at least 2 places, A alone before B and C is too small; after them it is the last."""
    factory = jobs_of_an_hour({**OVEN, "min_load": 2}, "ABC")
    pair = [hour("B", "07:00", "08:00", load="2"), hour("C", "07:00", "08:00", load="2")]
    assert broken(factory, plan_of(factory, [hour("A", "06:00", "07:00", load="1"), *pair])) == ["full_load"]
    assert broken(factory, plan_of(factory, [*pair, hour("A", "08:00", "09:00", load="3")])) == []


def test_a_small_load_may_hold_what_is_pinned():
    """A must start at 6:00, so its load may be small."""
    factory = jobs_of_an_hour({**OVEN, "min_load": 2}, "ABC")
    first = hour("A", "06:00", "07:00", load="1")
    pinned = work_order("A", "A", pinned=True, pinned_start=first["start"])
    held = edited(factory, work_orders=[pinned, work_order("B", "B"), work_order("C", "C")])
    pair = [hour("B", "07:00", "08:00", load="2"), hour("C", "07:00", "08:00", load="2")]
    assert broken(held, plan_of(held, [first, *pair])) == []


def test_no_more_of_a_tool_is_held_than_there_is():
    """Two machines, one mould: from setup to end it is in use."""
    factory = shop(
        machines=[{"machine": "M1"}, {"machine": "M2"}],
        tools=[{"tool": "mould", "quantity": 1}],
        operations=[{"material": "part", "step": 10, "run_minutes": 60.0, "setup_minutes": 10.0, "tool": "mould"}],
        work_orders=[work_order("A"), work_order("B")],
    )
    first = run("A/10", "M1", "03-02 06:10", "03-02 07:10", setup_start="03-02 06:00", setup_minutes=10.0)
    after = run("B/10", "M2", "03-02 07:20", "03-02 08:20", setup_start="03-02 07:10", setup_minutes=10.0)
    assert broken(factory, plan_of(factory, [first, after])) == []
    during = run("B/10", "M2", "03-02 07:15", "03-02 08:15", setup_start="03-02 07:05", setup_minutes=10.0)
    assert broken(factory, plan_of(factory, [first, during])) == ["tool"]


def test_further_tools_add_up_and_a_load_holds_one_for_each_operation():
    """Each operation needs a mould and two more of it; of five, one load of two operations would need six."""
    factory = jobs_of_an_hour(
        OVEN, step={"tool": "mould"}, tools=[{"tool": "mould", "quantity": 5}],
        operation_tools=[{"material": name, "step": 10, "tool": "mould", "quantity": 2} for name in "AB"],
    )  # fmt: skip
    together = [hour("A", "06:00", "07:00", load="1"), hour("B", "06:00", "07:00", load="1")]
    assert broken(factory, plan_of(factory, together)) == ["tool"]
    apart = [hour("A", "06:00", "07:00", load="1"), hour("B", "07:00", "08:00", load="2")]
    assert broken(factory, plan_of(factory, apart)) == []
