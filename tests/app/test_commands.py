"""The verbs that turn files into a factory, run as a user would, on real files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from linewright.app import exits

DATA = Path(__file__).parents[1] / "data"
MK01 = str(DATA / "classics" / "mk01.fjs")


@pytest.fixture(autouse=True)
def workplace(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def bad_shop(workplace):
    """A folder of CSV files in which one step runs on a machine that does not exist."""
    folder = workplace / "shop"
    folder.mkdir()
    (folder / "machines.csv").write_text("machine\nCNC-8\n")
    (folder / "operations.csv").write_text("material,step,machine,run_minutes\nbracket,10,CNC-9,5\nplate,10,CNC-8,5\n")
    (folder / "orders.csv").write_text("order,material,quantity\nO-1,bracket,4\nO-2,plate,4\n")
    return folder


def test_check_says_what_is_there_and_what_was_assumed(run):
    """A file without errors ends with code 0, its rows counted and its assumptions told."""
    code, out, _ = run("check", MK01)
    assert code == exits.OK
    assert "6 machines" in out
    assert "no calendars: all machines run round the clock" in out


def test_check_names_the_place_and_the_cure(run, bad_shop):
    """An error ends with code 1; its line has file, line number, value and the near miss."""
    code, out, _ = run("check", bad_shop)
    assert code == exits.FOUND
    told = " ".join(out.split())
    assert "operations.csv:2" in told
    assert "CNC-9" in told
    assert "did you mean CNC-8?" in told


def test_check_tells_machines_the_same(run, bad_shop):
    """--json holds every fault with its harm, and the exit code is the same."""
    code, out, _ = run("check", bad_shop, "--json")
    facts = json.loads(out)
    assert code == exits.FOUND
    assert facts["tables"]["machines"] == 1
    (fault,) = [fault for fault in facts["faults"] if fault["level"] == "error"]
    assert (fault["table"], fault["row"], fault["column"], fault["value"]) == ("operations", 2, "machine", "CNC-9")
    assert fault["orders"] == 1


def test_check_shows_twenty_faults_unless_asked_for_all(run, workplace):
    """A long list is cut, says how much is left, and can be had whole."""
    steps = "".join(f"part-{number},10,X{number},5\n" for number in range(30))
    (workplace / "operations.csv").write_text(f"material,step,machine,run_minutes\n{steps}")
    (workplace / "machines.csv").write_text("machine\nM1\n")
    short, whole = run("check", ".")[1], run("check", ".", "--all")[1]
    assert "more fault" in short
    assert "more fault" not in whole
    assert len(whole.splitlines()) > len(short.splitlines())


def test_check_writes_notes_into_a_copy(run, bad_shop):
    """The faulty cell of the user's workbook has a comment in the copy that was asked for."""
    from openpyxl import Workbook

    book = Workbook()
    for file in sorted(bad_shop.glob("*.csv")):
        sheet = book.create_sheet(file.stem)
        for line in file.read_text().splitlines():
            sheet.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.save("plant.xlsx")
    code, _, err = run("check", "plant.xlsx", "--notes", "noted.xlsx")
    assert code == exits.FOUND
    assert "Wrote noted.xlsx with notes on" in err
    assert "CNC-8" in load_workbook("noted.xlsx")["operations"]["C2"].comment.text


@pytest.mark.parametrize("words", [["shop", "--notes", "a.xlsx"], ["--notes", "a.xlsx"]])
def test_notes_need_one_workbook(run, bad_shop, words):
    """Asked for notes on anything else, the command says what it needs."""
    code, _, err = run("check", *words)
    assert code == exits.USAGE
    assert "--notes needs the one workbook to copy" in err


def test_a_missing_file_is_named(run):
    """A file that is not there ends with code 66 and the nearest name."""
    Path("orders.xlsx").touch()
    code, _, err = run("check", "order.xlsx")
    assert code == exits.SOURCE
    assert "order.xlsx: there is no such file" in err
    assert "did you mean orders.xlsx?" in err


def test_an_option_is_written_as_a_pair(run):
    """A reader's option without a value is refused with an example."""
    code, _, err = run("check", MK01, "--option", "start")
    assert code == exits.USAGE
    assert "for example start=2014-05-05" in err


