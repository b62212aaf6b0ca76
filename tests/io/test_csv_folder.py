"""What the CSV writer leaves on the disk."""

from datetime import UTC, date, datetime, time

import polars as pl
import pytest

from linewright.errors import SourceError
from linewright.io.csv_folder import CsvReader, write_csv_folder
from linewright.io.local_times import local_moments
from linewright.model.factory import Factory
from linewright.model.intake import assemble
from tests.model.raws import factory_of, raw


def lines(path):
    """The lines of a file."""
    return path.read_text(encoding="utf-8-sig").splitlines()


def test_values_are_written_as_people_read_them(tmp_path):
    """Local times, yes and no, blanks; a midnight that ends a day is that day."""
    factory = Factory.of(
        settings=[{"timezone": "Europe/Berlin"}],
        machines=[{"machine": "M", "batch": True}],
        shifts=[{"calendar": "day", "weekday": "mon-fri", "start": time(6), "end": time(14, 30)}],
        components=[{"material": "A", "component": "B", "valid_to": date(2026, 3, 2)}],
        orders=[{
            "order": "O", "material": "A", "quantity": 2.5,
            "due": datetime(2026, 3, 6, 23, tzinfo=UTC), "release": datetime(2026, 3, 2, 5, 30, tzinfo=UTC),
        }],
    )  # fmt: skip
    write_csv_folder(factory, tmp_path)
    assert lines(tmp_path / "orders.csv")[1].startswith("O,,A,2.5,2026-03-06,2026-03-02 06:30,10,")
    assert lines(tmp_path / "machines.csv")[1].startswith("M,,,1.0,1,yes,")
    assert lines(tmp_path / "shifts.csv")[1] == "day,mon-fri,06:00,14:30,yes"
    assert lines(tmp_path / "components.csv")[1] == "A,B,1.0,0.0,,,2026-03-02"


def test_only_the_hour_that_comes_twice_has_an_offset():
    """Half past two on 25 October 2026 is written so that nobody can mistake it."""
    instants = pl.Series([datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)])
    texts = local_moments(instants.cast(pl.Datetime("us", "UTC")), "Europe/Berlin").to_list()
    assert texts == ["2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", "2026-10-25 03:30"]


def test_empty_tables_are_left_out_unless_asked_for(tmp_path):
    """A folder to start from has every table; a factory that is saved only has the filled ones."""
    factory = Factory.of(machines=[{"machine": "M"}])
    write_csv_folder(factory, tmp_path / "saved")
    assert [path.name for path in (tmp_path / "saved").iterdir()] == ["machines.csv"]
    write_csv_folder(factory, tmp_path / "new", empty=True)
    assert len(list((tmp_path / "new").iterdir())) == len(factory.tables)
    assert lines(tmp_path / "new" / "tools.csv") == ["tool,quantity,name"]


def test_an_old_file_of_a_table_that_is_empty_now_is_emptied(tmp_path):
    """Rows that were deleted do not come back with the next reading."""
    write_csv_folder(Factory.of(machines=[{"machine": "M"}], tools=[{"tool": "T"}]), tmp_path)
    write_csv_folder(Factory.of(machines=[{"machine": "M"}]), tmp_path)
    assert lines(tmp_path / "tools.csv") == ["tool,quantity,name"]
    assert not list(tmp_path.glob(".*"))


def test_columns_of_their_own_are_written_back(tmp_path):
    """What linewright does not know stays beside its rows."""
    factory = factory_of(raw("machines", {"machine": ["A", "B"], "paint": ["red", None]}))
    write_csv_folder(factory, tmp_path)
    again = assemble(CsvReader().read([tmp_path], {}))
    assert again.machines.extra is not None
    assert again.machines.extra.get_column("paint").fill_null("").to_list() == ["red", ""]


def test_a_folder_that_cannot_be_written_is_a_source_error(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("x")
    with pytest.raises(SourceError, match="cannot be written"):
        write_csv_folder(Factory.of(machines=[{"machine": "M"}]), tmp_path / "taken")
