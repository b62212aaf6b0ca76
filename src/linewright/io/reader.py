"""What every reader of files looks like; one file of this folder for each format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from linewright.model.raw import RawFactory


class Reader(Protocol):
    """Reads one system's files, unchanged."""

    @property
    def name(self) -> str:
        """Short name, as in ``--reader adventureworks``."""

    @property
    def title(self) -> str:
        """What it reads, in one line for people."""

    @property
    def options(self) -> Mapping[str, str]:
        """The options it takes (``--option name=value``), each with a line of help."""

    def recognises(self, files: Sequence[Path]) -> bool:
        """Whether these files or folders are of its kind; cheap, looks at names and first lines."""

    def read(self, files: Sequence[Path], options: Mapping[str, str]) -> RawFactory:
        """Read everything.

        Raises
        ------
        SourceError
            A file cannot be opened or is not of this format.
        """
