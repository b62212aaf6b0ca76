"""People for the work: what the checks find, where, and what they leave in peace."""

from datetime import date

from linewright.model import checks
from tests.model.checks.hand_made import found, op, words


def test_a_crew_is_not_larger_than_the_people_who_may():
    """Two welders are not to be had where one is; level 3 is nobody's; three of anyone are one too many."""
    tables = {
        "people": [{"person": "Ann"}, {"person": "Ben"}],
        "skills": [{"person": "Ann", "skill": "weld", "level": 2}],
    }
    steps = [
        op(step=1, crew=1, skill="weld"), op(step=2, crew=2, skill="weld"),
        op(step=3, crew=1, skill="weld", skill_level=3),
        op(step=4, crew=2), op(step=5, crew=3), op(step=6, skill="weld", skill_level=9),
    ]  # fmt: skip
    assert found(checks.crew_too_large, operations=steps, **tables) == {"operations": [1, 2, 4]}
    assert words(checks.crew_too_large, operations=steps, **tables)[1].endswith("but nobody has it")
    assert found(checks.crew_too_large, operations=steps) == {}


def test_setup_crews_and_further_crews_are_checked_too():
    """The fitter who sets up, and the second crew of a step, must exist as well."""
    people = [{"person": "Ann"}]
    setup = [op(setup_crew=1, setup_skill="fit")]
    further = [{"material": "P", "step": 10, "people": 2}]
    assert found(checks.crew_too_large, operations=setup, people=people) == {"operations": [0]}
    assert found(checks.crew_too_large, operation_crews=further, people=people) == {"operation_crews": [0]}


def test_a_skill_that_expires_before_it_begins_never_counts():
    """The two days were swapped."""
    skills = [{"person": "Ann", "skill": "weld", "since": date(2026, 2, 1), "expires": date(2026, 1, 1)}]
    assert found(checks.skill_never_valid, skills=skills) == {"skills": [0]}
