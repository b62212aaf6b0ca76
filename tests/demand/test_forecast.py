"""From a factory to a forecast."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose

from linewright import Factory, ModelError
from linewright.demand import forecast
from linewright.demand.periods import MONTH, WEEK, bucket_for
from linewright.model.forecast_results import ACCURACY_COLUMNS, FORECAST_COLUMNS, HISTORY_COLUMNS


def months(material, quantities, customer="", year=2021):
    """Rows of demand_history, one for each month."""
    return [
        {
            "material": material, "date": date(year + at // 12, at % 12 + 1, 1), "quantity": float(quantity),
            "customer": customer,
        }
        for at, quantity in enumerate(quantities)
    ]  # fmt: skip


def plant(rows, **tables):
    """A factory with demand and the materials that it names."""
    names = sorted({row["material"] for row in [*rows, *tables.get("orders", [])]})
    return Factory.of(materials=[{"material": name} for name in names], demand_history=rows, **tables)


@pytest.fixture(scope="module")
def seasonal():
    """Ten materials with five years of seasonal demand; that of P-3 rises by half in the last three months."""
    chance, rows = np.random.default_rng(5), []
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(60) / 12)
    for number in range(10):
        values = (100 + 20 * number) * season + 6 * chance.standard_normal(60)
        values[57:] *= 1.5 if number == 3 else 1.0
        rows += months(f"P-{number}", values)
    return plant(rows)


def test_a_forecast_has_every_material_and_period(seasonal):
    """Twelve months for each of ten materials, with the declared columns, and a repr that explains."""
    found = forecast(seasonal)
    assert found.frame.schema == pl.Schema(FORECAST_COLUMNS)
    assert found.history.schema == pl.Schema(HISTORY_COLUMNS)
    assert found.accuracy.schema == pl.Schema(ACCURACY_COLUMNS)
    assert found.frame.height == 10 * 12
    assert found.frame.get_column("date").unique().sort().to_list()[0] == date(2026, 1, 1)
    assert repr(found).startswith("Forecast of Factory: 10 materials, 12 months ahead, usual error ")
    assert "1 change of demand" in repr(found)
    assert "split conformal" in found.ranges
    peak = found.frame.filter(pl.col("material") == "P-7").sort("quantity").item(-1, "date")
    assert peak.month in {3, 4, 5}


def test_a_change_is_told_and_acted_upon(seasonal):
    """The alarm names material, size and month; the range is wider and the level higher than without the change."""
    found = forecast(seasonal)
    (alarm,) = found.alarms
    assert alarm.material == "P-3"
    assert alarm.since == date(2025, 10, 1)
    assert alarm.share == pytest.approx(0.5, abs=0.15)
    assert "Demand of P-3 rose by" in alarm.sentence
    assert "in October 2025" in alarm.sentence
    assert "ranges widened; history before October 2025 counts less" in alarm.sentence
    width = found.frame.group_by("material").agg(((pl.col("high_80") - pl.col("low_80")) / pl.col("quantity")).mean())
    assert width.sort("high_80").item(-1, "material") == "P-3"
    buffers = {row["material"]: row["standard_deviation"] for row in found.accuracy.iter_rows(named=True)}
    assert buffers["P-3"] > 2 * buffers["P-2"]
    mean = found.frame.filter(pl.col("material") == "P-3").get_column("quantity").mean()
    assert mean > 1.2 * 160


def test_the_same_factory_has_the_same_forecast(seasonal):
    """Nothing is random; and the origin says what was read."""
    one, two = forecast(seasonal, periods=3), forecast(seasonal, periods=3)
    assert one.frame.equals(two.frame)
    assert one.stale_because(seasonal) == []
    other = plant(months("P-0", range(30)))
    assert one.stale_because(other) == ["demand_history"]


def test_customers_add_up_to_their_material():
    """For each month the customers' forecasts sum to that of the material, and none is negative."""
    chance = np.random.default_rng(8)
    rows = [
        row
        for customer, size in (("A", 60), ("B", 30))
        for row in months("P", size + 5 * chance.standard_normal(36), customer)
    ]
    rows += months("P", [4.0, 0, 0], "seldom") + months("Q", 20 + chance.standard_normal(36), "A")
    found = forecast(plant(rows))
    parts = found.frame.filter((pl.col("material") == "P") & (pl.col("customer") != ""))
    assert set(parts.get_column("customer")) == {"A", "B", "(others)"}
    total = found.totals.filter(pl.col("material") == "P").get_column("quantity").to_numpy()
    summed = parts.group_by("date", maintain_order=True).agg(pl.col("quantity").sum()).get_column("quantity").to_numpy()
    assert_allclose(summed, total, rtol=1e-9)
    assert parts.get_column("low_95").min() >= 0
    assert found.frame.filter((pl.col("material") == "Q") & (pl.col("customer") != "")).height == 0
    assert forecast(plant(rows), customers=False).frame.get_column("customer").unique().to_list() == [""]


