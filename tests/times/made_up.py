"""A made-up shop whose true times are known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from linewright.model.factory import Factory

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
PEOPLE = ("Zoltan Quirke", "Yolanda Prewitt", "Xaver Ohlendorf", "Wanda Niemczyk", "Viktor Mbeki", "Ulla Lindqvist")
CENTERS = ("Turning", "Milling", "Grinding")


def shop(
    jobs: int = 66,
    *,
    spread: float = 0.4,
    seed: int = 2,
    moved: float = 1.0,
    moved_at: float = 0.5,
    exponent: float = 0.0,
    parts: int = 3,
    standard: float | None = None,
    skilled: float = 1.0,
) -> Factory:
    """A factory with parts of three steps each, and one report for each job at a step.

    The true time of a unit is log-normal around its own mean with a spread of the log; the file's standard is that mean
    (times `standard`). Turning of P-0 is `moved` times its mean after a share of the jobs, and follows a learning curve
    with an exponent. Work of people of skill level 2 takes `skilled` times as long.
    """
    chance = np.random.default_rng(seed)
    usual = {(part, place): 4.0 + 3.0 * place + 0.8 * part for part in range(parts) for place in range(3)}
    made = [0.0]
    actuals = []
    for number in range(jobs):
        part, units = int(chance.integers(parts)), float(chance.integers(5, 40))
        for place in range(3):
            minutes = usual[part, place] * np.exp(spread * chance.standard_normal() - spread**2 / 2)
            if part == 0 and place == 0:
                made.append(made[-1] + units)
                minutes *= moved if number >= moved_at * jobs else 1.0
                minutes *= (made[-1] - units / 2) ** exponent if exponent else 1.0
            person = PEOPLE[int(chance.integers(len(PEOPLE)))]
            minutes *= skilled if PEOPLE.index(person) >= 3 else 1.0
            begun = START + timedelta(hours=4 * number + place)
            actuals.append(
                {
                    "work_order": f"WO-{number}", "material": f"P-{part}", "step": 10 * (place + 1),
                    "machine": f"{CENTERS[place]} {number % 2 + 1}", "person": person, "kind": "run",
                    "start": begun, "end": begun + timedelta(minutes=minutes * units), "minutes": minutes * units,
                    "good": units, "scrap": 0.0,
                }
            )  # fmt: skip
    typed = 1.0 if standard is None else standard
    operations = [
        {
            "material": f"P-{part}", "step": 10 * (place + 1), "name": CENTERS[place], "work_center": CENTERS[place],
            "run_minutes": minutes * typed,
        }
        for (part, place), minutes in usual.items()
    ]  # fmt: skip
    return Factory.of(
        settings=[{"name": "Made-up shop", "start": START + timedelta(days=60)}],
        work_centers=[{"work_center": name, "cost_per_hour": 60.0} for name in CENTERS],
        machines=[{"machine": f"{name} {place}", "work_center": name} for name in CENTERS for place in (1, 2)],
        people=[{"person": name} for name in PEOPLE],
        skills=[{"person": name, "skill": "fitter", "level": 1 + (at >= 3)} for at, name in enumerate(PEOPLE)],
        materials=[{"material": f"P-{part}", "kind": "made"} for part in range(parts)],
        operations=operations,
        actuals=actuals,
    )


def with_reports(*rows: dict[str, object]) -> Factory:
    """A one-machine shop with just these reports."""
    common = {"work_order": "WO-1", "material": "P-1", "step": 10, "machine": "M1", "kind": "run"}
    return Factory.of(
        machines=[{"machine": "M1"}, {"machine": "M2"}],
        materials=[{"material": "P-1"}],
        operations=[{"material": "P-1", "step": 10, "name": "turning", "machine": "M1", "run_minutes": 5.0}],
        actuals=[{**common, **row} for row in rows],
    )
