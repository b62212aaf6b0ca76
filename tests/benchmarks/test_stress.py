"""The benchmark of the stress test: its peer is right, and its table is printed."""

import pytest
from click.testing import CliRunner

from benchmarks.stress.__main__ import main
from benchmarks.stress.naive import Flows
from linewright.supply.network.generate import generate
from linewright.supply.stress import stress


def test_the_peer_solves_the_same_problem():
    """Days and losses of the flow formulation equal ours on a small network."""
    network = generate(50, 3)
    flows, frame = Flows(network), stress(network, most_days=60.0).frame
    for node in range(0, 50, 9):
        row = frame.row(node, named=True)
        assert flows.survives(node, 60.0) == pytest.approx(row["survive_days"], rel=1e-6, abs=1e-6)
        assert flows.loss(node, row["recover_days"]) == pytest.approx(row["loss"], rel=1e-6, abs=1e-2)


def test_the_table_is_printed():
    """Each part of the benchmark has its line."""
    done = CliRunner().invoke(main, ["--nodes", "40", "--sample", "1", "--scenarios", "20"], catch_exceptions=False)
    lines = done.output.splitlines()
    assert len(lines) == 4
    assert all("CPU-s" in line for line in lines)
    assert "0 after" in lines[-1]
