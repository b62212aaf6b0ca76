"""Workspaces: what is kept comes back, and nothing that happens in between leaves half of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from linewright.errors import SourceError
from linewright.io.read import read
from linewright.io.store.cover import VERSION
from linewright.io.templates import new_factory, write_new
from linewright.io.workspace import Workspace, WorkspaceReader, source_files
from linewright.model.factory import Factory
from linewright.model.faults import Fault, Source
from linewright.model.intake import assemble
from linewright.model.results import Origin
from linewright.model.table import Table
from tests.io.everything import differences, everything, with_places

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ORIGIN = Origin(made_by="plan", code_version="0.1.0", seed=7, options={"rounds": 5}, reads={"orders": "abc"})
PLACES = (Source("a.xlsx", "orders", {"order": "B"}), Source("b.csv"))


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    """A workspace of the job shop."""
    return Workspace.create(tmp_path / "shop", new_factory("job-shop"))


def test_every_value_comes_back(tmp_path: Path) -> None:
    """Tables, unknown columns, and the place of every row."""
    factory = with_places(everything(), PLACES)
    again = Workspace.create(tmp_path / "all", factory).factory()
    assert differences(factory, again) == []
    for name, table in factory.tables.items():
        assert again.table(name).frame.equals(table.frame), name
        assert again.table(name).sources == table.sources
    assert again.orders.extra is not None
    assert again.orders.extra.equals(factory.orders.extra)
    assert again.orders.place(2, "order") == "orders!B7"


def test_faults_and_assumptions_come_back(tmp_path: Path) -> None:
    """With their harm and their lists of names."""
    fault = Fault(
        level="error", rule="not_a_number", table="orders", where="orders!D4", message='"zehn" is not a number',
        cure="write digits", row=4, materials=("A",), order_names=("O1", "O2"), orders=2, days=0.5,
    )  # fmt: skip
    factory = Factory.from_tables({}, [fault], ["No people: crews are not planned."])
    again = Workspace.create(tmp_path / "faulty", factory).factory()
    assert again.faults == (fault,)
    assert again.assumptions == ("No people: crews are not planned.",)


def test_the_cover_says_what_is_inside(tmp_path: Path) -> None:
    """Name, zone, currency, version, and the original files with their hashes and reader."""
    book = write_new(tmp_path / "new", "batch")
    files = source_files([book], options={"zone": 'a "b"\\c'})
    Workspace.create(tmp_path / "shop", new_factory("batch"), files)
    text = (tmp_path / "shop" / "linewright.toml").read_text(encoding="utf-8")
    for line in (
        'name = "Heat and paint shop"',
        'timezone = "Europe/Berlin"',
        'currency = "EUR"',
        f"schema = {VERSION}",
    ):
        assert line in text
    assert files[0].sha256 in text
    assert 'reader = "workbook"' in text
    assert Workspace(tmp_path / "shop").sources() == tuple(files)


def test_a_workspace_is_read_like_any_other_source(tmp_path: Path) -> None:
    """Through the common door, and through the reader when it is joined with other files."""
    factory = with_places(everything(rows=20), PLACES)
    Workspace.create(tmp_path / "all", factory)
    assert differences(factory, read(tmp_path / "all")) == []
    again = assemble(WorkspaceReader().read([tmp_path / "all"], {}))
    assert differences(factory, again) == []
    assert again.orders.place(2, "order") == "orders!B7"
    assert not WorkspaceReader().recognises([tmp_path])


def test_reading_a_workspace_does_not_tell_its_faults_twice(tmp_path: Path) -> None:
    """What was found when the files were opened is told once, each time."""
    (tmp_path / "plant").mkdir()
    (tmp_path / "plant" / "machines.csv").write_text("machine\nM1\n")
    (tmp_path / "plant" / "operations.csv").write_text(
        "material,step,machine,run_minutes\nA,10,M1,zehn\nA,20,M2,1\nA,30,M1,1\n"
    )
    (tmp_path / "plant" / "orders.csv").write_text("order,material,quantity,due\nO1,A,1,46083\n")
    factory = read(tmp_path / "plant")
    assert {fault.level for fault in factory.faults} >= {"error", "note"}
    Workspace.create(tmp_path / "shop", factory)
    assert read(tmp_path / "shop").faults == factory.faults


def test_an_update_changes_what_changed_and_keeps_results(shop: Workspace) -> None:
    """Other tables are not written again, and the cover follows."""
    key = shop.save_result("plan", b"bytes", ORIGIN)
    factory = shop.factory()
    renamed = factory.settings
    changed = factory.with_tables(settings=Table.of("settings", [{"name": "New name", "timezone": renamed.timezone}]))
    shop.update(changed)
    assert differences(shop.factory(), changed) == []
    assert shop.result(key) == b"bytes"
    assert 'name = "New name"' in (shop.folder / "linewright.toml").read_text(encoding="utf-8")


def test_results_are_named_by_their_content(shop: Workspace) -> None:
    """The same content is kept once; the list is newest first and can be of one kind."""
    first = shop.save_result("plan", b"one", ORIGIN, made_at=NOON)
    other = shop.save_result("run", b"one", {"made_by": "twin"}, made_at=NOON.replace(hour=13))
    assert first != other
    assert shop.save_result("plan", b"one", ORIGIN, made_at=NOON.replace(hour=14)) == first
    assert [(kept.hash, kept.made_at.hour, kept.size_bytes) for kept in shop.results()] == [
        (first, 14, 3),
        (other, 13, 3),
    ]
    assert [kept.kind for kept in shop.results("run")] == ["run"]
    assert shop.results()[0].origin["options"] == {"rounds": 5}
    with pytest.raises(SourceError, match="is not kept in this workspace"):
        shop.result("0" * 64)


def test_a_newer_workspace_is_refused(shop: Workspace) -> None:
    """Both by its cover and, when that was edited, by its tables."""
    cover = shop.folder / "linewright.toml"
    text = cover.read_text(encoding="utf-8")
    cover.write_text(text.replace(f"schema = {VERSION}", f"schema = {VERSION + 1}"), encoding="utf-8")
    with pytest.raises(SourceError, match=r"made by a newer linewright.*update linewright"):
        Workspace(shop.folder)
    cover.write_text(text, encoding="utf-8")
    with shop.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE about SET value = '{VERSION + 1}'")
    with pytest.raises(SourceError, match=r"made by a newer linewright"):
        Workspace(shop.folder)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("linewright.toml", b"name = ", "cannot be read"),
        ("linewright.toml", b"name = 'x'", "is not a number"),
        ("linewright.db", b"not a database, but long enough to be taken for one " * 100, "it is damaged"),
        ("linewright.db", None, "is missing"),
    ],
)
def test_a_damaged_workspace_is_refused_with_a_cure(
    shop: Workspace, name: str, content: bytes | None, problem: str
) -> None:
    """Each part that is missing or spoilt has its own sentence."""
    if content is None:
        (shop.folder / name).unlink()
    else:
        (shop.folder / name).write_bytes(content)
    with pytest.raises(SourceError, match=problem):
        Workspace(shop.folder)


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    """The error says how to make one."""
    with pytest.raises(SourceError, match=r"is not a workspace.*linewright open"):
        Workspace(tmp_path)


def test_creation_overwrites_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    """Neither when something is there, nor when it fails half-way."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "notes.txt").write_text("mine")
    with pytest.raises(SourceError, match="is there already"):
        Workspace.create(tmp_path / "shop", new_factory("empty"))
    broken = new_factory("empty").with_tables(orders=None)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        Workspace.create(tmp_path / "other", broken)
    assert [path.name for path in tmp_path.rglob("*")] == ["shop", "notes.txt"]


