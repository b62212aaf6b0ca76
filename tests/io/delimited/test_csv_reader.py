"""CSV files as programs, spreadsheets and people leave them."""

from __future__ import annotations

import gzip

import pytest

from linewright.errors import SourceError
from linewright.io.csv_folder import CsvReader
from linewright.model.intake import assemble

READER = CsvReader()


def raw_of(folder, name, content, encoding="utf-8"):
    """What the reader makes of one file."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return READER.read([folder], {})


def factory_of(folder, name, content, encoding="utf-8"):
    """The checked factory of one file."""
    return assemble(raw_of(folder, name, content, encoding))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_found_by_the_headers(tmp_path, delimiter):
    """Whatever separates the fields, the columns come out."""
    content = f"machine{delimiter}speed\nM,1{delimiter}2\n" if delimiter != "," else 'machine,speed\n"M,1",2\n'
    assert factory_of(tmp_path, "machines.csv", content).machines["M,1"].speed == 2.0


def test_the_separator_may_be_declared(tmp_path):
    """Excel's first line sep=; is no header."""
    assert factory_of(tmp_path, "machines.csv", "sep=;\nmachine;speed\nM;2\n").machines["M"].speed == 2.0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_is_found(tmp_path, encoding):
    """An umlaut comes out as an umlaut, however the file was saved."""
    assert "Säge" in factory_of(tmp_path, "machines.csv", "machine,speed\nSäge,1\n", encoding).machines


def test_an_old_encoding_is_mentioned(tmp_path):
    """Nobody can be sure of Windows-1252, so a note says that it was assumed."""
    raw = raw_of(tmp_path, "machines.csv", "machine\nSäge\n", "cp1252")
    assert [(fault.level, fault.rule) for fault in raw.faults] == [("note", "encoding")]


def test_headers_may_have_units_and_capitals(tmp_path):
    """Run minutes [min] means run_minutes; a fault shows the header as it stands in the file."""
    content = "Material,Step,Run Minutes [min/unit]\nP,10,2.5\nP,20,zehn\n"
    (tmp_path / "machines.csv").write_text("machine\nM\n")
    factory = factory_of(tmp_path, "operations.csv", content)
    assert factory.operations[("P", 10)].run_minutes == 2.5
    assert "operations.csv:3 (Run Minutes [min/unit])" in [fault.where for fault in factory.faults]


def test_the_header_may_stand_below_a_title(tmp_path):
    """Two lines of report title are passed over, and lines are still counted from the top."""
    factory = factory_of(tmp_path, "machines.csv", "Machines of hall 3\n\nmachine,speed\nM,zehn\n")
    assert [fault.where for fault in factory.faults] == ["machines.csv:4 (speed)"]


def test_decimal_commas_are_noticed(tmp_path):
    """In a file with semicolons 1.234,5 is a number, and so is 2,5."""
    factory = factory_of(tmp_path, "machines.csv", "machine;speed;idle_kw\nA;2,5;1.234,5\nB;3;0,25\n")
    assert factory.machines.column("idle_kw").tolist() == [1234.5, 0.25]
    assert factory.faults == ()


def test_semicolons_do_not_make_commas(tmp_path):
    """Many programs write semicolons and decimal points."""
    assert factory_of(tmp_path, "machines.csv", "machine;speed\nA;2.5\nB;3\n").machines["A"].speed == 2.5


def test_lines_are_counted_as_an_editor_does(tmp_path):
    """A note over three lines moves the lines of the rows below it, and a blank line counts as well."""
    content = 'machine,endpoint,speed\nA,"one\ntwo\nthree",1\n\nB,x,zehn\n"C\r\nD",x,-1\r\n'
    factory = factory_of(tmp_path, "machines.csv", content)
    assert {fault.where for fault in factory.faults} == {"machines.csv:6 (speed)", "machines.csv:7 (speed)"}
    assert factory.machines["A"].endpoint == "one\ntwo\nthree"


