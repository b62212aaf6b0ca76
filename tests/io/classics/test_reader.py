"""Recognition, packed files, and every instance of the shared collection."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from linewright.errors import SourceError
from linewright.io.classics import ClassicReader
from linewright.model.intake import assemble
from linewright.model.raw import RawFactory

#: Bigger ones are read by benchmarks/read_classics.py.
MOST_OPERATIONS = 10_000


def sizes(raw: RawFactory, *, project: bool) -> tuple[int, int, int]:
    """Jobs, machines and operations as the literature counts them."""
    rows = {table.table: table.frame.height for table in raw.tables}
    return (rows["operations" if project else "orders"], rows["tools" if project else "machines"], rows["operations"])


@pytest.mark.parametrize("name", ["ft06.txt", "mk01.fjs", "Fattahi2.fjsw", "j3015_1.sm", "dafjs01.txt"])
def test_instances_are_recognised_and_have_no_faults(root, name):
    """Each kind is recognised by its content and passes all checks."""
    path = root / "tests" / "data" / "classics" / name
    assert ClassicReader().recognises([path])
    factory = assemble(ClassicReader().read([path], {}))
    assert [fault for fault in factory.faults if fault.level == "error"] == []
    assert factory.name == name.rpartition(".")[0]


def test_an_instance_and_the_file_beside_it_are_one(root):
    """The .ext.json file may be named too."""
    folder = root / "tests" / "data" / "classics"
    assert ClassicReader().recognises([folder / "syn100x5s1.fjs", folder / "syn100x5s1.ext.json"])


def test_other_files_are_not_recognised(root, tmp_path):
    """Prose, folders and several instances at once belong to other readers, or to none."""
    prose = tmp_path / "notes.txt"
    prose.write_text("3 machines are down\n2 more tomorrow\n", encoding="utf-8")
    folder = root / "tests" / "data" / "classics"
    assert not ClassicReader().recognises([prose])
    assert not ClassicReader().recognises([folder])
    assert not ClassicReader().recognises([folder / "ft06.txt", folder / "la01.txt"])


def test_a_packed_instance_is_the_same(root, tmp_path):
    """A file ending in .gz reads as the text inside it."""
    plain = root / "tests" / "data" / "classics" / "mk01.fjs"
    packed = tmp_path / "mk01.fjs.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert ClassicReader().recognises([packed])
    one, two = (ClassicReader().read([path], {}) for path in (plain, packed))
    assert all(a.frame.equals(b.frame) for a, b in zip(one.tables, two.tables, strict=True))


def test_a_damaged_package_is_named(tmp_path):
    """Broken compression is a fault of the file, not of the program."""
    broken = tmp_path / "mk01.fjs.gz"
    broken.write_bytes(b"\x1f\x8b\x08\x00broken")
    with pytest.raises(SourceError, match=r"mk01\.fjs\.gz: cannot be opened"):
        ClassicReader().read([broken], {})


@pytest.mark.parametrize("options", [{"kind": "maze"}, {"operators": "none"}, {"colour": "blue"}])
def test_unknown_options_are_refused(root, options):
    """An option that cannot be followed is never ignored."""
    with pytest.raises(SourceError, match=f"option {next(iter(options))}="):
        ClassicReader().read([root / "tests" / "data" / "classics" / "ft06.txt"], options)


def test_every_instance_of_the_collection_has_its_published_size(bench):
    """All shared files of up to 10,000 operations have the jobs, machines and operations of their index."""
    index = bench("scheduling/index.csv")
    with index.open(encoding="utf-8", newline="") as text:
        rows = {row["file"]: row for row in csv.DictReader(text) if int(row["n_ops"]) <= MOST_OPERATIONS}
    wrong = [file for file, row in rows.items() if not _fits(index.parent / file, row)]
    assert len(rows) > 900
    assert wrong == []


def _fits(path: Path, row: dict[str, str]) -> bool:
    jobs, machines, operations = sizes(ClassicReader().read([path], {}), project=row["problem"] == "RCPSP")
    known_jobs = not row["n_jobs"] or jobs == int(row["n_jobs"])
    return known_jobs and (machines, operations) == (int(row["n_machines"]), int(row["n_ops"]))
