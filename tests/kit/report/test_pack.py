"""Packed columns."""

from datetime import timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from linewright.kit.report.pack import ALIGNMENT, pack
from tests.kit.report.unpacking import unpacked
from tests.kit.sample_plan import START

CELLS = st.fixed_dictionaries(
    {
        "text": st.text(st.characters(exclude_characters="\x1f", exclude_categories=["Cs"]), max_size=5),
        "count": st.none() | st.integers(-(2**31) + 1, 2**31 - 1),
        "large": st.integers(-(2**53), 2**53),
        "share": st.none() | st.floats(allow_nan=False),
        "flag": st.booleans(),
        "crew": st.lists(st.sampled_from(["Ana", "Bo", "Çem"]), max_size=3),
        "seconds": st.none() | st.integers(-(10**8), 10**8),
    }
)
SCHEMA = {"text": pl.String, "count": pl.Int64, "large": pl.Int64, "share": pl.Float64, "flag": pl.Boolean,
          "crew": pl.List(pl.String), "seconds": pl.Int64}  # fmt: skip


@given(st.lists(CELLS, max_size=30))
def test_what_is_packed_comes_out_exactly(rows):
    """Numbers to the last bit, text with every sign, blanks as blanks."""
    frame = pl.DataFrame(rows, schema=SCHEMA)
    instants = frame.with_columns(at=pl.lit(START) + pl.duration(seconds="seconds"))
    meta, frames = unpacked(pack({"a": 1}, {"one": instants}, START))
    assert meta == {"a": 1}
    assert frames["one"].pop("at") == frame["seconds"].to_list()
    assert frames["one"].pop("flag") == [int(flag) for flag in frame["flag"]]
    assert frames["one"] == frame.drop("flag").to_dict(as_series=False)


def test_instants_between_seconds_keep_their_fraction():
    """A due date at half a second is not rounded."""
    frame = pl.DataFrame({"at": [START + timedelta(milliseconds=1500)]})
    assert unpacked(pack({}, {"one": frame}, START))[1]["one"]["at"] == [1.5]


def test_columns_begin_where_a_browser_may_read_them():
    """Typed arrays must begin at multiples of their width, whatever the header's length."""
    for length in range(9):
        block = pack({"pad": "é" * length}, {"one": pl.DataFrame({"a": [True], "b": [1.5]})}, START)
        header = int.from_bytes(block[:4], "little")
        assert (4 + header) % ALIGNMENT == 0
        assert unpacked(block)[1]["one"] == {"a": [1], "b": [1.5]}