def test_two_who_write_at_once_take_turns(shop: Workspace) -> None:
    """A second door to the same folder sees what the first one kept."""
    other = Workspace(shop.folder)
    keys = [door.save_result("run", bytes([number]), {}) for number, door in enumerate((shop, other, shop))]
    assert {kept.hash for kept in other.results()} == set(keys)


WRITER = """
import sys
from pathlib import Path
import polars as pl
from linewright.io.workspace import Workspace
from linewright.model.table import Table

space = Workspace(Path(sys.argv[1]))
factory = space.factory()
for number in range(1, 100_000):
    orders = factory.orders.frame.with_columns(quantity=pl.lit(float(number)))
    stock = factory.stock.frame.with_columns(quantity=pl.lit(float(number)))
    space.update(factory.with_tables(orders=Table.of("orders", orders), stock=Table.of("stock", stock)))
    space.save_result("plan", b"x" * 50_000 + str(number).encode(), {"number": number})
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_writer_leaves_the_workspace_whole(tmp_path: Path) -> None:
    """Killed at any moment of a loop of writes: all tables are of one round, and no round that was told is lost."""
    rows = [{"order": f"O{row}", "material": "A", "quantity": 0.5} for row in range(800)]
    stock = [{"material": "A", "quantity": 0.5, "lot": str(row)} for row in range(800)]
    shop = Workspace.create(tmp_path / "shop", Factory.of(orders=rows, stock=stock))
    for moment in (0.0, 0.02, 0.05):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(shop.folder)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        told = int(writer.stdout.readline())
        time.sleep(moment)
        writer.send_signal(signal.SIGKILL)
        told = max([told, *(int(line) for line in writer.communicate()[0].splitlines() if line.strip())])
        assert_whole(Workspace(shop.folder), told)


def assert_whole(shop: Workspace, told: int) -> None:
    """All rows show one round, at least the last that was told, and results are readable."""
    assert shop.database.is_whole()
    factory = shop.factory()
    seen = pl.concat([factory.table(name).frame.get_column("quantity") for name in ("orders", "stock")])
    assert (len(seen), seen.n_unique()) == (1600, 1)
    assert seen[0] >= told
    assert told in [kept.origin["number"] for kept in shop.results()]
    assert all(len(shop.result(kept.hash)) > 50_000 for kept in shop.results()[:3])
    assert (shop.folder / "linewright.toml").read_text(encoding="utf-8").count("name = ") == 1
