"""The benchmark of buffers prints what it proves."""

from __future__ import annotations

import sys

import numpy as np

from benchmarks import buffers
from linewright.supply.buffers.placement import place
from tests.supply.buffers.chains import random_chain


def test_the_table_names_what_is_proven(bench, monkeypatch, capsys):
    """Two small chains at their known optimum, once more as plain programmes."""
    monkeypatch.setenv("LINEWRIGHT_BENCH", str(bench("supply/willems").parents[1]))
    monkeypatch.setattr(sys, "argv", ["buffers", "1", "9", "--second"])
    buffers.main()
    told = capsys.readouterr().out
    assert "2 of 2 proven" in told
    assert "NO" not in told


def test_a_spanning_tree_has_no_circle():
    """It keeps every stage, has one arc less in each part, and elimination alone places it."""
    chain = random_chain(4, 15, 0.4, 5)
    tree = buffers.tree_of(chain)
    assert len(tree) == len(chain)
    assert tree.supplier.size < chain.supplier.size
    assert np.isnan(tree.promised_days[np.unique(tree.supplier)]).all()
    assert place(tree).method == "elimination"
