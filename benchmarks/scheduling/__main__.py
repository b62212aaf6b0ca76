"""The command: run families of instances, record the rows, and write the page and its figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.scheduling import peer
from benchmarks.scheduling.families import FAMILIES, OURS, PEER, ROOT, Instance, sample, shared_folder
from benchmarks.scheduling.figure import gap_figure
from benchmarks.scheduling.page import section, write_page
from benchmarks.scheduling.record import Record, Row
from benchmarks.scheduling.run import Budget, memory_gb, run_instance, warm_up
from benchmarks.scheduling.summary import gap_of, references_of

FIGURE = Path("benchmarks") / "scheduling.svg"


@click.command(epilog=f"Families: {', '.join(FAMILIES)}.")
@click.option("--families", default="bundled", show_default=True, help="Which, with commas between; all for every one.")
@click.option("--sample", "count", type=click.IntRange(min=1), help="At most so many of each family, evenly spread.")
@click.option("--seconds", default=10.0, show_default=True, help="CPU seconds of the busiest thread for each search.")
@click.option("--seed", default=0, show_default=True, help="Seed of both programs.")
@click.option("--peer/--no-peer", "with_peer", default=True, show_default=True, help="Run PyJobShop as well.")
@click.option("--add", is_flag=True, help="Keep what is recorded for this budget, and run only what is missing.")
@click.option("--page-only", is_flag=True, help="Run nothing; write the page of what is recorded.")
@click.option("--shared", type=click.Path(path_type=Path), help="Folder of the instances [default: LINEWRIGHT_BENCH].")
@click.option("--results", type=click.Path(path_type=Path), default=ROOT / "benchmarks" / "results" / "scheduling")
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "docs", help="Folder of benchmarks.md.")
@click.option("--memory", type=float, help="GB that a process may use [default: three quarters of the machine's].")
def main(  # noqa: PLR0913, PLR0917 - the options of the command
    families: str, count: int | None, seconds: float, seed: int, with_peer: bool, add: bool, page_only: bool,
    shared: Path | None, results: Path, out: Path, memory: float | None,
) -> None:  # fmt: skip
    """Run linewright beside PyJobShop on public instances, and write docs/benchmarks.md."""
    record, names = Record(results), chosen(families)
    if not page_only:
        budget = Budget(seconds=seconds, seed=seed, memory_gb=memory or 0.75 * memory_gb() or 16.0)
        with_peer = with_peer and told_of_the_peer()
        warm_up(budget)
        for family in names:
            instances = sample(FAMILIES[family].find(shared or shared_folder()), count)
            if not instances:
                click.echo(f"{family}: no instances there; name their folder with --shared or LINEWRIGHT_BENCH")
            run_family(family, instances, budget, record, with_peer=with_peer, add=add)
    write(record.rows(), out)


def told_of_the_peer() -> bool:
    """Whether the peer is here; how to get it is said otherwise."""
    if not peer.installed():
        click.echo(f"PyJobShop is not installed, so its columns stay as they are. To install it: {peer.INSTALL}")
    return peer.installed()


def chosen(families: str) -> list[str]:
    """The families that are named."""
    names = list(FAMILIES) if families == "all" else [name.strip() for name in families.split(",")]
    unknown = [name for name in names if name not in FAMILIES]
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)}: choose from {', '.join(FAMILIES)}", param_hint="--families")
    return names


def run_family(
    family: str, instances: Sequence[Instance], budget: Budget, record: Record, *, with_peer: bool, add: bool
) -> None:
    """Run every program of the family on the instances; each row is recorded and shown as soon as it is there."""
    programs = [program for program in FAMILIES[family].programs if program != PEER or with_peer]
    if instances and not add:
        earlier = record.rows_of(family)
        kept = [row for row in earlier if row.budget_seconds != budget.seconds or row.program not in programs]
        record.replace(family, kept)
    for instance in instances:
        known = [row for row in record.rows_of(family) if row.budget_seconds == budget.seconds]
        done = {row.program for row in known if (row.group, row.instance) == (instance.group, instance.name)}
        left = tuple(program for program in programs if program not in done)
        rows = run_instance(family, instance, left, budget) if left else []
        references = references_of(rows, FAMILIES[family].against)
        for row in rows:
            record.add(row)
            click.echo(told(row, references.get(f"{row.group}/{row.instance}")))


def told(row: Row, reference: float | None) -> str:
    """One line of the run."""
    gap = gap_of(row, reference)
    result = f"{row.value:12,.1f}" if row.planned and row.value is not None else f"{row.outcome:>12}"
    share = "" if gap is None else f"{100 * gap:+7.2f} %"
    bound = "" if row.bound is None else f"bound {row.bound:,.1f}"
    late = f"{row.late_orders} late" if row.late_orders else ""
    used = f"{row.seconds or 0:6.1f} s {row.peak_mb or 0:6,.0f} MB"
    name = f"{row.group} {row.instance}"[:34]
    return f"{name:34} {row.operations:7,} {row.program:10} {result} {share:9} {used}  {bound}  {late}".rstrip()


def write(rows: Sequence[Row], out: Path) -> None:
    """Write the figure and the section of the page."""
    if not any(row.program == OURS for row in rows):
        return
    (out / FIGURE).parent.mkdir(parents=True, exist_ok=True)
    (out / FIGURE).write_text(gap_figure(rows), encoding="utf-8")
    write_page(out / "benchmarks.md", section(rows, FIGURE.as_posix()))


if __name__ == "__main__":
    main()
