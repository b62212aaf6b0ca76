"""Whatever stands in the cells, intake ends, and says why each row that it leaves out is left out."""

from dataclasses import replace
from datetime import date, datetime, time

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linewright.model.records import SCHEMAS
from tests.model.raws import factory_of, raw

NASTY = st.sampled_from([
    "", " ", "0", "1", "-1", "1e400", "nan", "#N/A", "#REF!", "2026-02-30", "03/04/2026", "24:00", "yes", "ja",
    "mon-fri", "-", "10;20", "1.234,5", "A", "B", "46083", "2026-03-29 02:30",
    "2026-10-25 02:30", "\u00a0", "'", '"', "\x00", "🏭", "open",
])  # fmt: skip
TYPED = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1) | st.none(), min_size=3, max_size=3),
    st.lists(st.floats() | st.none(), min_size=3, max_size=3),
    st.lists(st.booleans() | st.none(), min_size=3, max_size=3),
    st.lists(st.dates(date(1, 1, 1), date(9999, 12, 31)) | st.none(), min_size=3, max_size=3),
    st.lists(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)) | st.none(), min_size=3, max_size=3),
    st.lists(st.times() | st.just(time(0)), min_size=3, max_size=3),
)
CELLS = st.lists(NASTY | st.text(max_size=6), min_size=3, max_size=3) | TYPED


@st.composite
def sheets(draw):
    """Three rows of anything for one table."""
    schema = SCHEMAS[draw(st.sampled_from(sorted(SCHEMAS)))]
    names = draw(st.lists(st.sampled_from([*schema.columns, "other"]), min_size=1, unique=True))
    names = list(dict.fromkeys([*(name for name in schema.columns if schema.columns[name].required), *names]))
    return raw(schema.table, {name: draw(CELLS) for name in names}, decimal_comma=draw(st.booleans()))


@given(tables=st.lists(sheets(), min_size=1, max_size=4), zone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Beirut"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_no_row_is_lost_without_a_word(tables, zone):
    """Rows are in the factory, or blank, or named by an error at their table; nothing makes intake stumble."""
    factory = factory_of(raw("settings", {"timezone": [zone]}), *tables)
    for name, table in factory.tables.items():
        given_rows = sum(filled(sheet.frame) for sheet in tables if sheet.table == name) + (name == "settings")
        told = sum(fault.count for fault in factory.faults if fault.table == name and fault.level == "error")
        assert len(table) <= given_rows
        assert given_rows - len(table) <= told
        assert all(fault.cure and fault.message and fault.where for fault in factory.faults)


def filled(frame):
    """How many rows hold something."""
    return sum(any(cell is not None and str(cell).strip() for cell in row) for row in frame.rows())


def test_columns_of_unusual_types_are_read():
    """Categories, decimals, durations and lists come from databases and Parquet; each is read or named."""
    frame = pl.DataFrame({
        "machine": pl.Series(["A", "B"], dtype=pl.Categorical),
        "speed": pl.Series(["1.5", "2"]).cast(pl.Decimal(10, 2)),
        "idle_kw": [[1], [2]], "off_kw": pl.Series([1, 2]).cast(pl.Duration("us")),
    })  # fmt: skip
    sheet = raw("machines", {"machine": ["x", "y"]})
    factory = factory_of(replace(sheet, frame=frame))
    assert {fault.column for fault in factory.faults} == {"idle_kw", "off_kw"}
    factory = factory_of(replace(sheet, frame=frame.select("machine", "speed")))
    assert factory.machines["A"].speed == 1.5
