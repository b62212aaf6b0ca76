"""AdventureWorks as a factory."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from linewright.errors import SourceError
from linewright.io.adventureworks import AdventureWorksReader
from linewright.model.intake import assemble


def test_four_weeks_have_the_published_size(factory):
    """2,999 work orders of 171 products, 504 products and 2,576 lines of bills with an assembly."""
    assert len(factory.work_orders) == 2_999
    assert factory.work_orders.content["material"].n_unique() == 171
    assert (len(factory.materials), len(factory.components), len(factory.stock)) == (504, 2_576, 1_069)
    assert factory.operations.content["material"].n_unique() == 149


def test_no_row_of_the_example_is_lost(raw, factory):
    """The reader's rows all pass the checks of single rows and references."""
    counts: dict[str, int] = {}
    for table in raw.tables:
        counts[table.table] = counts.get(table.table, 0) + table.frame.height
    assert counts == {name: len(factory.table(name)) for name in counts}
    assert [fault for fault in factory.faults if fault.level == "error"] == []


def test_a_product_is_made_in_the_hours_of_its_locations(factory):
    """Hours are fixed: frame forming takes 4.1 hours, whatever the quantity."""
    forming = [row for row in factory.operations if row.work_center == "Frame Forming"]
    assert {(row.fixed_minutes, row.run_minutes) for row in forming} == {(246.0, 0.0)}


def test_a_work_order_lasts_from_its_start_day_to_the_end_of_its_due_day(factory):
    """Days are those of the plant on the west coast of America."""
    job = factory.work_orders["69504"]
    assert job.release == datetime(2014, 5, 5, 7, tzinfo=UTC)
    assert job.due == datetime(2014, 5, 17, 7, tzinfo=UTC)
    assert factory.settings.start == datetime(2014, 5, 5, 7, tzinfo=UTC)


def test_machines_are_inferred_from_the_load(factory):
    """Hours of work over hours available and a utilisation of 0.85, rounded up; the sentence tells the numbers."""
    machines = factory.machines.content.group_by("work_center").len()
    assert dict(machines.iter_rows()) == {
        "Frame Forming": 5, "Frame Welding": 3, "Debur and Polish": 1, "Paint": 1, "Specialized Paint": 1,
        "Subassembly": 9, "Final Assembly": 10,
    }  # fmt: skip
    told = next(text for text in factory.assumptions if "no machines" in text)
    assert "Subassembly 9 (890 h of work a week, 120 h available)" in told


def test_bills_keep_their_dates_and_stock_is_told_as_assumed(factory):
    """Lines that have expired (193, besides 6 markers of finished goods) keep the last day on which they counted."""
    assert factory.components.content["valid_to"].drop_nulls().len() == 193
    assert any("1,069 stock rows" in text and "2014-08-12" in text for text in factory.assumptions)


def test_only_purchases_of_the_period_are_on_their_way(factory):
    """Lines that were due before the window, ordered after it, or rejected are left out."""
    assert len(factory.purchases) == 1_023
    assert factory.purchases.content["due"].min() == datetime(2014, 5, 6, 7, tzinfo=UTC)


def test_sales_orders_come_on_request(root):
    """With sales=yes the sales lines of the period are orders, one row for each line."""
    options = {"start": "2014-05-05", "weeks": "4", "sales": "yes"}
    factory = assemble(AdventureWorksReader().read([root / "examples" / "adventureworks"], options))
    assert len(factory.orders) == 10_074
    assert factory.orders.content["order"][0].count("-") == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"start": "5 May 2014"}, "option start=5 May 2014: is not a date"),
        ({"start": "2014-05-05", "weeks": "some"}, "option weeks=some: is not a whole number"),
        ({"weeks": "4"}, "option weeks=4: needs start"),
        ({"start": "2014-05-05", "sales": "maybe"}, "option sales=maybe: is unknown"),
        ({"colour": "red"}, "option colour=red"),
    ],
)
def test_options_that_cannot_be_followed_are_refused(root, options, told):
    """Each message names the option, its value and how it is written."""
    with pytest.raises(SourceError, match=told):
        AdventureWorksReader().read([root / "examples" / "adventureworks"], options)


def test_a_folder_without_a_needed_table_is_not_recognised(root, tmp_path):
    """The reader wants its five main tables, and says which one is missing."""
    reader, folder = AdventureWorksReader(), root / "examples" / "adventureworks"
    assert reader.recognises([folder])
    some = [folder / "Product.csv", folder / "Location.csv"]
    assert not reader.recognises(some)
    with pytest.raises(SourceError, match=r"BillOfMaterials\.csv: is not there"):
        reader.read(some, {})


def test_the_example_equals_the_window_of_the_whole_set(bench, raw):
    """Trimming changed nothing that a plan of the four weeks reads."""
    whole = AdventureWorksReader().read([bench("plants/adventureworks")], {"start": "2014-05-05", "weeks": "4"})
    for mine, theirs in zip(raw.tables, whole.tables, strict=True):
        assert mine.table == theirs.table
        assert mine.frame.equals(theirs.frame), mine.table


def test_the_whole_set_is_read_in_five_seconds(bench):
    """All three years: 72,591 work orders, 67,131 reports and 121,317 sales lines."""
    begun = time.process_time()
    raw = AdventureWorksReader().read([bench("plants/adventureworks")], {})
    seconds = time.process_time() - begun
    counts = {table.table: table.frame.height for table in raw.tables}
    assert (counts["work_orders"], counts["actuals"], counts["orders"]) == (72_591, 67_131, 121_317)
    assert seconds < 5
