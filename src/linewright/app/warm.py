"""`linewright warm`: pay for the compilers now, not with the first plan."""

from __future__ import annotations

import time

import click

from linewright.app.features import installed, load


@click.command(hidden=True)
def warm() -> None:
    """Compile every feature's kernels; the set-up runs this once."""
    for feature in installed():
        if feature.warm is None:
            continue
        click.echo(f"linewright: compiling {feature.title} (once; a minute or two) ...", err=True, nl=False)
        begun = time.perf_counter()
        load(feature.warm)()
        click.echo(f" {time.perf_counter() - begun:.0f} s", err=True)