@pytest.mark.parametrize(("target", "kind"), [("shop.xlsx", ()), ("shop", ()), ("columns", ("--to", "parquet"))])
def test_what_is_converted_reads_the_same(run, target, kind):
    """A factory written as workbook, CSV or Parquet has the same rows and faults when it is read again."""
    assert run("convert", MK01, target, *kind)[:2] == (exits.OK, f"Wrote {target}\n")
    before, after = (json.loads(run("check", name, "--json")[1]) for name in (MK01, target))
    assert after["tables"] == before["tables"]
    assert [fault["message"] for fault in after["faults"]] == [fault["message"] for fault in before["faults"]]


def test_convert_overwrites_nothing(run):
    """A target that exists is left alone."""
    Path("shop.xlsx").write_text("mine")
    code, _, err = run("convert", MK01, "shop.xlsx")
    assert code == exits.USAGE
    assert "exists already" in err
    assert Path("shop.xlsx").read_text() == "mine"


def test_convert_says_what_it_left_out(run, bad_shop):
    """Rows with errors do not pass silently."""
    code, _, err = run("convert", bad_shop.name, "good.xlsx")
    assert code == exits.OK
    assert err == "Left out: 1 row with errors. See: linewright check shop\n"


@pytest.mark.parametrize("template", ["job-shop", "batch", "empty"])
@pytest.mark.parametrize("form", [(), ("--csv",)])
def test_a_new_factory_has_no_faults(run, template, form):
    """What `new` writes is read without an error, as a workbook and as CSV files."""
    code, out, _ = run("new", "my plant", "--template", template, *form)
    assert code == exits.OK
    assert "linewright open 'my plant" in out
    written = out.splitlines()[0].removeprefix("Wrote ")
    code, told, _ = run("check", written, "--json")
    assert code == exits.OK
    assert json.loads(told)["faults"] == []


def test_new_takes_no_folder_that_is_in_use(run, workplace):
    """Nothing of the user's is overwritten."""
    run("new", "plant")
    code, _, err = run("new", "plant")
    assert code == exits.SOURCE
    assert "is there already" in err


def test_the_bracket_shop_of_the_examples_is_the_one_that_new_writes(run, workplace):
    """The example that the documentation plans is the job-shop template as CSV files."""
    run("new", "fresh", "--csv")
    kept = Path(__file__).parents[2] / "examples" / "bracket_shop"
    assert {file.name: file.read_text() for file in kept.iterdir()} == {
        file.name: file.read_text() for file in (workplace / "fresh").iterdir()
    }


def test_open_keeps_a_workspace_that_check_reads(run, workplace):
    """The folder is named after the factory, says where it came from, and holds the same rows and faults."""
    run("new", "plant")
    code, out, _ = run("open", "plant/factory.xlsx")
    assert code == exits.OK
    assert out.splitlines()[-1] == "Kept in bracket-shop. Next: linewright plan bracket-shop"
    assert "factory.xlsx" in (workplace / "bracket-shop" / "linewright.toml").read_text()
    kept, original = (json.loads(run("check", name, "--json")[1]) for name in ("bracket-shop", "plant/factory.xlsx"))
    assert kept == original


def test_open_shows_the_faults_and_keeps_the_rest(run, bad_shop):
    """A file with an error opens; what is wrong is shown, kept, and shown again by check."""
    code, out, _ = run("open", bad_shop, "--into", "kept")
    assert code == exits.OK
    assert "did you mean CNC-8?" in " ".join(out.split())
    code, told, _ = run("check", "kept", "--json")
    assert code == exits.FOUND
    assert json.loads(told)["tables"]["operations"] == 1


def test_opening_again_brings_the_workspace_up_to_date(run, bad_shop):
    """Repaired files are opened into the same workspace."""
    run("open", bad_shop, "--into", "kept")
    operations = bad_shop / "operations.csv"
    operations.write_text(operations.read_text().replace("CNC-9", "CNC-8"))
    code, out, _ = run("open", bad_shop, "--into", "kept", "--json")
    assert code == exits.OK
    assert json.loads(out)["workspace"] == "kept"
    assert run("check", "kept")[0] == exits.OK


def test_open_does_not_write_into_a_strange_folder(run, bad_shop, workplace):
    """A folder that holds something else is refused, and stays as it is."""
    (workplace / "mine").mkdir()
    (workplace / "mine" / "letter.txt").write_text("keep me")
    code, _, err = run("open", bad_shop, "--into", "mine")
    assert code == exits.SOURCE
    assert "is there already" in err
    assert [file.name for file in (workplace / "mine").iterdir()] == ["letter.txt"]
