"""`linewright demo`: a factory, its plan and its report in one command."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from linewright.app.features import command_of

#: The bicycle maker of AdventureWorks, four weeks of its open work.
EXAMPLE = Path(__file__).parents[3] / "examples" / "adventureworks"
READING = ("--reader", "adventureworks", "--option", "start=2014-05-05", "--option", "weeks=4")


@click.command(short_help="Plan a bicycle factory and write its report.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default="linewright-demo",
    show_default=True,
    help="The folder for the report.",
)
@click.pass_context
def demo(context: click.Context, into: Path) -> None:
    """Plan four weeks of a bicycle factory, print the manager's page and write a report.

    Its 3,000 work orders come from AdventureWorks, a made-up but complete company with realistic mistakes in its data.
    """
    plan = command_of("plan")
    if plan is None:
        raise click.UsageError("The demo needs the plan feature, which is not installed.")
    if not EXAMPLE.is_dir():
        raise click.UsageError("The demo's factory is not part of an installed package; run ./lw demo in a checkout.")
    report = into / "report.html"
    words = [os.path.relpath(EXAMPLE), *READING, "--seed", "7", "--report", str(report)]
    click.echo(f"linewright plan {shlex.join(words)}", err=True)
    into.mkdir(parents=True, exist_ok=True)
    plan.main(args=words, prog_name="linewright plan", standalone_mode=False, parent=context.parent)
    click.echo(f"The report: {report.resolve().as_uri()}")
    click.echo("The same for your own files: linewright open FILES...   or begin with: linewright new my-plant")
