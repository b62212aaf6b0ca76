"""The `linewright` command: verbs that a manager would say, each loaded when it is called."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import NoReturn

import click

from linewright import __version__
from linewright.app import exits
from linewright.app.features import installed, load, port
from linewright.errors import LinewrightError, ModelError

#: The verbs of the app itself, in the order of a first day; features add theirs.
OWN_COMMANDS = MappingProxyType(
    {
        "demo": "linewright.app.demo:demo",
        "new": "linewright.app.new:new",
        "open": "linewright.app.open_files:open_files",
        "check": "linewright.app.check:check",
        "convert": "linewright.app.convert:convert",
        "report": "linewright.app.report:report",
        "warm": "linewright.app.warm:warm",
    }
)


class Verbs(click.Group):
    """A group whose commands are found by name and loaded when they are needed."""

    def places(self) -> dict[str, str]:
        """Where each command stands; the app's own verbs win over a plug-in's of the same name."""
        found = {name: place for feature in installed() for name, place in feature.commands.items()}
        return {**OWN_COMMANDS, **{name: place for name, place in found.items() if name not in OWN_COMMANDS}}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order of a first day."""
        return list(self.places())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one verb, or None when there is none of that name."""
        place = OWN_COMMANDS.get(cmd_name) or self.places().get(cmd_name)
        if place is None:
            return None
        command = load(place)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that was typed, and name the nearest one when it does not exist."""
        word = args[0]
        if not word.startswith("-") and self.get_command(ctx, word) is None:
            near = get_close_matches(word, self.list_commands(ctx), n=1)
            hint = f" Did you mean {near[0]}?" if near else " linewright --help lists them."
            ctx.fail(f"There is no command {word}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="linewright %(version)s")
def linewright() -> None:
    """Run a factory from one model: from its files to a verified production plan."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command line and leave the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a sign gets a question mark, never an error in the middle of a result.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; nothing that goes wrong on purpose shows a traceback."""
    try:
        code = linewright.main(args=list(arguments), prog_name="linewright", standalone_mode=False, obj=port)
        sys.stdout.flush()
    except LinewrightError as error:
        return _tell(error, as_json="--json" in arguments)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted. There was no result yet, and nothing has changed.", err=True)
        return exits.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output, such as `head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.OK
    except OSError as error:
        click.echo(f"linewright: {error.strerror or error}: {error.filename or 'no file named'}", err=True)
        return exits.OUTPUT
    except Exception:
        # The last door: a bug is reported as one, with its own exit code.
        traceback.print_exc()
        click.echo("This is a mistake in linewright. Please report it with the lines above.", err=True)
        return exits.BUG
    return code if isinstance(code, int) else exits.OK


def _tell(error: LinewrightError, *, as_json: bool) -> int:
    code = exits.exit_code(error)
    if as_json:
        problems = error.problems if isinstance(error, ModelError) else (str(error),)
        click.echo(json.dumps({"error": type(error).__name__, "exit_code": code, "problems": problems}, indent=2))
    else:
        click.echo(f"linewright: {error}", err=True)
    return code