def test_odd_rows_are_named_and_the_rest_is_forecast():
    """Returns, doubles, missing numbers, future dates and short histories each have a sentence."""
    rows = months("P", [10, 12, 11, -50, 9, 10, 12, 11, 10, 9])
    rows += [{"material": "NEW", "date": date(2021, 9, 1), "quantity": 5.0}]
    rows += months("P", [10])
    rows += [{"material": "P", "date": date(2021, 2, 9), "quantity": float("nan")}]
    rows += [{"material": "P", "date": date(2031, 2, 1), "quantity": 1000.0}]
    found = forecast(plant(rows), now=datetime(2021, 11, 5, tzinfo=UTC), bucket="month")
    told = " ".join(found.assumptions)
    for words in (
        "without a usable quantity: 1 row", "1 row with a negative quantity", "alike but added up: 1 row;",
        "more came back than was asked for: 1 period.", "dated 2021-11-05 or later: 1 row of demand_history",
        "Fewer than four months of history: NEW",
    ):  # fmt: skip
        assert words in told
    assert found.totals.get_column("quantity").is_finite().all()
    assert found.totals.get_column("quantity").max() < 100


def test_months_without_demand_are_zeros():
    """Between the first demand and now nothing is skipped."""
    rows = months("P", [6, 0, 0, 6, 0, 0, 6])
    found = forecast(plant([row for row in rows if row["quantity"]]), now=datetime(2021, 9, 1, tzinfo=UTC))
    assert found.history.get_column("quantity").to_list() == [6, 0, 0, 6, 0, 0, 6, 0]


@pytest.mark.parametrize("quantity", [4.0, 0.0, -4.0])
def test_a_single_row_is_a_history(quantity):
    """Its period counts as over, as there is nothing else to learn from."""
    found = forecast(plant([{"material": "P", "date": date(2024, 5, 3), "quantity": quantity}]))
    assert found.totals.get_column("quantity").to_list() == pytest.approx([max(quantity, 0.0)] * 13)
    assert repr(found)


def test_no_demand_is_an_error_with_a_cure():
    """Without history and orders, or with nothing before now."""
    with pytest.raises(ModelError, match="fill in demand_history"):
        forecast(plant([]))
    with pytest.raises(ModelError, match="choose a later moment"):
        forecast(plant(months("P", [1, 2, 3])), now=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="timezone-aware"):
        forecast(plant(months("P", [1, 2, 3])), now=datetime(2022, 1, 1))


