"""What is odd in AdventureWorks comes out as a fault, and what is damaged leaves the rest whole."""

from __future__ import annotations

import pytest

from linewright.errors import SourceError


def test_known_traps_of_the_source_are_told(factory):
    """Mixed units, markers of finished goods, missing stock, closed vendors and rejected purchases: one fault each."""
    counts = {fault.rule: fault.count for fault in factory.faults}
    assert counts["mixed_units"] == 44
    assert counts["no_assembly"] == 103
    assert counts["no_stock_row"] == 72
    assert counts["inactive_vendor"] == 4
    assert counts["rejected_purchase"] == 8


def test_known_traps_of_every_factory_are_told(factory):
    """90 made products lack a routing (one of them without work orders), one lacks a bill, 193 lines have expired."""
    rules = [fault.rule for fault in factory.faults]
    bare = {fault.value for fault in factory.faults if fault.rule == "made_without_steps"}
    assert len(bare) == 90
    assert next(fault.value for fault in factory.faults if fault.rule == "made_without_bill") == "FR-R92B-62"
    assert next(fault.count for fault in factory.faults if fault.rule == "line_expired") == 193
    assert rules[0] == "mixed_units"


def test_mixed_units_are_ranked_by_the_work_that_they_touch(factory):
    """28 components are bought in other units; what is made of them counts as harmed."""
    fault = next(fault for fault in factory.faults if fault.rule == "mixed_units")
    assert len(fault.materials) == 28
    assert fault.orders > 1_000
    assert fault.where == "ProductVendor.csv:2 (UnitMeasureCode)"


def test_units_with_a_known_factor_are_converted(factory):
    """Paint is bought in gallons and used in ounces, 128 of them; what a carton holds nobody knows."""
    black = next(row for row in factory.sources if row.material == "PA-187B")
    assert factory.materials["PA-187B"].unit == "OZ"
    assert black.min_quantity % 128 == 0
    told = next(text for text in factory.assumptions if "different units" in text)
    assert "12 EA in a DZ, 128 OZ in a GAL is known, for the other 18" in told


def test_offers_of_closed_vendors_are_left_out(factory):
    """Of 460 offers the 17 of inactive vendors are not taken."""
    assert len(factory.sources) == 443
    assert len(factory.suppliers) == 104


def test_a_damaged_cell_loses_its_row_only(changed):
    """A quantity that is no number is told with line and column; 2,998 work orders remain."""
    raw = changed("WorkOrder.csv.gz", "69505,780,1,1,", "69505,780,one,1,")
    fault = next(fault for fault in raw.faults if fault.rule == "not_readable")
    assert (fault.where, fault.value) == ("WorkOrder.csv:3 (OrderQty)", "one")
    assert next(table.frame.height for table in raw.tables if table.table == "work_orders") == 2_998


def test_a_routing_that_differs_between_work_orders_is_told(changed):
    """The most frequent hours win, and the product that is doubtful is named."""
    raw = changed("WorkOrderRouting.csv.gz", "2014-05-10,2014-05-16,4.1,", "2014-05-10,2014-05-16,5.5,")
    fault = next(fault for fault in raw.faults if fault.rule == "routing_not_unique")
    operations = next(table.frame for table in raw.tables if table.table == "operations")
    mine = operations.filter(material=fault.materials[0], work_center="Frame Forming")
    assert len(fault.materials) == 1
    assert mine["fixed_minutes"].to_list() == [246.0]


def test_a_missing_column_is_named(changed):
    """The file, its first line and the column are told."""
    with pytest.raises(SourceError, match=r"Product\.csv:1: has no column StandardCost"):
        changed("Product.csv", "StandardCost", "Cost")
