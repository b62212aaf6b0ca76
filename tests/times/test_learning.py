"""True times of a made-up shop: what is learned, what differs, since when, and what is taken over."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

import numpy as np
import polars as pl
import pytest

from linewright.errors import ModelError
from linewright.model.factory import Factory
from linewright.model.times_results import TIMES_COLUMNS
from linewright.times import as_scenario, evaluate, learn_times, own_times
from linewright.times.evaluation import EVALUATION_COLUMNS, Evaluation
from tests.times.made_up import PEOPLE, START, shop


@pytest.fixture(scope="module")
def moved():
    """A shop in which turning of P-0 takes twice as long since the middle, and its times."""
    factory = shop(66, moved=2.0, spread=0.25)
    return factory, learn_times(factory)


def test_a_time_that_moved_is_found_with_its_month_and_its_hours(moved):
    """The step is alarmed, in words, since about the right day; no other step is."""
    factory, times = moved
    assert times.differences["row"].to_list() == ["P-0/10"]
    row = times.differences.row(0, named=True)
    true_day = START + timedelta(hours=4 * 33)
    assert abs(row["since"] - true_day) < timedelta(days=7)
    assert row["run_minutes"] == pytest.approx(2.0 * 4.0, rel=0.2)
    assert row["p10"] < row["p50"] < row["p90"]
    assert row["hours_per_month"] > 0
    assert row["cost_per_month"] == pytest.approx(60 * row["hours_per_month"])
    sentence = times.alarms[0].sentence
    assert sentence.startswith("Turning of P-0 takes ")
    assert sentence.endswith("min a unit, the file says 4.0, since January 2026")
    assert times.stale_because(factory) == []
    assert "1 differ from their standard" in repr(times)


def test_right_standards_are_left_alone_and_wrong_ones_are_not():
    """With true standards nothing is alarmed; with standards of half everything with enough jobs is."""
    assert learn_times(shop(66)).differences.height == 0
    wrong = learn_times(shop(66, standard=0.5))
    assert wrong.differences.height == wrong.frame.filter(pl.col("enough") & (pl.col("machine") == "")).height == 9


def test_a_standard_between_the_usual_and_the_mean_time_is_no_alarm():
    """Times are skewed: whoever types in the median is as right as whoever types in the mean."""
    spread = 0.8
    median = float(np.exp(-(spread**2) / 2))
    assert learn_times(shop(66, spread=spread, standard=median)).differences.height == 0


def test_the_table_has_its_columns_and_true_figures(moved):
    """Means, variation and yields of steady steps are near what the shop was made with."""
    _, times = moved
    assert list(times.frame.columns) == list(TIMES_COLUMNS)
    steady = times.frame.filter((pl.col("machine") == "") & (pl.col("row") != "P-0/10"))
    ratio = (steady["run_minutes"] / steady["standard_minutes"]).to_numpy()
    assert abs(float(np.log(ratio).mean())) < 0.08
    assert steady["run_variation"].median() == pytest.approx(np.sqrt(np.expm1(0.25**2)), rel=0.3)
    assert steady["yield_share"].min() > 0.99
    assert steady["rework_share"].max() < 0.01
    assert steady["coverage"].is_between(0.5, 1.0).all()


def test_a_prediction_grows_with_quantity_and_answers_for_new_parts(moved):
    """Twice the units take more, not over twice; a part without reports gets a wider guess that says so."""
    factory, times = moved
    one, two = (times.predict("P-2", 20, quantity=units) for units in (10, 20))
    assert one.p50 < two.p50 <= 2.05 * one.p50
    assert one.sure
    assert one.p10 < one.p50 < one.p90
    steps = factory.operations.content.to_dicts()
    new = {**steps[0], "material": "P-new", "step": 10}
    richer = Factory.of(
        **{name: table.content for name, table in factory.tables.items() if len(table) and name != "operations"},
        operations=[*steps, new],
    )
    guess = learn_times(richer).predict("P-new", 10, machine="Turning 2", quantity=10)
    known = times.predict("P-2", 10, machine="Turning 2", quantity=10)
    assert not guess.sure
    assert guess.jobs == 0
    assert guess.p90 / guess.p10 > known.p90 / known.p10
    assert 0.3 < guess.p50 / known.p50 < 3


def test_what_cannot_be_predicted_is_said(moved):
    """An unknown step, machine, and a quantity of nothing."""
    _, times = moved
    for words in ({"step": 99}, {"step": 10, "machine": "M-99"}, {"step": 10, "quantity": 0.0}):
        with pytest.raises(ModelError):
            times.predict("P-0", **words)
    with pytest.raises(ValueError, match="per is job or report"):
        times.predict("P-0", 10, per="year")


def test_accepted_rows_make_a_scenario(moved):
    """The planner's time of a usual job becomes the learned one; variation and error go along; others stay."""
    factory, times = moved
    scenario = as_scenario(times)
    changed = scenario.apply(factory)
    before, after = factory.operations.content, changed.operations.content
    other = (pl.col("material") != "P-0") | (pl.col("step") != 10)
    assert before.filter(other).equals(after.filter(other))
    step = after.filter(~other).row(0, named=True)
    row = times.frame.filter(pl.col("row") == "P-0/10").row(0, named=True)
    planned = step["fixed_minutes"] + step["run_minutes"] * ceil(row["quantity"])
    assert planned == pytest.approx(row["run_minutes"] * row["quantity"], rel=1e-3)
    assert step["run_variation"] == pytest.approx(row["run_variation"], abs=1e-4)
    assert step["time_error"] > 0
    assert scenario.edits[0].why.endswith("the file says 4.0")
    assert as_scenario(times, []).edits == ()


