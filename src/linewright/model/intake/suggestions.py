"""Near-misses: the name that was probably meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches

#: A list of names up to this long is searched name by name; a longer one by its one-letter neighbours only.
SHORT_LIST = 400
#: Suggestions made for one list; more would cost more time than they save.
MOST = 200


class Suggester:
    """Finds the known name that is closest to a mistyped one."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names: Sequence[str] = list(dict.fromkeys(names))
        self._neighbours: dict[str, list[str]] | None = None
        self._made: dict[str, str | None] = {}

    def closest(self, typed: str) -> str | None:
        """The known name that was probably meant, or None."""
        if typed not in self._made:
            self._made[typed] = self._find(typed) if len(self._made) < MOST else None
        return self._made[typed]

    def hint(self, typed: str) -> str:
        """``; did you mean CNC-8?`` or nothing."""
        closest = self.closest(typed)
        return f"; did you mean {closest}?" if closest else ""

    def _find(self, typed: str) -> str | None:
        folded = _folded(typed)
        near = self._near(folded)
        if near:
            return max(near, key=lambda name: SequenceMatcher(None, typed, name).ratio())
        if len(self.names) > SHORT_LIST:
            return None
        known = {_folded(name): name for name in self.names}
        close = get_close_matches(folded, known, n=1, cutoff=0.7)
        return known[close[0]] if close else None

    def _near(self, folded: str) -> list[str]:
        # Names that differ by one letter share a text with one letter left out (the idea of SymSpell, W. Garbe 2012).
        if self._neighbours is None:
            self._neighbours = defaultdict(list)
            for name in self.names:
                for shorter in _without_one_letter(_folded(name)):
                    self._neighbours[shorter].append(name)
        found: dict[str, None] = {}
        for shorter in _without_one_letter(folded):
            found.update(dict.fromkeys(self._neighbours.get(shorter, ())[:20]))
        return list(found)


def _folded(name: str) -> str:
    return name.casefold().replace(" ", "").replace("_", "-")


def _without_one_letter(text: str) -> set[str]:
    return {text, *(text[:place] + text[place + 1 :] for place in range(len(text)))}
