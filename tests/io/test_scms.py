"""The delivery history of USAID's Supply Chain Management System."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import polars as pl
import pytest

from linewright.errors import SourceError
from linewright.io.scms import read_scms

HEADER = (
    "Fulfill Via,Vendor,PO / SO #,Item Description,Line Item Quantity,"
    "PO Sent to Vendor Date,Scheduled Delivery Date,Delivered to Client Date\n"
)


def history(folder, *lines):
    """A file with these lines."""
    path = folder / "history.csv"
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_each_way_of_writing_a_date_is_read(tmp_path):
    """Months as numbers or words, Sept with four letters, years with two digits or four; a day ends at midnight."""
    rows = read_scms(history(tmp_path, "Direct Drop,K,P-1,Kit,5,6/2/06,01-Sept-06,3-Oct-06"))
    assert rows.select("ordered", "promised", "received").row(0) == (
        datetime(2006, 6, 3, tzinfo=UTC), datetime(2006, 9, 2, tzinfo=UTC), datetime(2006, 10, 4, tzinfo=UTC)
    )  # fmt: skip
    rows = read_scms(history(tmp_path, "Direct Drop,K,P-1,Kit,5,12/14/2010,01-Jan-11,3-Jan-11"))
    assert rows["ordered"][0] == datetime(2010, 12, 15, tzinfo=UTC)


def test_only_lines_that_tell_a_lead_time_are_read(tmp_path):
    """From stock, without a date, or received before they were ordered: left out."""
    lines = (
        "From RDC,K,P-1,Kit,5,6/2/06,01-Sep-06,3-Oct-06",
        "Direct Drop,K,P-2,Kit,5,Date Not Captured,01-Sep-06,3-Oct-06",
        "Direct Drop,K,P-3,Kit,5,6/2/06,01-Sep-06,3-May-06",
        "Direct Drop,K,P-4,Kit,7,6/2/06,01-Sep-06,3-Oct-06",
    )
    rows = read_scms(history(tmp_path, *lines))
    assert rows["purchase"].to_list() == ["P-4"]
    assert rows["quantity"].to_list() == [7]


def test_a_file_of_something_else_is_refused(tmp_path):
    """The missing columns are named."""
    path = tmp_path / "other.csv"
    path.write_text("Vendor\nK\n", encoding="utf-8")
    with pytest.raises(SourceError, match="has no Fulfill Via, PO / SO #"):
        read_scms(path)
    with pytest.raises(SourceError, match="cannot be read"):
        read_scms(tmp_path / "nothing.csv")


def test_the_real_history_is_read(bench):
    """Thousands of shipments of dozens of vendors, each received after it was ordered."""
    rows = read_scms(bench("supply/scms/scms_delivery_history.csv.gz"))
    assert rows.height > 3000
    assert rows["supplier"].n_unique() > 40
    assert rows.select((pl.col("received") > pl.col("ordered")).all()).item()


def test_a_torn_file_is_an_error_with_its_name(tmp_path):
    """A compressed file that stops in the middle is refused in words."""
    whole = history(tmp_path, "Direct Drop,K,P-4,Kit,7,6/2/06,01-Sep-06,3-Oct-06").read_bytes()
    path = tmp_path / "torn.csv.gz"
    path.write_bytes(gzip.compress(whole)[:-20])
    with pytest.raises(SourceError, match=r"torn\.csv\.gz cannot be read"):
        read_scms(path)