def test_a_quantile_is_planned_on_as_asked(moved):
    """P50 lies below the mean, and 0.9 above both; 0.9 is the table's own p90."""
    factory, times = moved
    found = {}
    row = times.frame.filter(pl.col("row") == "P-2/20").row(0, named=True)
    for quantile in ("p50", "mean", 0.9):
        step = as_scenario(times, ["P-2/20"], quantile=quantile).apply(factory).operations["P-2", 20]
        found[quantile] = (step.fixed_minutes + step.run_minutes * ceil(row["quantity"])) / row["quantity"]
    assert found["p50"] < found["mean"] < found[0.9]
    assert found[0.9] == pytest.approx(row["p90"], rel=1e-3)
    with pytest.raises(ValueError, match="between 0 and 1"):
        as_scenario(times, quantile=1.5)


def test_rows_with_too_few_jobs_are_named_and_not_taken_over():
    """Three runs are not enough, and the message says so."""
    factory = shop(12)
    times = learn_times(factory)
    few = times.too_few
    assert few.height > 0
    with pytest.raises(ModelError, match=r"runs?, not enough"):
        as_scenario(times, few["row"].to_list()[:1])
    with pytest.raises(ModelError, match="there is no row"):
        as_scenario(times, ["P-99/10"])


def test_too_few_jobs_are_refused():
    """Six jobs at a step teach nothing."""
    factory = shop(2)
    with pytest.raises(ModelError, match=r"6 jobs at a step .* not enough"):
        learn_times(factory)


def test_reports_after_a_moment_are_not_known_before_it(moved):
    """Learned up to the change, nothing has changed; a report that ends later is not seen."""
    factory, _ = moved
    early = learn_times(factory, until=START + timedelta(hours=4 * 33))
    assert early.differences.height == 0
    late = learn_times(factory, since=START + timedelta(hours=4 * 33))
    assert 0 < early.frame["jobs"].sum() < late.frame["jobs"].sum() + early.frame["jobs"].sum() <= 2 * 198


def test_waiting_before_a_work_center_is_measured():
    """Each step begins an hour after the one before it began; what is left of the hour is waited."""
    times = learn_times(shop(66, spread=0.1))
    queue = times.queues.filter((pl.col("work_center") == "Milling") & (pl.col("material") == "")).row(0, named=True)
    assert queue["jobs"] == 66
    assert 0 <= queue["p10_hours"] <= queue["p50_hours"] <= queue["p90_hours"] <= 1


def test_levels_of_skill_are_learned_and_nobody_is_named():
    """People of level 2 take 0.7 times as long; groups of three are shown, smaller ones never."""
    factory = shop(66, skilled=0.7, spread=0.2)
    times = learn_times(factory)
    levels = {row["level"]: row for row in times.levels.iter_rows(named=True)}
    assert levels[2]["factor"] / levels[1]["factor"] == pytest.approx(0.7, abs=0.1)
    assert levels[2]["low"] < levels[2]["factor"] < levels[2]["high"]
    slow, quick = (times.predict("P-1", 10, quantity=10, person_level=level) for level in (1, 2))
    assert quick.p50 < slow.p50
    two = factory.with_tables(skills=factory.skills.of("skills", factory.skills.content.head(2)))
    assert learn_times(two).levels.height == 0


