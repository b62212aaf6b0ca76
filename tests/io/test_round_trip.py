"""A factory that is written and read again is the same factory."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from linewright.io.csv_folder import CsvReader, write_csv_folder
from linewright.io.parquet_folder import ParquetReader, write_parquet_folder
from linewright.model.intake import assemble
from linewright.model.tables import TABLES
from tests.strategies import factories

FORMATS = {"csv": (write_csv_folder, CsvReader), "parquet": (write_parquet_folder, ParquetReader)}


def errors(factory):
    """What was left out."""
    return [str(fault) for fault in factory.faults if fault.level == "error"]


@pytest.mark.parametrize("format_name", FORMATS)
@given(factory=factories(most_rows=3))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_factory_comes_back(format_name, factory):
    """Whatever the rows hold, each table has the same hash after writing and reading, and no row is lost."""
    write, reader = FORMATS[format_name]
    if not any(map(len, factory.tables.values())):
        return
    with tempfile.TemporaryDirectory() as name:
        write(factory, Path(name))
        again = assemble(reader().read([Path(name)], {}))
    assert errors(again) == []
    assert again.hashes(TABLES) == factory.hashes(TABLES)
