"""The four weeks of AdventureWorks that stand in examples, read once; and small changed copies of them."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from linewright.io.adventureworks import AdventureWorksReader
from linewright.model.factory import Factory
from linewright.model.intake import assemble
from linewright.model.raw import RawFactory

WINDOW = {"start": "2014-05-05", "weeks": "4"}


@pytest.fixture(scope="session")
def raw(root: Path) -> RawFactory:
    """What the reader finds in the example."""
    return AdventureWorksReader().read([root / "examples" / "adventureworks"], WINDOW)


@pytest.fixture(scope="session")
def factory(raw: RawFactory) -> Factory:
    """The example as a checked factory."""
    return assemble(raw)


@pytest.fixture
def changed(root: Path, tmp_path: Path) -> Callable[[str, str, str], RawFactory]:
    """Replace a text in one file of a copy of the example, and read the copy."""

    def read(name: str, old: str, new: str) -> RawFactory:
        folder = tmp_path / "changed"
        shutil.copytree(root / "examples" / "adventureworks", folder)
        path = folder / name
        content = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
        assert old.encode() in content
        path.unlink()
        (folder / name.removesuffix(".gz")).write_bytes(content.replace(old.encode(), new.encode(), 1))
        return AdventureWorksReader().read([folder], WINDOW)

    return read