def test_a_level_needs_three_people_and_not_three_rows_of_one():
    """A person whose skill was renewed twice is one person, so her level is not shown."""
    from linewright.model.table import Table

    days = [START.date() + timedelta(days=number) for number in range(3)]
    rows = [{"person": PEOPLE[0], "skill": "fitter", "level": 1}]
    rows += [{"person": PEOPLE[5], "skill": "fitter", "level": 2, "since": day, "expires": day} for day in days]
    factory = shop(66, skilled=1.5).with_tables(skills=Table.of("skills", rows))
    assert learn_times(factory).levels.height == 0


def test_no_name_of_a_person_is_in_anything_that_is_learned():
    """Not in frames, sentences, faults or the model itself, which is searched as bytes."""
    import pickle

    factory = shop(66)
    times = learn_times(factory)
    kept = pickle.dumps((times, evaluate(factory, START + timedelta(hours=4 * 33)).frame))
    for name in PEOPLE:
        assert name.encode() not in kept


def test_ones_own_times_are_shown_only_where_settings_allow_it():
    """Off by default; when on, the frame has the person's own factor and no name at all."""
    factory = shop(66, skilled=0.7, spread=0.2)
    with pytest.raises(ModelError, match="own_times_only"):
        own_times(factory, for_person=PEOPLE[0])
    allowed = factory.with_settings(own_times_only=True)
    own = own_times(allowed, for_person=PEOPLE[5])
    assert own["factor"].max() < 1.0
    assert not any(name in str(own.to_dicts()) for name in PEOPLE)
    with pytest.raises(ModelError, match="not enough"):
        own_times(allowed, for_person="Nobody")


def test_the_honest_test_beats_the_usual_way_and_its_ranges_hold():
    """On steady made-up work ranges catch what they should; figures of all work centers add up."""
    found = evaluate(shop(132, spread=0.5), START + timedelta(hours=4 * 60))
    ours, erp = found.row(), found.row(method="total minutes / total units")
    assert ours["wape"] < erp["wape"] + 0.02
    assert 0.7 < ours["coverage"] < 0.9
    assert ours["records"] == sum(found.row(work_center=name)["records"] for name in ("Turning", "Milling", "Grinding"))
    assert "later reports" in repr(found)
    with pytest.raises(KeyError):
        found.row(work_center="Nowhere")


def test_a_test_sees_nothing_of_what_comes_later():
    """Changing every later report leaves the forecasts as they were: only their errors change."""
    from linewright.times.evaluation import _forecasts
    from linewright.times.reports.aside import cleaned
    from linewright.times.reports.records import report_records

    records = report_records(cleaned(shop(66)).reports)
    past, came = records[:150], records[150:]
    doubled = came.with_columns(pl.col("minutes") * 2)
    points = [_forecasts(past, later, "report", 0)["point"].to_list() for later in (came, doubled)]
    assert points[0] == points[1]


def test_errors_over_several_splits_are_summed_before_they_are_divided():
    """A split with many minutes weighs by its minutes, not by its records."""
    frame = pl.DataFrame(
        [
            (START, "report", "linewright", False, "", 10, 0.5, 0.1, 0.8, 100.0),
            (START, "report", "linewright", False, "", 10, 0.1, 0.3, 0.6, 900.0),
        ],
        schema=EVALUATION_COLUMNS,
        orient="row",
    )
    row = Evaluation(factory_name="", frame=frame, seed=0).row()
    assert row["wape"] == pytest.approx((50 + 90) / 1000)
    assert (row["median_error"], row["coverage"]) == pytest.approx((0.2, 0.7))


def test_learning_anew_every_no_days_is_refused():
    """The message says what to give."""
    with pytest.raises(ModelError, match="above zero"):
        evaluate(shop(12), every_days=0)


def test_a_split_needs_a_time_zone_and_reports_on_both_sides():
    """What cannot be tested is said."""
    factory = shop(60)
    with pytest.raises(ValueError, match="time zone"):
        evaluate(factory, START.replace(tzinfo=None))
    with pytest.raises(ModelError, match="not enough to learn from"):
        evaluate(factory, START + timedelta(hours=1))
    with pytest.raises(ModelError, match="choose an earlier split"):
        evaluate(factory, START + timedelta(days=900))
