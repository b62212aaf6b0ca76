"""Things that belong together because they share something: the connected parts of a graph."""

from __future__ import annotations


class Groups:
    """Numbers from 0 that are joined step by step (disjoint sets, Galler and Fischer 1964)."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def of(self, member: int) -> int:
        """The least number that a member is joined with."""
        while self.parent[member] != member:
            self.parent[member] = self.parent[self.parent[member]]
            member = self.parent[member]
        return member

    def join(self, one: int, other: int) -> None:
        """Make two groups one."""
        low, high = sorted((self.of(one), self.of(other)))
        self.parent[high] = low

    def members(self, group: int) -> list[int]:
        """All members of the group that a number belongs to."""
        group = self.of(group)
        return [member for member in range(len(self.parent)) if self.of(member) == group]
