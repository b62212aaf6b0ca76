from pathlib import Path

from linewright.shop.kernels import PACKAGE, cache_folder


def test_a_kernel_is_compiled_anew_only_when_something_that_it_imports_has_changed(tmp_path: Path):
    """Each source file has a folder of its own that follows its imports."""
    timetable, pegging = PACKAGE / "shop" / "timetable.py", PACKAGE / "shop" / "pegging.py"
    assert cache_folder(timetable) == cache_folder(timetable)
    assert cache_folder(timetable) != cache_folder(pegging)


def test_a_change_in_an_imported_file_changes_the_folder(tmp_path: Path):
    """The file itself stays as it is, and what it calls does not."""
    copy = tmp_path / "calls.py"
    copy.write_text("from linewright.shop.working_time import forward\n")
    before = cache_folder(copy)
    other = tmp_path / "calls_more.py"
    other.write_text("from linewright.shop.working_time import forward\nfrom linewright.shop.block import fit\n")
    assert cache_folder(other) != before
