"""Several layers at once: which of them take the next turns, on as many threads as there are cores to use."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from linewright.plan.search.layer import Found, Layer
from linewright.shop.state import Choice

#: How long a turn should take, in seconds, and by what factor one turn may be longer than the last.
TURN_SECONDS, MOST_GROWTH = 0.2, 2.0
#: Turns without a find after which a layer goes on from the best plan of all.
IDLE_TURNS = 4
#: The share of the value that must have been gained lately to lead.
LEAST_GAIN = 1e-3
#: How much the gains of earlier turns count in the next.
MEMORY = 0.8


@dataclass
class Member:
    """A layer in the team: what it was given, what it gained, and how many rounds its next turn has.

    `value` is the best plan that it knows of; `credit` what it lately gained in a turn; `seconds` the processor's time
    that its last turn took.
    """

    name: str
    layer: Layer
    rounds: int
    value: float = float("inf")
    credit: float = 0.0
    idle: int = 0
    turns: int = 0
    seconds: float = 0.0

    def pace(self) -> None:
        """Fit the next turn to the time that this one took."""
        factor = TURN_SECONDS / max(self.seconds, 1e-3)
        self.rounds = max(int(self.rounds * min(max(factor, 1 / MOST_GROWTH), MOST_GROWTH)), 1)


@dataclass
class Team:
    """Members that take turns on `cores` threads; the result does not depend on which thread is faster."""

    members: list[Member]
    cores: int
    pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        """Start the threads."""
        self.pool = ThreadPoolExecutor(max(self.cores, 1))

    def close(self) -> None:
        """Wait for turns that are under way and end the threads."""
        self.pool.shutdown(wait=True, cancel_futures=True)

    def next_turns(self, cores: int) -> list[Member]:
        """Who goes next: the member that gained most lately, then those who have waited longest.

        Members with equal gains take turns, so that each shows what it can do before it is judged.
        """
        by_wait = sorted(self.members, key=lambda member: member.turns)
        leader = max(by_wait, key=lambda member: member.credit)
        leads = leader.credit > LEAST_GAIN
        chosen = [leader] if leads and cores > 1 else []
        # Where one core must do, the leader has every second turn.
        if cores == 1 and leads and 2 * leader.turns <= sum(member.turns for member in self.members):
            return [leader]
        return (chosen + [member for member in by_wait if member not in chosen])[:cores]

    def play(self, cores: int, most_rounds: int | None, best: Choice, value: float) -> list[tuple[Member, list[Found]]]:
        """Let the next members take a turn each, at once, and return what they found, in the members' order."""
        chosen = self.next_turns(cores)
        running: list[tuple[Member, Future[list[Found]]]] = []
        for member in chosen:
            rounds = member.rounds if most_rounds is None else max(min(member.rounds, most_rounds // len(chosen)), 1)
            running.append((member, self.pool.submit(self._turn, member, rounds, best, value)))
        return [(member, turn.result()) for member, turn in running]

    @staticmethod
    def _turn(member: Member, rounds: int, best: Choice, value: float) -> list[Found]:
        """One turn; a member that has found nothing for a while goes on from the best plan."""
        if value < member.value - 1e-9 and (member.idle >= IDLE_TURNS or member.turns == 0):
            member.layer.adopt(best, value)
            member.value, member.idle = value, 0
        member.turns += 1
        begun = time.thread_time()
        found = member.layer.turn(rounds)
        member.seconds = time.thread_time() - begun
        member.idle = 0 if found else member.idle + 1
        return found

    @staticmethod
    def reward(member: Member, before: float, after: float) -> None:
        """Remember what share of the value a turn has gained."""
        gain = (before - after) / abs(before) if before and before < float("inf") else float(after < before)
        member.credit = MEMORY * member.credit + gain
