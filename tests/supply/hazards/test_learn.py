"""What deliveries that came teach."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from linewright.errors import ModelError
from linewright.io.scms import read_scms
from linewright.model.factory import Factory
from linewright.supply.hazards import learn_lead_days, learn_recovery
from linewright.supply.hazards.learn import silences

START = datetime(2026, 1, 1, tzinfo=UTC)


def receipts(rows):
    """Rows (supplier, ordered, promised, received) in days from the start."""
    return Factory.of(
        receipts=[
            {
                "supplier": supplier, "quantity": 1.0,
                "ordered": None if ordered is None else START + timedelta(ordered),
                "promised": None if promised is None else START + timedelta(promised),
                "received": START + timedelta(received),
            }
            for supplier, ordered, promised, received in rows
        ]
    ).receipts.content  # fmt: skip


def test_a_silence_begins_with_a_broken_promise():
    """Promised for day 10, nothing came until day 25: a stop of 15 days."""
    assert silences(np.array([5.0, 10.0]), np.array([5.0, 25.0]), np.zeros(0), -np.inf) == ([15.0], [])


def test_one_late_order_among_others_is_no_stop():
    """The supplier delivered all the while; only the time without any receipt counts."""
    promised, received = np.array([10.0, 12.0, 14.0]), np.array([30.0, 12.0, 14.0])
    assert silences(promised, received, np.zeros(0), -np.inf) == ([], [])


def test_what_never_came_goes_on_until_today():
    """Promised for day 20, still missing on day 33: a stop of 13 days so far."""
    ended, going_on = silences(np.array([5.0]), np.array([5.0]), np.array([20.0]), 33.0)
    assert (ended, going_on) == ([], [13.0])


def test_a_forgotten_order_does_not_make_every_gap_a_stop():
    """An order that was never closed counts for the gap in which it was promised, not for those after it."""
    times = np.arange(0.0, 100.0, 10)
    assert silences(times, times, np.array([43.0]), 95.0) == ([7.0], [])


def test_a_delivery_a_day_late_is_in_time():
    """Two days of grace."""
    assert silences(np.array([5.0, 10.0]), np.array([5.0, 12.0]), np.zeros(0), -np.inf) == ([], [])


def test_lead_times_come_back_from_made_up_deliveries():
    """Two suppliers of 10 and 40 days, and the many are believed more than the few."""
    random = np.random.default_rng(2)
    rows = [("quick", day, None, day + 10 * np.exp(0.3 * random.standard_normal())) for day in range(200)]
    rows += [("slow", day, None, day + 40 * np.exp(0.3 * random.standard_normal())) for day in range(200)]
    rows += [("new", 0, None, 90.0)]
    learned = learn_lead_days(receipts(rows))
    assert learned.of("quick").median_days == pytest.approx(10, rel=0.1)
    assert learned.of("slow").median_days == pytest.approx(40, rel=0.1)
    assert learned.of("slow").worst_days == pytest.approx(40 * np.exp(1.645 * 0.3), rel=0.12)
    assert learned.of("slow").sd_days == pytest.approx(40 * np.exp(0.045) * np.sqrt(np.expm1(0.09)), rel=0.25)
    assert learned.of("new").median_days < 90
    assert learned.of("nobody") == learned.usual


def test_lines_of_one_shipment_count_once():
    """Five lines that were ordered and came together say as much as one."""
    learned = learn_lead_days(receipts([("K", 0, 9, 10)] * 5 + [("K", 0, 9, 12)]))
    assert learned.of("K").deliveries == 2


def test_rows_without_an_order_date_are_counted_and_left_out():
    """And when no row is left, the cure is named."""
    learned = learn_lead_days(receipts([("K", 0, 9, 10), ("K", None, 9, 11), ("K", 20, 9, 12)]))
    assert learned.told == ("2 of the shipments have no order date before their receipt.",)
    with pytest.raises(ModelError, match="fill in the column ordered"):
        learn_lead_days(receipts([("K", None, 9, 11)]))
    with pytest.raises(ModelError, match="fill in the column promised"):
        learn_recovery(receipts([("K", 0, None, 11)]))


def test_stops_are_counted_by_the_year_and_few_are_drawn_to_the_usual():
    """A supplier that stops each quarter, one that never does, and one that has hardly been seen."""
    rows = [("bad", day, day + 5, day + 5 + (20 if day % 90 == 0 else 0)) for day in range(0, 1800, 30)]
    rows += [("good", day, day + 5, day + 5) for day in range(0, 1800, 30)]
    rows += [("new", 0, 5, 45)]
    learned = learn_recovery(receipts(rows))
    assert learned.of("bad").stops == 20
    assert learned.of("bad").stops_per_year == pytest.approx(4, abs=0.4)
    assert learned.of("bad").recovery.median_days == pytest.approx(20, rel=0.15)
    assert learned.of("good").stops_per_year < 0.4
    assert 20 < learned.of("new").recovery.median_days < 40
    assert learned.of("new").stops_per_year < 365.25 / 45


def test_open_purchases_make_the_recovery_longer():
    """A stop that goes on for 80 days already cannot be one of twenty."""
    rows = [("K", day, day + 5, day + 5 + (20 if day % 90 == 0 else 0)) for day in range(0, 400, 30)]
    now = START + timedelta(500)
    waiting = pl.DataFrame({"supplier": ["K"], "promised": [START + timedelta(420)]})
    open_stop = learn_recovery(receipts(rows), waiting, now).of("K")
    closed = learn_recovery(receipts(rows)).of("K")
    assert (open_stop.stops, open_stop.open_stops) == (closed.stops + 1, 1)
    assert open_stop.recovery.worst_days > closed.recovery.worst_days
    with pytest.raises(ValueError, match="the moment"):
        learn_recovery(receipts(rows), waiting)


def test_where_nobody_was_ever_late_nothing_is_made_up():
    """No stop, no time to recover, and a sentence that says so."""
    learned = learn_recovery(receipts([("K", 0, 9, 9), ("L", 0, 9, 9)]))
    assert learned.usual.stops_per_year == 0
    assert learned.of("K").recovery.median_days == 0
    assert "no time to recover can be learned" in learned.told[0]


def test_real_lead_times_hold_on_later_shipments(bench):
    """Learned on the first 70 % of the real shipments, 19 of 20 later ones are as quick as told, or a little quicker.

    Suppliers got a little quicker over the years; too many beyond the worst case would mean a spread that is too small.
    """
    rows = read_scms(bench("supply/scms/scms_delivery_history.csv.gz")).sort("received")
    split = rows["received"][int(rows.height * 0.7)]
    past = rows.filter(pl.col("received") <= split)
    later = rows.filter(pl.col("ordered") > split).unique(["supplier", "ordered", "promised", "received"])
    learned = learn_lead_days(past)
    days = (later["received"] - later["ordered"]).dt.total_seconds() / 86400
    worst = pl.Series([learned.of(name).worst_days for name in later["supplier"]])
    assert later.height > 100
    assert 0.93 <= (days <= worst).mean() <= 1.0


def test_real_deliveries_teach_stops(bench):
    """Suppliers of medicines fall silent for one to two weeks, between never and thrice a year."""
    learned = learn_recovery(read_scms(bench("supply/scms/scms_delivery_history.csv.gz")))
    assert len(learned.by_supplier) > 40
    assert 5 < learned.usual.recovery.median_days < 30
    assert all(0 <= silence.stops_per_year < 5 for silence in learned.by_supplier.values())


def test_a_first_stop_that_goes_on_is_not_over_at_once():
    """Silent for a hundred days, and never before: its recovery is not taken for nothing, and that is told."""
    rows = receipts([("A", 0, 5, 5), ("A", 10, 15, 15), ("B", 0, 5, 5)])
    overdue = pl.DataFrame({"supplier": ["A"], "promised": [START + timedelta(20)]})
    found = learn_recovery(rows, overdue, START + timedelta(120))
    assert found.of("A").open_stops == 1
    assert found.of("A").recovery.median_days == pytest.approx(100.0)
    assert found.of("A").recovery.worst_days > 100.0
    assert found.of("B").recovery.median_days == pytest.approx(100.0)
    assert "No stop of a supplier has ended yet" in found.told[0]
    calm = learn_recovery(rows)
    assert calm.of("A").recovery.median_days == 0.0
    assert "ever silent" in calm.told[0]
