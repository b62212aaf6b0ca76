"""PSPLIB projects."""

from __future__ import annotations

import pytest

from linewright.errors import SourceError


def test_a_project_is_one_job_whose_activities_share_tools(read_data):
    """Resources are tools with a quantity; the markers of start and end are left out."""
    tables = read_data("j3015_1.sm")
    assert tables["operations"].height == 30
    assert tables["orders"]["material"].to_list() == ["project"]
    assert tables["machines"].row(0, named=True) == {"machine": "project", "capacity": 30}
    assert dict(tables["tools"].select("tool", "quantity").rows()).keys() == {"R1", "R2", "R3", "R4"}


def test_successors_become_steps_that_come_first(read_data):
    """Activities after the start marker have nothing before them; others name all their predecessors."""
    after = dict(read_data("j3015_1.sm")["operations"].select("step", "after").rows())
    assert [after[step] for step in (2, 3, 4)] == ["-", "-", "-"]
    assert after[8] == "3"
    assert after[25] == "15;17;22"


def test_each_need_of_a_resource_is_a_row(read_data):
    """Activities hold the tools that they ask for, in the quantity that they ask for."""
    uses = read_data("j3015_1.sm")["operation_tools"]
    assert uses.filter(step=31).select("tool", "quantity").rows() == [("R1", 7), ("R2", 5), ("R3", 6), ("R4", 9)]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("REQUESTS/DURATIONS", "REQUESTS", "has no section REQUESTS/DURATIONS"),
        ("   2        1          3", "   2        2          3", "job 2 has 2 modes"),
        ("   2        1          3", "   2        1          4", "announces 4 successors"),
    ],
)
def test_damage_is_named(root, read_text, old, new, told):
    """A missing section, several modes and wrong counts are told with the line."""
    text = (root / "tests" / "data" / "classics" / "j3015_1.sm").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(SourceError, match=told):
        read_text("project.sm", text.replace(old, new, 1))
