"""A shop in the fewest words, for a peer that reads none of our files and for a check that shares no code with us."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Operations with what comes before them and their ways to be done; times are whole units of the file.

    `modes` holds for each operation its machine, worker (or "") and duration. `changeovers` holds machine (or ""
    for all), family before, family after and duration; pairs that are not named need none, and so does the first
    operation on a machine.
    """

    operations: list[str]
    job: list[str]
    before: list[list[int]]
    modes: list[list[tuple[str, str, int]]]
    family: list[str]
    changeovers: list[tuple[str, str, str, int]]
    due: dict[str, int]
    weight: dict[str, int]

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Problem:
        """Read it from JSON."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def setups(self) -> dict[tuple[str, str, str], int]:
        """Changeovers by machine (or "" for all), family before and family after."""
        return {(machine, before, after): time for machine, before, after, time in self.changeovers}


@dataclass(frozen=True)
class Work:
    """What a plan does with one operation."""

    operation: str
    machine: str
    worker: str
    start: int
    end: int