def orders_plant():
    """A year and a half of orders: each month ten units are ordered before it begins, and ten on its tenth day."""
    rows, number = [], 0
    for month in range(19):
        begin = datetime(2024 + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        for ordered, due in ((begin - timedelta(days=5), 20), (begin + timedelta(days=9), 25)):
            number += 1
            rows.append({
                "order": f"O-{number}", "material": "P", "quantity": 10.0 if month < 18 else 16.0,
                "release": ordered, "due": begin + timedelta(days=due),
            })  # fmt: skip
    # What is ordered after the middle of the last month is not known yet.
    dropped = {"order": "X", "material": "P", "quantity": 99.0, "due": rows[0]["due"], "status": "canceled"}
    return plant([], orders=[*rows[:-1], dropped])


def test_orders_serve_where_there_is_no_history():
    """By their due dates, cancelled ones left out."""
    found = forecast(orders_plant(), now=datetime(2025, 7, 6, tzinfo=UTC), bucket="month")
    assert found.history.get_column("quantity").to_list() == [20.0] * 18
    assert "the table orders" in found.assumptions[0]


def test_orders_of_the_running_month_tell_about_the_whole():
    """By the sixth half of a month's orders are in: sixteen so far mean more than the forecast of twenty."""
    found = forecast(orders_plant(), now=datetime(2025, 7, 6, tzinfo=UTC), bucket="month")
    row = found.intake.row(0, named=True)
    assert row["date"] == date(2025, 7, 1)
    assert (row["ordered"], row["usual_share"]) == (16.0, pytest.approx(0.5))
    assert row["expected"] == pytest.approx(0.5 * 32 + 0.5 * (16 + 0.5 * row["forecast"]))


def test_orders_consume_the_forecast():
    """What is ordered is no longer open; the net table has the rest."""
    found = forecast(orders_plant(), now=datetime(2025, 7, 6, tzinfo=UTC), bucket="month", periods=3)
    row = found.consumption.row(0, named=True)
    assert row["open"] == pytest.approx(row["expected"] - 16.0)
    net, gross = found.as_table(net=True), found.as_table()
    assert len(net) == len(gross) == 3
    assert net.column("quantity")[0] == pytest.approx(row["open"])
    assert_allclose(net.column("quantity")[1:], gross.column("quantity")[1:])


def test_the_table_is_the_factorys_own(seasonal):
    """The rows can be put into the factory, to plan from."""
    found = forecast(seasonal, periods=2)
    assert len(seasonal.with_tables(forecast=found.as_table()).forecast) == 20


def test_weeks_are_counted_from_monday_and_months_by_the_calendar():
    """Numbers of periods and their first days are each other's inverse."""
    for bucket in (MONTH, WEEK):
        for day in (date(2024, 2, 29), date(2025, 12, 31), date(1969, 12, 30)):
            start = bucket.start(bucket.number_of(day))
            assert start <= day < bucket.start(bucket.number_of(day) + 1)
            assert pl.select(bucket.number(pl.lit(day))).item() == bucket.number_of(day)


@pytest.mark.parametrize(
    ("every", "days", "lumps", "name"),
    [(1, 700, 1, "week"), (40, 900, 1, "month"), (30, 200, 1, "week"), (1, 700, 30, "month")],
)
def test_the_history_decides_between_weeks_and_months(every, days, lumps, name):
    """Steady or short histories are counted by week, rare and lumpy demand by month."""
    rows = pl.DataFrame(
        [{"material": "P", "date": date(2023, 1, 2) + timedelta(days=at), "quantity": lumps if at % 28 == 0 else 1.0}
         for at in range(0, days, every)],
        schema_overrides={"quantity": pl.Float64},
    )  # fmt: skip
    assert bucket_for(rows)[0].name == name


def test_the_real_sales_of_adventureworks_are_forecast(bench):
    """266 materials of real sales orders, their customers adding up."""
    from linewright import read

    found = forecast(read(bench("plants/adventureworks"), options={"sales": "yes"}))
    assert found.totals.get_column("material").n_unique() == 266
    parts = found.frame.filter(pl.col("customer") != "").group_by("material", "date").agg(pl.col("quantity").sum())
    both = parts.join(found.totals, on=["material", "date"])
    assert_allclose(both.get_column("quantity"), both.get_column("quantity_right"), rtol=1e-9, atol=1e-9)
    assert found.error_share < 0.7


def test_a_history_that_ends_early_is_told():
    """Months without demand of any material may be months that nobody has written down yet: they are no alarm."""
    rows = [row for name in "PQR" for row in months(name, [50, 60, 70, 50, 60, 70] * 5)]
    late = forecast(plant(rows), now=datetime(2023, 11, 10, tzinfo=UTC))
    assert any("recorded in the last 4 months" in note for note in late.assumptions)
    assert not late.alarms
    assert set(late.totals.get_column("method")) != {"ended"}
    for now in (datetime(2023, 7, 1, tzinfo=UTC), datetime(2023, 7, 20, tzinfo=UTC)):
        assert not any("recorded in the last" in note for note in forecast(plant(rows), now=now).assumptions)
    alone = forecast(plant(rows[:30]), now=datetime(2023, 11, 10, tzinfo=UTC))
    assert [alarm.share for alarm in alone.alarms] == [-1.0]
