"""Chains say what is wrong with them, and are read from the public layout."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.errors import ModelError, SourceError
from linewright.supply.buffers.chain import Chain
from linewright.supply.buffers.willems import read_willems

STAGES = (
    "stageName,stageCost,stageTime,stDevStageTime,avgDemand,stDevDemand,maxServiceTime,serviceLevel,"
    "StageTime_1_v,StageTime_1_p"
)


def test_a_circle_is_named_as_a_path():
    """Whoever reads the message sees which stages feed each other."""
    with pytest.raises(ModelError, match=r"circle: (a > b > c > a|b > c > a > b|c > a > b > c)"):
        Chain.of("abcd", [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")], lead_days=1, added_cost=1, demand_sd=1)


def test_wrong_numbers_and_names_are_all_named():
    """Negative times, unknown stages and doubled names each have a cure."""
    with pytest.raises(ModelError, match=r"a: its lead time is -1 .*\nb: its lead time is -2"):
        Chain.of("ab", [], lead_days=[-1, -2], added_cost=1, demand_sd=1)
    with pytest.raises(ModelError, match="an arc names z"):
        Chain.of("ab", [("a", "z")], lead_days=1, added_cost=1, demand_sd=1)
    with pytest.raises(ModelError, match="a is listed more than once"):
        Chain.of("aa", [], lead_days=1, added_cost=1, demand_sd=1)


def test_promises_limit_what_a_stage_may_quote():
    """A stage with customers of its own lets nobody wait longer than they do."""
    chain = Chain.of("ab", [("a", "b")], lead_days=[7, 2], added_cost=1, demand_sd=1, promised_days=[4, np.nan])
    assert [days.tolist() for days in chain.most_days] == [[0, 4], [4, 6]]


def test_the_public_layout_is_read(tmp_path):
    """Costs add up, the highest service level counts, blank demand is none, and distributions are optional."""
    stages, arcs = tmp_path / "stages.csv", tmp_path / "arcs.csv"
    rows = ["P,5,10,,,,,,8,0.5", "Q,1,4,,,,,,,", "R,2,3,0.5,10,4,1,0.975,,"]
    header = f"{STAGES},StageTime_2_v,StageTime_2_p"
    stages.write_text("\n".join([header, *(row + (",12,0.5" if row[0] == "P" else ",,") for row in rows)]))
    arcs.write_text("from,to\nP,R\nQ,R\n")
    chain = read_willems(stages, arcs)
    assert chain.value.tolist() == [5, 1, 8]
    assert chain.service_factor == pytest.approx(1.959964, rel=1e-6)
    assert chain.lead_days.tolist() == [[10], [4], [3]]
    uncertain = read_willems(stages, arcs, uncertain_lead_times=True)
    assert uncertain.lead_mean == pytest.approx([10, 4, 3])
    assert uncertain.lead_longest.tolist() == [12, 4, 4]
    assert uncertain.lead_share.sum(axis=1) == pytest.approx([1, 1, 1])


def test_a_missing_column_is_named(tmp_path):
    """A file of another kind is refused with the columns that it lacks."""
    stages = tmp_path / "stages.csv"
    stages.write_text("name\nP\n")
    with pytest.raises(SourceError, match="stageCost"):
        read_willems(stages, stages)


def test_an_untidy_file_is_the_same_chain(tmp_path):
    """Blanks around headings and names, semicolons, lines without content and further columns change nothing."""
    stages, arcs = tmp_path / "stages.csv", tmp_path / "arcs.csv"
    stages.write_text(
        "stageName,stageCost,stageTime,maxServiceTime,stDevDemand,serviceLevel\na,1,3,,,\nb,2,4,0,3,0.95\n"
    )
    arcs.write_text("from,to\na,b\n")
    tidy = read_willems(stages, arcs)
    stages.write_text(
        "stageName; stageCost ;stageTime;maxServiceTime;stDevDemand;serviceLevel;more\n a ;1;3;;;;x\n\n"
        "b;2; 4;0;3;0.95;\n;;;;;;\n\n"
    )
    arcs.write_text(" from ,to,\na, b,\n,,\n\n")
    untidy = read_willems(stages, arcs)
    assert untidy.names == tidy.names
    for part in ("lead_days", "added_cost", "demand_sd", "promised_days", "service_factor", "supplier", "units"):
        assert np.array_equal(getattr(untidy, part), getattr(tidy, part), equal_nan=True)
    stages.write_text("stageName,stageCost,stageTime,maxServiceTime,serviceLevel\n,1,3,0,0.9\n")
    with pytest.raises(ModelError, match="stageName: a row has none"):
        read_willems(stages, arcs)


def test_two_arcs_between_the_same_stages_are_one_demand():
    """One unit here and two there are three of the same demand, so that deviations add up and not their squares."""
    chain = Chain.of("ab", [("a", "b"), ("a", "b", 2.0)], lead_days=1, added_cost=1, demand_sd=[0, 5])
    assert chain.units.tolist() == [3.0]
    assert chain.sigma.tolist() == [15.0, 5.0]
    assert chain.value.tolist() == [1.0, 4.0]
    with pytest.raises(ModelError, match="no units"):
        Chain.of("ab", [("a", "b"), ("a", "b", -1.0)], lead_days=1, added_cost=1, demand_sd=1)
