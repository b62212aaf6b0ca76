"""Layers that take turns on several threads."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any

import numpy as np
import pytest

from linewright.plan.search.layer import Found
from linewright.plan.search.team import IDLE_TURNS, MEMORY, MOST_GROWTH, TURN_SECONDS, Member, Team
from linewright.shop.state import Choice

NOTHING = Choice(*(np.zeros(0, np.int64) for _ in range(4)))


class FakeLayer:
    """A layer that notes what it is asked, waits as long as told, and finds something in some of its turns."""

    def __init__(self, name: str, pauses: tuple[float, ...] = (0.0,), finds: tuple[int, ...] = ()) -> None:
        self.name, self.pauses, self.finds = name, pauses, finds
        self.turns: list[int] = []
        self.adopted: list[float] = []

    def adopt(self, choice: Choice, value: float) -> None:
        """Note the value."""
        self.adopted.append(value)

    def turn(self, rounds: int) -> list[Found]:
        """Wait, and find the turn's own number where it is one of those."""
        number = len(self.turns)
        time.sleep(self.pauses[number % len(self.pauses)])
        self.turns.append(rounds)
        return [(self.name, number)] if number in self.finds else []


def member(name: str = "one", rounds: int = 10, **options: Any) -> Member:
    """A member with a fake layer."""
    return Member(name, FakeLayer(name, **options), rounds)


def chosen(team: Team, cores: int, gains: dict[str, float], turns: int) -> list[list[str]]:
    """Who goes in so many turns, each rewarded with its own constant gain."""
    found = []
    for _ in range(turns):
        going = team.next_turns(cores)
        found.append([one.name for one in going])
        for one in going:
            one.turns += 1
            team.reward(one, 1.0, 1.0 - gains.get(one.name, 0.0))
    return found


@pytest.fixture
def team_of():
    """Make teams, whose threads end with the test."""
    made = []

    def make(*members: Member, cores: int = 2) -> Team:
        made.append(Team(list(members), cores))
        return made[-1]

    yield make
    for team in made:
        team.close()


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_members_without_gains_take_turns(team_of, cores: int):
    """Nobody has two turns more than another."""
    team = team_of(*(member(name) for name in "abcde"))
    counts = Counter(name for going in chosen(team, cores, {}, 35) for name in going)
    assert max(counts.values()) - min(counts.values()) <= 1


@pytest.mark.parametrize("cores", [1, 2])
def test_who_gains_has_more_turns_and_nobody_starves(team_of, cores: int):
    """On one core every second turn is the leader's, on two every turn; the others share the rest evenly."""
    team = team_of(*(member(name) for name in "abcd"))
    going = chosen(team, cores, {"c": 1.0}, 40)
    counts = Counter(name for names in going for name in names)
    others = [counts[name] for name in "abd"]
    assert max(others) - min(others) <= 1
    assert min(others) >= 6
    assert counts["c"] == pytest.approx(20 if cores == 1 else 40, abs=3)
    assert all(len(set(names)) == len(names) == cores for names in going)


def test_the_lead_changes_with_the_gains(team_of):
    """What was gained long ago counts less and less."""
    one, other = member("a"), member("b")
    team = team_of(one, other)
    team.reward(one, 1.0, -99.0)
    assert team.next_turns(2)[0] is one
    for turn in range(30):
        team.reward(one, 1.0, 1.0)
        team.reward(other, 1.0, 0.0)
        assert one.credit == pytest.approx(100 * MEMORY ** (turn + 1))
    assert team.next_turns(2)[0] is other


def test_a_team_smaller_than_the_machine_plays_whole(team_of):
    """One member on many cores goes once, not several times at once."""
    only = member(finds=(0,))
    team = team_of(only, cores=4)
    assert [(one.name, found) for one, found in team.play(4, None, NOTHING, 1.0)] == [("one", [("one", 0)])]


