"""What the verifier finds: one broken rule, with who and what it concerns."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a plan breaks a rule.

    `rule` is the rule's name in the docs, `message` a sentence that says what is wrong with the numbers in it.
    `operations` are names such as ``job/step``. `where` is the part of the plan: operations, jobs, orders, pegging
    (with the row counted from 1), costs or value.
    """

    rule: str
    message: str
    operations: tuple[str, ...] = ()
    machine: str = ""
    person: str = ""
    tool: str = ""
    material: str = ""
    order: str = ""
    where: str = "operations"

    def __str__(self) -> str:
        """The rule and the sentence."""
        return f"{self.rule}: {self.message}"

    def facts(self) -> dict[str, Any]:
        """The breach as plain values for JSON."""
        return asdict(self)
