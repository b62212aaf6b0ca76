"""Parquet files, ours and those of other programs."""

from datetime import UTC, datetime

import polars as pl
import pytest

from linewright.errors import SourceError
from linewright.io.parquet_folder import ParquetReader, write_parquet_folder
from linewright.model.factory import Factory
from linewright.model.intake import assemble

READER = ParquetReader()


def test_other_programs_columns_and_types_are_taken(tmp_path):
    """Headers with capitals, numbers as names, local times without a zone: read as in any other file."""
    frame = pl.DataFrame({"Order": [4711], "material": ["P"], "quantity": [2], "release": [datetime(2026, 3, 2, 6)]})
    frame.write_parquet(tmp_path / "orders.parquet")
    pl.DataFrame({"timezone": ["Europe/Berlin"]}).write_parquet(tmp_path / "settings.parquet")
    factory = assemble(READER.read([tmp_path], {}))
    assert factory.orders["4711"].release == datetime(2026, 3, 2, 5, tzinfo=UTC)


def test_a_fault_names_the_row(tmp_path):
    """Rows are counted from 1, since a Parquet file has no lines."""
    pl.DataFrame({"machine": ["A", "B"], "speed": [1.0, -1.0]}).write_parquet(tmp_path / "machines.parquet")
    assert [fault.where for fault in assemble(READER.read([tmp_path], {})).faults] == ["machines.parquet:2 (speed)"]


def test_a_damaged_file_is_a_source_error(tmp_path):
    """The file is named, with what to do."""
    (tmp_path / "machines.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(SourceError, match=r"machines\.parquet: cannot be read"):
        READER.read([tmp_path], {})


def test_rows_that_were_deleted_do_not_come_back(tmp_path):
    """The file of a table that is empty now is emptied."""
    write_parquet_folder(Factory.of(machines=[{"machine": "M"}], tools=[{"tool": "T"}]), tmp_path)
    write_parquet_folder(Factory.of(machines=[{"machine": "M"}]), tmp_path)
    assert len(assemble(READER.read([tmp_path], {})).tools) == 0


def test_files_of_other_names_are_refused(tmp_path):
    """Without a table's name nothing says what the rows are."""
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "things.parquet")
    assert not READER.recognises([tmp_path])
    with pytest.raises(SourceError, match=r"orders\.parquet"):
        READER.read([tmp_path], {})
