"""Which reader reads what, and what is said when none does."""

import polars as pl
import pytest

from linewright import read
from linewright.errors import SourceError
from linewright.io.csv_folder import write_csv_folder
from linewright.io.read import readers
from linewright.model.factory import Factory


def test_a_folder_of_csv_files_is_a_factory(tmp_path):
    """One call from a folder to a factory."""
    write_csv_folder(Factory.of(machines=[{"machine": "M"}]), tmp_path)
    assert "M" in read(tmp_path).machines
    assert "M" in read(str(tmp_path / "machines.csv"), reader="csv").machines


def test_files_of_several_kinds_make_one_factory(tmp_path):
    """Machines from CSV, orders from Parquet, in one factory."""
    (tmp_path / "machines.csv").write_text("machine\nM\n")
    frame = pl.DataFrame({"order": ["O"], "material": ["P"], "quantity": [1.0]})
    frame.write_parquet(tmp_path / "orders.parquet")
    factory = read(tmp_path / "machines.csv", tmp_path / "orders.parquet")
    assert (len(factory.machines), len(factory.orders)) == (1, 1)


def test_an_unknown_file_lists_what_was_looked_for(tmp_path):
    """Each reader says what it would have taken."""
    (tmp_path / "letter.txt").write_text("Dear Sir")
    with pytest.raises(SourceError) as told:
        read(tmp_path / "letter.txt")
    assert "letter.txt" in str(told.value)
    assert all(reader.title in str(told.value) for reader in readers())


def test_a_missing_file_suggests_the_one_that_is_there(tmp_path):
    """A slip in the name is the likeliest reason."""
    (tmp_path / "machines.csv").write_text("machine\nM\n")
    with pytest.raises(SourceError, match=r"did you mean machines\.csv\?"):
        read(tmp_path / "machine.csv")


def test_an_unknown_reader_lists_those_that_there_are(tmp_path):
    """The name is a word of ours, so the words are listed."""
    with pytest.raises(SourceError, match=r"there is no reader exel — choose one of .*workbook, csv"):
        read(tmp_path, reader="exel")


def test_nothing_to_read_is_said():
    """No arguments, no factory."""
    with pytest.raises(SourceError, match="nothing to read"):
        read()


def test_an_option_that_no_reader_takes_is_refused(tmp_path):
    """A mistyped option is not passed over."""
    (tmp_path / "machines.csv").write_text("machine\nM\n")
    with pytest.raises(SourceError, match="strat"):
        read(tmp_path, options={"strat": "2026"})


def test_every_reader_has_its_own_name_and_says_what_it_reads():
    """Names are what people type, titles what they read."""
    known = list(readers())
    assert len({reader.name for reader in known}) == len(known)
    assert all(reader.title and reader.title[-1] != "." for reader in known)
