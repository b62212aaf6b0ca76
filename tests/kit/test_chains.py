"""From a late order back to what it waited for."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from linewright.kit.chains import Chains
from linewright.model.results import JOB_COLUMNS, OPERATION_COLUMNS, ORDER_COLUMNS, PEGGING_COLUMNS
from tests.kit.sample_plan import START


def frame(columns, *rows):
    """A frame of some columns, the others empty."""
    blank = {pl.String: "", pl.Boolean: False}
    filled = [{name: row.get(name, blank.get(kind)) for name, kind in columns.items()} for row in rows]
    return pl.DataFrame(filled, schema=dict(columns))


@pytest.fixture
def chain(plan):
    """One order made by a job of two steps; the first waits for a machine and a bought part."""

    def make(waits_for="machine", name="M1", other="B/10", **changes):
        first = {"operation": "A/10", "job": "A", "step": 10, "machine": "M1", "setup_start": START, "start": START,
                 "end": START + timedelta(hours=1), "waits_for": waits_for, "waits_for_name": name,
                 "waits_for_operation": other}  # fmt: skip
        second = {**first, "operation": "A/20", "step": 20, "end": START + timedelta(hours=2),
                  "waits_for": "predecessor", "waits_for_name": "", "waits_for_operation": "A/10"}  # fmt: skip
        frames = {
            "operations": frame(OPERATION_COLUMNS, first, second),
            "jobs": frame(JOB_COLUMNS, {"job": "A", "order": "SO-1", "finish": START + timedelta(hours=2)}),
            "orders": frame(ORDER_COLUMNS, {"order": "SO-1", "kind": "order", "late_days": 1.0, "late_cost": 5.0}),
            "pegging": frame(
                PEGGING_COLUMNS,
                {"consumer_kind": "order", "consumer": "SO-1", "supply_kind": "job", "supply": "A"},
                {"consumer_kind": "job", "consumer": "A", "step": 10, "material": "STEEL", "supply_kind": "purchase",
                 "supply": "PO-7", "available": START},
            ),
        }  # fmt: skip
        return Chains(replace(plan, **(frames | changes)))

    return make


def test_the_cause_is_the_first_wait_that_is_not_the_orders_own_course(chain):
    """Waiting for one's own step before is normal; the machine before that is the cause."""
    cause = chain().cause("SO-1")
    assert cause.words == "A/10 waits for machine M1, busy with B/10"
    assert cause.thing == "machine M1"


def test_a_wait_for_bought_material_names_the_purchase_and_its_date(chain):
    """A buyer needs the number of the purchase."""
    cause = chain("material", "STEEL", "").cause("SO-1")
    assert cause.words == "A/10 waits for STEEL: purchase PO-7, there Mon 23 Mar 06:00"


def test_an_order_whose_steps_never_wait_is_promised_too_early(chain):
    """Nobody is to blame but the date."""
    assert "the date is too early" in chain("nothing", "", "").cause("SO-1").words


def test_an_order_that_is_only_bought_waits_for_its_purchase(chain):
    """It has no operation, so the supply that arrives last is the cause."""
    bought = frame(
        PEGGING_COLUMNS,
        {"consumer_kind": "order", "consumer": "SO-1", "supply_kind": "purchase", "supply": "PO-9", "available": START,
         "transit_days": 1.0},
    )  # fmt: skip
    chains = chain(pegging=bought)
    assert chains.last_operation("SO-1") == ""
    assert chains.cause("SO-1").words == "waits for purchase PO-9, there Tue 24 Mar 06:00"


def test_waits_that_run_in_a_circle_end(chain):
    """Following the waits back visits no operation twice."""
    chains = chain("machine", "M1", "A/20")
    assert [row["operation"] for row in chains.back("A/20")] == ["A/20", "A/10"]


def test_the_last_operation_of_each_order_ends_when_the_order_is_finished(plan):
    """In the sample nothing happens after the last operation."""
    chains = Chains(plan)
    ends = dict(plan.operations.select("operation", "end").iter_rows())
    for order, finish in plan.orders.drop_nulls("finish").select("order", "finish").iter_rows():
        assert ends[chains.last_operation(order)] == finish