def test_lines_of_another_length_are_faults(tmp_path):
    """Too few fields count as blank; too many make it unclear which is which, unless the extra ones are blank."""
    factory = factory_of(tmp_path, "machines.csv", "machine,speed,idle_kw\nA,1\nB,1,2,3\nC,1,2,,\n")
    assert [(fault.level, fault.rule, fault.where) for fault in factory.faults] == [
        ("error", "long_line", "machines.csv:3"),
        ("warning", "short_line", "machines.csv:2"),
    ]
    assert factory.machines.column("machine").tolist() == ["A", "C"]


def test_broken_quotation_marks_cost_their_line_only(tmp_path):
    """A stray mark in one line is a fault there; one that is never closed takes the rest along, and says so."""
    factory = factory_of(tmp_path, "machines.csv", 'machine,speed\nA,1\n"B"x,1\nC,1\n')
    assert factory.machines.column("machine").tolist() == ["A", "C"]
    assert [(fault.rule, fault.row) for fault in factory.faults] == [("broken_line", 3)]
    factory = factory_of(tmp_path, "machines.csv", 'machine,speed\nA,1\n"B,1\nC,1\n')
    assert "not closed" in factory.faults[0].message
    assert factory.machines.column("machine").tolist() == ["A"]


def test_a_header_that_comes_twice_is_read_once(tmp_path):
    """The first of two equal columns counts, and a warning says so."""
    factory = factory_of(tmp_path, "machines.csv", "machine,speed,Speed\nA,2,3\n")
    assert factory.machines["A"].speed == 2.0
    assert [(fault.level, fault.rule) for fault in factory.faults] == [("warning", "column_twice")]


def test_a_header_alone_is_an_empty_table(tmp_path):
    """Nothing in it is nothing wrong with it."""
    factory = factory_of(tmp_path, "machines.csv", "machine,speed\n")
    assert len(factory.machines) == 0
    assert factory.faults == ()


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_told(tmp_path, content):
    """It may have been cut off on its way; a table that is meant to be empty has a header."""
    factory = factory_of(tmp_path, "machines.csv", content)
    assert len(factory.machines) == 0
    assert [(fault.level, fault.rule, fault.where) for fault in factory.faults] == [
        ("warning", "empty_file", "machines.csv")
    ]


def test_a_file_without_its_columns_is_an_error(tmp_path):
    """Rows under a header that says nothing cannot be read."""
    factory = factory_of(tmp_path, "machines.csv", "a,b\n1,2\n")
    assert [(fault.level, fault.rule) for fault in factory.faults] == [("error", "no_header")]


def test_a_packed_file_is_read(tmp_path):
    """Large tables may come as .csv.gz."""
    assert "M" in factory_of(tmp_path, "machines.csv.gz", gzip.compress(b"machine\nM\n")).machines


def test_only_files_named_after_tables_are_taken(tmp_path):
    """A folder of other CSV files is not ours; a stranger among ours is mentioned."""
    (tmp_path / "Product.csv").write_text("ProductID,Name\n1,Bike\n")
    assert not READER.recognises([tmp_path])
    (tmp_path / "orders.csv").write_text("id;text\n1;a\n")
    assert not READER.recognises([tmp_path])
    (tmp_path / "machines.csv").write_text("machine\nM\n")
    assert READER.recognises([tmp_path])
    assert [fault.where for fault in READER.read([tmp_path], {}).faults if fault.rule == "unknown_file"] == [
        "Product.csv"
    ]


def test_files_of_other_names_are_refused(tmp_path):
    """Who asks for the CSV reader by name is told how to name the files."""
    (tmp_path / "Product.csv").write_text("ProductID\n1\n")
    with pytest.raises(SourceError, match=r"orders\.csv"):
        READER.read([tmp_path], {})


def test_a_missing_file_is_a_source_error(tmp_path):
    """The file is named, and the reason."""
    with pytest.raises(SourceError, match=r"machines\.csv: cannot be opened"):
        READER.read([tmp_path / "machines.csv"], {})
