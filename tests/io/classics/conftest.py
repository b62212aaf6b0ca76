"""Read an instance from text, or from the copies in tests/data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from linewright.io.classics import ClassicReader

Tables = dict[str, pl.DataFrame]


@pytest.fixture
def read_text(tmp_path: Path) -> Callable[..., Tables]:
    """Write a text to a file of a name and read it."""

    def read(name: str, text: str, **options: str) -> Tables:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return {table.table: table.frame for table in ClassicReader().read([path], options).tables}

    return read


@pytest.fixture
def read_data(root: Path) -> Callable[[str], Tables]:
    """Read one of the copies in tests/data/classics."""

    def read(name: str) -> Tables:
        path = root / "tests" / "data" / "classics" / name
        return {table.table: table.frame for table in ClassicReader().read([path], {}).tables}

    return read
