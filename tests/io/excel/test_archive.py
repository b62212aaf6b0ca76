"""Files that are no workbooks, and marks in the XML of those that are."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from linewright.errors import SourceError
from linewright.io.excel.archive import Sheet, Workbook, column_index, column_letters, marks, open_archive

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty.xlsx", b"", "is empty"),
        ("page.xlsx", b"<html>Excel says no</html>", "is not an Excel workbook"),
        ("half.xlsx", b"PK\x03\x04 and no more", "no whole Excel workbook"),
        ("old.xls", OLD + bytes(600), "old .xls file"),
        ("secret.xlsx", OLD + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        ("~$shop.xlsx", b"\x05user", "without ~\\$ in its name"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_with_a_cure(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    """Each kind of wrong file has its own sentence, and the sentence has a cure."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=problem) as caught:
        open_archive(tmp_path / name)
    assert str(caught.value).startswith(name)
    assert " — " in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """The reason of the operating system is told."""
    with pytest.raises(SourceError, match=r"nowhere.xlsx: cannot be opened \(No such file"):
        open_archive(tmp_path / "nowhere.xlsx")


def test_a_word_document_is_no_workbook(tmp_path: Path) -> None:
    """Another archive with other parts is refused like a damaged one."""
    with zipfile.ZipFile(tmp_path / "letter.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(SourceError, match="no whole Excel workbook"):
        open_archive(tmp_path / "letter.xlsx")


def test_broken_cells_are_found_in_every_dialect(tmp_path: Path) -> None:
    """Prefixed names, single quotes and cells that leave out their place are all valid workbooks."""
    xml = (
        b'<x:worksheet><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c></x:row>'
        b"<x:row><x:c t='s'><x:v>1</x:v></x:c><x:c t='e'><x:v>#N/A</x:v></x:c></x:row>"
        b'<x:row r="3"><x:c r="AB3" s="4" t="e"><x:f>1/0</x:f><x:v>#DIV/0!</x:v></x:c>'
        b'<x:c r="AC3" t="inlineStr"><x:is><x:t>a t="e" b</x:t></x:is></x:c><x:c r="AD3" t="e"/></x:row>'
        b'</x:sheetData><x:mergeCells><x:mergeCell ref="B2:B9"/><x:mergeCell ref="C2:D9"/></x:mergeCells></x:worksheet>'
    )
    with zipfile.ZipFile(tmp_path / "dialect.xlsx", "w") as archive:
        archive.writestr("sheet.xml", xml)
    book = Workbook(tmp_path / "dialect.xlsx", (), from_1904=False)
    seen = marks(book, Sheet("any", hidden=False, part="sheet.xml"))
    assert seen.broken == {(2, 1): "#N/A", (3, 27): "#DIV/0!", (3, 29): "#ERROR!"}
    assert seen.merged == ((1, 2, 9),)


@pytest.mark.parametrize(
    ("letters", "index"), [("A", 0), ("Z", 25), ("AA", 26), ("AZ", 51), ("BA", 52), ("XFD", 16383)]
)
def test_columns_are_counted_as_workbooks_do(letters: str, index: int) -> None:
    """Letters and numbers name the same column both ways."""
    assert column_index(letters) == index
    assert column_letters(index) == letters
