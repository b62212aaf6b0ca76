"""The factories to start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from linewright.errors import SourceError
from linewright.io.read import read
from linewright.io.templates import TEMPLATES, new_factory, write_new
from linewright.model.tables import TABLES
from tests.io.everything import differences


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_has_no_faults(template: str) -> None:
    """Who starts from it starts clean, and no row points into the package."""
    factory = new_factory(template)
    assert factory.faults == ()
    assert all(table.sources == () for table in factory.tables.values())


def test_the_job_shop_shows_most_of_what_a_plan_honours() -> None:
    """Shifts with a break, a holiday, alternatives, changeovers, crews, tools, a two-level bill, hazards, shields."""
    factory = new_factory("job-shop")
    assert {name for name in TABLES if not len(factory.table(name))} == {"forecast", "tariffs", "actuals"}
    assert not all(shift.working for shift in factory.shifts)
    sub_assemblies = {line.material for line in factory.components} & {line.component for line in factory.components}
    assert sub_assemblies == {"PLATE", "PIN"}
    assert [job.started is not None for job in factory.work_orders] == [True, False]


def test_the_batch_shop_has_an_oven_waits_and_transfer_batches() -> None:
    """A batch machine with a least load, families, a longest and a shortest wait, and an overlap."""
    factory = new_factory("batch")
    oven = factory.machines["OVEN-1"]
    assert (oven.batch, oven.capacity, oven.min_load) == (True, 8, 5)
    steps = list(factory.operations)
    assert any(step.max_wait_minutes for step in steps)
    assert any(step.min_wait_minutes for step in steps)
    assert any(step.overlap_quantity for step in steps)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("csv", [False, True])
def test_what_is_written_is_read_as_the_same_factory(tmp_path: Path, template: str, csv: bool) -> None:
    """A new workbook and a new folder hold the whole template."""
    written = write_new(tmp_path / "plant", template, csv=csv)
    assert written.exists()
    assert differences(read(tmp_path / "plant"), new_factory(template)) == []


def test_a_new_folder_has_every_table(tmp_path: Path) -> None:
    """Tables without rows are there as headers, to be filled in."""
    write_new(tmp_path / "plant", "empty", csv=True)
    assert {path.stem for path in (tmp_path / "plant").iterdir()} == set(TABLES)


@pytest.mark.parametrize("csv", [False, True])
def test_nothing_is_overwritten(tmp_path: Path, csv: bool) -> None:
    """What somebody has filled in stays as it is."""
    write_new(tmp_path / "plant", csv=csv)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(SourceError, match="is there already"):
        write_new(tmp_path / "plant", "batch", csv=csv)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_an_unknown_template_is_refused(tmp_path: Path) -> None:
    """The error lists those that there are, and nothing is made."""
    with pytest.raises(SourceError, match="choose one of job-shop, batch, empty"):
        write_new(tmp_path / "plant", "brewery")
    assert list(tmp_path.iterdir()) == []
