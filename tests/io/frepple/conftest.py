"""Read fixtures from records, or from the copies in tests/data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linewright.io.frepple import FreppleReader
from linewright.model.factory import Factory
from linewright.model.intake import assemble


@pytest.fixture
def read_records(tmp_path: Path) -> Callable[..., Factory]:
    """Make a factory of (model, fields) pairs; a currentdate is always there."""

    def read(*records: tuple[str, dict[str, Any]]) -> Factory:
        now = {"model": "common.parameter", "pk": "currentdate", "fields": {"value": "2024-01-01 00:00:00"}}
        listed = [now, *({"model": f"input.{model}", "fields": fields} for model, fields in records)]
        path = tmp_path / "small.json"
        path.write_text(json.dumps(listed, indent=1), encoding="utf-8")
        return assemble(FreppleReader().read([path], {}))

    return read


@pytest.fixture
def read_demo(root: Path) -> Callable[[str], Factory]:
    """Make a factory of one of the copies in tests/data/frepple."""

    def read(name: str) -> Factory:
        return assemble(FreppleReader().read([root / "tests" / "data" / "frepple" / name], {}))

    return read
