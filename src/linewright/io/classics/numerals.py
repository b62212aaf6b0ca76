"""The numbers of a text file, with the line on which each of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from linewright.errors import SourceError

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Numerals:
    """A header line of numbers and, below it, whole numbers in lines.

    `values` are all numbers below the header, one after the other; `starts[k]` is the position of the first number of
    the k-th filled line and `lines[k]` the number of that line in the file, counted from 1.
    """

    file: str
    header: tuple[float, ...]
    header_line: int
    values: list[int]
    starts: IntArray
    lines: IntArray

    def line_of(self, positions: IntArray) -> IntArray:
        """The line number of each of these positions in `values`."""
        return self.lines[np.searchsorted(self.starts, positions, side="right") - 1]

    def fail(self, position: int, problem: str, cure: str) -> NoReturn:
        """Say what is wrong with the number at a position.

        Raises
        ------
        SourceError
            Always: file, line, which number of the line, its value, what is wrong and the cure.
        """
        if position >= len(self.values):
            raise SourceError(f"{self.file}: ends too early, {problem} — {cure}")
        index = int(np.searchsorted(self.starts, position, side="right")) - 1
        place = f"{self.file}:{self.lines[index]}: number {position - int(self.starts[index]) + 1}"
        raise SourceError(f"{place} ({self.values[position]}): {problem} — {cure}")

    def counts(self, least: int) -> tuple[int, ...]:
        """The whole numbers of the header.

        Raises
        ------
        SourceError
            There are fewer than `least`, or one of them is not a whole number above 0.
        """
        found = self.header[:least]
        if len(found) < least or any(value < 1 or value != int(value) for value in found):
            shown = " ".join(f"{value:g}" for value in self.header)
            raise SourceError(
                f"{self.file}:{self.header_line}: the first line is '{shown}', but {least} whole numbers above 0 are "
                "needed (jobs, machines, ...) — check that this is the file that you mean"
            )
        return tuple(int(value) for value in found)


def numerals(file: str, text: str) -> Numerals:
    """Read the numbers of a text; blank lines and lines that begin with # are left out.

    Raises
    ------
    SourceError
        A word is not a number.
    """
    filled = [(number, line.split()) for number, line in enumerate(text.splitlines(), start=1)]
    filled = [(number, words) for number, words in filled if words and not words[0].startswith("#")]
    if not filled:
        raise SourceError(f"{file}: has no numbers — check that this is the file that you mean")
    header_line, header_words = filled[0]
    body = filled[1:]
    header = tuple(_number(file, header_line, position, word) for position, word in enumerate(header_words, start=1))
    try:
        values = [int(word) for _, words in body for word in words]
    except ValueError:
        values = [_whole(file, line, k, word) for line, words in body for k, word in enumerate(words, start=1)]
    lengths = np.array([len(words) for _, words in body], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64) if len(body) else lengths
    return Numerals(file, header, header_line, values, starts, np.array([line for line, _ in body], dtype=np.int64))


def _number(file: str, line: int, position: int, word: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise SourceError(_not_a_number(file, line, position, word)) from None


def _whole(file: str, line: int, position: int, word: str) -> int:
    value = _number(file, line, position, word)
    if value != int(value):
        raise SourceError(
            f"{file}:{line}: number {position} ({word}): is not a whole number — write times in a smaller unit"
        )
    return int(value)


def _not_a_number(file: str, line: int, position: int, word: str) -> str:
    return (
        f"{file}:{line}: word {position} ({word}): is not a number — correct it, "
        "or check that this is a scheduling instance"
    )
