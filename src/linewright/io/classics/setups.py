"""Setup matrices as rows of changeovers; pairs without setup time need no row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from linewright.io.classics.numerals import IntArray


def between_jobs(matrices: IntArray, machines: Sequence[str], jobs: Sequence[str]) -> pl.DataFrame:
    """Setups that depend on the machine and on the jobs before and after (machines × jobs × jobs, minutes)."""
    machine, before, after = np.nonzero(matrices)
    return pl.DataFrame(
        {
            "machine": pl.Series(machines, dtype=pl.String).gather(machine),
            "from_family": pl.Series(jobs, dtype=pl.String).gather(before),
            "to_family": pl.Series(jobs, dtype=pl.String).gather(after),
            "minutes": matrices[machine, before, after].astype(np.float64),
        }
    )


def between_operations(
    matrices: IntArray, machines: Sequence[str], operations: Sequence[str], eligible: IntArray
) -> pl.DataFrame:
    """Setups that depend on the operations before and after (machines × operations × operations, minutes).

    Only operations that a machine may do (`eligible`, machines × operations) can follow each other on it; the files
    fill the other cells with a large number.
    """
    possible = (eligible[:, :, None] > 0) & (eligible[:, None, :] > 0)
    return between_jobs(np.where(possible, matrices, 0), machines, operations)


def everywhere(matrix: IntArray, families: Sequence[str]) -> pl.DataFrame:
    """Setups between families that are the same on all machines (families × families, minutes)."""
    return between_jobs(matrix[None], [""], families).drop("machine")