def test_a_plan_is_adopted_in_the_first_turn_or_after_idle_ones(team_of):
    """And only when it is better than what the member knows of."""
    one = member(finds=(5,))
    layer: Any = one.layer
    team = team_of(one)
    values = [9.0, 8.0, 8.0, 8.0, 7.0, 7.0, 6.0, 6.0, 6.0, 6.0, 5.0, 5.0]
    seen = []
    for value in values:
        team.play(1, None, NOTHING, value)
        seen.append(list(layer.adopted))
    # The first turn; the fifth after four idle ones; then the sixth finds something and it takes four more.
    assert IDLE_TURNS == 4
    assert layer.adopted == [9.0, 7.0, 5.0]
    assert [len(adopted) for adopted in seen] == [1] * 4 + [2] * 6 + [3] * 2


def test_a_plan_that_is_no_better_is_not_adopted(team_of):
    """However idle a member is."""
    one = member()
    one.value = 5.0
    team = team_of(one)
    for _ in range(3 * IDLE_TURNS):
        team.play(1, None, NOTHING, 5.0)
    layer: Any = one.layer
    assert layer.adopted == []
    assert one.idle == 3 * IDLE_TURNS


def test_results_do_not_depend_on_which_thread_is_faster(team_of):
    """The order of members and of what they find is the same whoever sleeps longer."""
    stories = []
    for pauses in ((0.0,), (0.02,), (0.02, 0.0)), ((0.02,), (0.0,), (0.0, 0.02)):
        team = team_of(*(member(name, pauses=pause, finds=(0, 2)) for name, pause in zip("abc", pauses, strict=True)))
        story = []
        for _ in range(9):
            turns = team.play(2, None, NOTHING, 1.0)
            for one, found in turns:
                team.reward(one, 1.0, 1.0 - len(found))
            story.append([(one.name, found) for one, found in turns])
        stories.append(story)
    assert stories[0] == stories[1]


def test_turns_run_at_once(team_of):
    """Both layers are under way together: each waits until the other has begun."""
    both = threading.Barrier(2, timeout=20)
    members = [member(name) for name in "ab"]
    for one in members:
        one.layer.turn = lambda rounds: both.wait() and []
    assert len(team_of(*members).play(2, None, NOTHING, 1.0)) == 2
    assert not both.broken


@pytest.mark.parametrize(("left", "given"), [(None, [10, 4]), (100, [10, 4]), (10, [5, 4]), (3, [1, 1]), (1, [1, 1])])
def test_what_is_left_of_a_count_is_shared(team_of, left: int | None, given: list[int]):
    """No member has more rounds than its share, and none less than one."""
    members = [member("a", 10), member("b", 4)]
    team_of(*members).play(2, left, NOTHING, 1.0)
    assert [one.layer.turns for one in members] == [[rounds] for rounds in given]


def test_the_pace_follows_the_clock_within_bounds():
    """A turn that took twice as long has half the rounds next; no turn grows or shrinks more than twofold."""
    for seconds, rounds in ((TURN_SECONDS, 100), (TURN_SECONDS / 1.5, 150), (2 * TURN_SECONDS, 50)):
        one = member(rounds=100)
        one.seconds = seconds
        one.pace()
        assert one.rounds == pytest.approx(rounds, abs=1)
    for seconds, factor in ((0.0, MOST_GROWTH), (1e9, 1 / MOST_GROWTH)):
        one = member(rounds=100)
        one.seconds = seconds
        one.pace()
        assert one.rounds == 100 * factor
    one = member(rounds=1)
    one.seconds = 1e9
    one.pace()
    assert one.rounds == 1


def test_a_turn_is_timed_by_the_work_of_its_own_thread(team_of):
    """Waiting does not count: a layer that sleeps has used no time of the processor, one that works has."""
    sleeper, worker = member("sleeper", pauses=(0.05,)), member("worker")
    worker.layer.turn = lambda rounds: [(number,) for number in range(200_000) if number < 0]
    team_of(sleeper, worker).play(2, None, NOTHING, 1.0)
    assert 0 <= sleeper.seconds < worker.seconds


def test_an_error_in_a_turn_comes_out(team_of):
    """A layer that fails does not fail silently."""
    one = member()

    def fail(rounds: int) -> list[Found]:
        raise ZeroDivisionError

    one.layer.turn = fail
    with pytest.raises(ZeroDivisionError):
        team_of(one).play(1, None, NOTHING, 1.0)
