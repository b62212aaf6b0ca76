"""The command line as a whole: finding verbs, telling errors, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import EntryPoint

import click
import pytest

from linewright.app import cli, exits, features
from linewright.errors import LinewrightError, ModelError, NoAnswer, SourceError, StaleResult
from linewright.kit.feature import Feature


@pytest.fixture
def verb(monkeypatch):
    """Give the command line one more verb, which does what the test says."""

    def add(name, do):
        command = click.command(name)(click.option("--json", "as_json", is_flag=True)(lambda as_json: do()))
        monkeypatch.setattr(cli, "OWN_COMMANDS", {**cli.OWN_COMMANDS, name: name})
        original = cli.load
        monkeypatch.setattr(cli, "load", lambda place: command if place == name else original(place))

    return add


def raising(error):
    """A verb that fails."""

    def do():
        raise error

    return do


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ModelError(["orders!F7: 'soon' is no date — write 2026-03-02"]), exits.DATA),
        (SourceError("orders.xlsx: cannot be opened"), exits.SOURCE),
        (NoAnswer("no plan", ["orders!A7"]), exits.NO_ANSWER),
        (StaleResult("orders have changed"), exits.STALE),
        (LinewrightError("something else"), exits.DATA),
    ],
)
def test_an_error_is_a_message_and_a_code(verb, capsys, error, code):
    """What goes wrong on purpose is told on the error stream, without a traceback."""
    verb("fail", raising(error))
    assert cli.run(["fail"]) == code
    told = capsys.readouterr()
    assert str(error) in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


def test_an_error_is_json_for_machines(verb, capsys):
    """With --json the same error is one object on the output."""
    verb("fail", raising(ModelError(["first", "second"])))
    assert cli.run(["fail", "--json"]) == exits.DATA
    assert json.loads(capsys.readouterr().out) == {
        "error": "ModelError",
        "exit_code": 65,
        "problems": ["first", "second"],
    }


def test_ctrl_c_is_a_sentence(verb, capsys):
    """An interruption ends with code 130 and one line."""
    verb("fail", raising(KeyboardInterrupt()))
    assert cli.run(["fail"]) == exits.INTERRUPTED
    assert capsys.readouterr().err.strip().startswith("Interrupted.")


def test_a_bug_says_that_it_is_one(verb, capsys):
    """Anything unexpected keeps its traceback and has a code of its own."""
    verb("fail", raising(ZeroDivisionError()))
    assert cli.run(["fail"]) == exits.BUG
    assert "This is a mistake in linewright" in capsys.readouterr().err


def test_a_full_disk_is_told(verb, capsys):
    """A file that cannot be written is named."""
    verb("fail", raising(OSError(28, "No space left on device", "plan.xlsx")))
    assert cli.run(["fail"]) == exits.OUTPUT
    assert capsys.readouterr().err == "linewright: No space left on device: plan.xlsx\n"


def test_a_number_is_the_exit_code(verb):
    """A verb that returns a number ends with it, others with 0."""
    verb("seven", lambda: 7)
    verb("nothing", lambda: None)
    assert cli.run(["seven"]) == 7
    assert cli.run(["nothing"]) == 0


def test_a_wrong_word_is_answered_with_the_nearest(capsys):
    """A mistyped verb ends with code 2 and a guess."""
    assert cli.run(["chekc"]) == exits.USAGE
    assert "There is no command chekc. Did you mean check?" in capsys.readouterr().err


def test_every_command_explains_itself(capsys):
    """Each verb has a help text that opens with a sentence."""
    context = click.Context(cli.linewright)
    for name in cli.linewright.list_commands(context):
        command = cli.linewright.get_command(context, name)
        assert command is not None, name
        assert (command.help or "").partition("\n\n")[0].endswith("."), name
        assert cli.run([name, "--help"]) == exits.OK
    assert "Usage: linewright" in capsys.readouterr().out


def test_every_exit_code_has_a_meaning():
    """The codes that commands use are those that are documented."""
    used = {value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}
    assert used == set(exits.MEANINGS)


def test_the_reader_of_the_output_may_leave():
    """`linewright --help | head -1` ends quietly."""
    script = f"{sys.executable} -m linewright --help | head -1"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("Usage: linewright")
    assert done.stderr == ""


def entry(name, value):
    """An entry point of the features' group."""
    return EntryPoint(name=name, value=value, group=features.GROUP)


def test_features_of_others_are_found(monkeypatch, tmp_path):
    """A third party's feature adds its verb in the same way as ours."""
    (tmp_path / "milling.py").write_text(
        "import click\n"
        "from linewright.kit.feature import Feature\n"
        "FEATURE = Feature(name='mill', title='milling', commands={'mill': 'milling:mill'})\n"
        "mill = click.command()(lambda: 5)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(features, "entry_points", lambda group: [entry("mill", "milling:FEATURE")])
    assert [feature.name for feature in features.installed()] == ["mill"]
    assert cli.run(["mill"]) == 5


def test_a_deleted_feature_is_not_mentioned(monkeypatch, capsys):
    """An entry point whose folder is gone is left out in silence."""
    monkeypatch.setattr(features, "entry_points", lambda group: [entry("gone", "linewright.gone.feature:FEATURE")])
    assert features.installed() == ()
    assert capsys.readouterr().err == ""


def test_a_broken_feature_is_named(monkeypatch, capsys, tmp_path):
    """A plug-in that fails to load is named on the error stream, and the others go on."""
    (tmp_path / "broken.py").write_text("import a_library_that_is_not_there\n")
    monkeypatch.syspath_prepend(tmp_path)
    found = [entry("broken", "broken:FEATURE"), entry("fine", "tests.app.test_cli:FINE")]
    monkeypatch.setattr(features, "entry_points", lambda group: found)
    assert [feature.name for feature in features.installed()] == ["fine"]
    assert "feature broken is left out" in capsys.readouterr().err


FINE = Feature(name="fine", title="a feature of this test")
