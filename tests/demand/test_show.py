"""The door, the figure and the words of a forecast."""

import json
from xml.etree import ElementTree

import polars as pl
import pytest
from click.testing import CliRunner

from linewright import read
from linewright.demand import forecast
from linewright.demand.cli import forecast as command
from linewright.demand.feature import FEATURE
from linewright.demand.show.figure import _round_step, fan_chart
from linewright.demand.show.told import figure, forecast_sections
from tests.demand.test_forecast import orders_plant, seasonal

__all__ = ["seasonal"]


@pytest.fixture
def folder(tmp_path):
    """A factory of two files."""
    lines = ["material;date;quantity"]
    lines += [
        f"{name};{2022 + at // 12}-{at % 12 + 1:02d}-01;{size + at % 5}"
        for name, size in (("A", 50), ("B", 9))
        for at in range(40)
    ]
    (tmp_path / "demand_history.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "materials.csv").write_text("material\nA\nB\n", encoding="utf-8")
    return tmp_path


def test_the_command_prints_a_short_page(folder):
    """Title, table and what was taken for granted."""
    done = CliRunner().invoke(command, [str(folder)])
    assert done.exit_code == 0, done.output
    assert "2 materials, 12 months ahead" in done.output
    assert "80 % range" in done.output
    assert "Ranges: split conformal" in done.output.replace("\n", " ")


def test_machines_get_the_same_facts(folder):
    """JSON has every row and the name of the ranges."""
    done = CliRunner().invoke(command, [str(folder), "--json", "--periods", "3", "--ranges", "adaptive"])
    facts = json.loads(done.stdout)
    assert len(facts["forecast"]) == 6
    assert facts["bucket"] == "month"
    assert facts["ranges"].startswith("adaptive conformal")


def test_files_are_written_and_read_back(folder, tmp_path):
    """The workbook's forecast sheet is the factory's own table; CSV and JSON have all rows; the sheet opens alone."""
    targets = [tmp_path / name for name in ("out.xlsx", "out.csv", "out.json", "out.html")]
    options = [word for target in targets[:3] for word in ("--out", str(target))]
    done = CliRunner().invoke(command, [str(folder), *options, "--report", str(targets[3]), "--periods", "4"])
    assert done.exit_code == 0, done.output
    assert pl.read_excel(targets[0], sheet_name="forecast").height == 8
    assert pl.read_csv(targets[1]).height == 8
    assert len(json.loads(targets[2].read_text(encoding="utf-8"))["forecast"]) == 8
    assert "<svg" not in targets[3].read_text(encoding="utf-8")
    assert "data:image/svg+xml" in targets[3].read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["nowhere/out.csv", "out.pdf"])
def test_targets_that_cannot_be_written_are_refused_first(folder, target):
    """A wrong suffix or a missing folder is said before anything is read."""
    done = CliRunner().invoke(command, [str(folder), "--out", str(folder / target)])
    assert done.exit_code == 2


def test_a_folder_is_read_as_it_is(folder):
    """The Python verb gives the same numbers as the command."""
    done = CliRunner().invoke(command, [str(folder), "--json"])
    made = forecast(read(folder))
    assert json.loads(done.stdout)["forecast"][0]["quantity"] == pytest.approx(made.frame.item(0, "quantity"))


def test_the_fan_chart_shows_history_ranges_and_change(seasonal):
    """Two bands, two lines and the moved history; a dashed line where demand changed."""
    found = forecast(seasonal)
    changed, calm = (ElementTree.fromstring(fan_chart(found, name)) for name in ("P-3", "P-2"))
    shapes = {name: [len(list(root.iter(f"{{http://www.w3.org/2000/svg}}{name}"))) for root in (changed, calm)]
              for name in ("polygon", "polyline")}  # fmt: skip
    assert shapes == {"polygon": [2, 2], "polyline": [3, 2]}
    assert "change" in fan_chart(found, "P-3")
    with pytest.raises(KeyError, match="P-99"):
        fan_chart(found, "P-99")


def test_sections_tell_changes_before_tables(seasonal):
    """The change comes first, with its chart."""
    sections = forecast_sections(forecast(seasonal))
    assert sections[0].sentences[0].startswith("Demand of P-3 rose")
    assert sections[2].title == "P-3"
    assert sections[2].figure


def test_orders_so_far_are_told():
    """What is in, what is usual, what is expected."""
    from datetime import UTC, datetime

    made = forecast(orders_plant(), now=datetime(2025, 7, 6, tzinfo=UTC), bucket="month")
    told = forecast_sections(made)[1].sentences
    assert told[0].startswith("P: 16.0 ordered so far, usually 50 % of the month by now; ")


@pytest.mark.parametrize(("step", "rounded"), [(0.7, 1), (1.2, 2), (33, 50), (100, 100), (0.03, 0.05)])
def test_axes_have_round_steps(step, rounded):
    """One, two or five times a power of ten."""
    assert _round_step(step) == pytest.approx(rounded)


@pytest.mark.parametrize(("quantity", "text"), [(0.4231, "0.42"), (3.71, "3.7"), (1240.2, "1,240"), (0.0, "0")])
def test_quantities_have_as_many_digits_as_they_need(quantity, text):
    """Small ones two, large ones none after the point."""
    assert figure(quantity) == text


def test_the_feature_names_its_command_and_port():
    """The app finds both by name."""
    assert FEATURE.commands == {"forecast": "linewright.demand.cli:forecast"}
    assert FEATURE.provides["forecaster"].startswith("linewright.demand.forecasting")
