"""Find shifts of demand soon and seldom wrongly, and let history before a shift count less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from linewright.demand.batch.cleaning import LONGEST, LONGEST_SEASONS, cleaned
from linewright.demand.changes.endings import Endings
from linewright.demand.changes.ranks import normal_scores
from linewright.demand.changes.threshold import threshold_for
from linewright.demand.models.damped import damped_parameters, starts_of
from linewright.demand.models.panel import Flags, Floats, Ints, Panel
from linewright.demand.models.pool import INTERMITTENT_INTERVAL
from linewright.demand.models.seasons import seasons_of

#: Shifts of twice this many usual errors are found soonest (k of the cumulative sum).
ALLOWANCE = 1.0
#: Rare demand tells less in a period, so that smaller shifts are summed over more of them.
RARE_ALLOWANCE = 0.5
#: A single odd period counts no more than this many usual errors, which is not enough for an alarm.
LARGEST_SCORE = 3.0
#: The method is fitted to what was known so many periods ago, so that a new shift does not teach it.
GUARD = 6
#: Periods before a series is watched.
WARM_UP = 12
#: The usual error is known the worse, the shorter the series: it counts larger by this many n-ths.
SMALL_SAMPLE = 1.5
#: Scores are cut at so many robust ones before their standard deviation is taken.
CUT = 3.0
#: An alarm wrongly raised in so many years of one series.
YEARS_BETWEEN_FALSE_ALARMS = 170.0
#: Ranks of rare demand are steps and no normal scores, and runs of empty periods raise alarms of their own.
YEARS_BETWEEN_FALSE_RARE_ALARMS = 300.0
#: Runs of empty periods are an alarm of their own; it may be wrong in so many years of one series.
YEARS_BETWEEN_FALSE_ENDINGS = 340.0


@dataclass(frozen=True, eq=False)
class Changes:
    """The latest shift of each series.

    `raised` and `since` are periods before the end: 1 is the last period, 0 says that there was none. `shift` is the
    new level less the old one, `level` the old one, `error` the usual error one step ahead; all without the season and
    in the unit of the series. `alarms` counts all that were raised in the history, `watched` the periods watched.
    `ended` says that the latest shift was one to nothing, and that nothing has come since.
    """

    raised: Ints
    since: Ints
    shift: Floats
    level: Floats
    error: Floats
    alarms: Ints
    watched: Ints
    ended: Flags


def find_shifts(series: Sequence[Any], season: int, periods_per_year: float) -> Changes:
    """Find the latest shift of each series, as soon as it shows and with few false alarms.

    Parameters
    ----------
    series
        One array for each series, oldest value first, of any length; nan is a missing value.
    season
        Periods after which things repeat; 1 for none.
    periods_per_year
        12 for months, 52 for weeks: false alarms are counted by years.

    Returns
    -------
    Changes
        One entry for each series; those with fewer than eighteen periods are not watched.
    """
    values, _ = cleaned(series, season, max(LONGEST, LONGEST_SEASONS * season))
    if not values:
        empty, none = np.zeros(0), np.zeros(0, dtype=np.int64)
        return Changes(none, none, empty, empty, empty, none, none, none.astype(bool))
    panel = Panel.of([one if len(one) else np.zeros(1) for one in values], season)
    return find_changes(panel, periods_per_year)


def find_changes(panel: Panel, periods_per_year: float) -> Changes:
    """Watch every series from its beginning to its end with a two-sided cumulative sum (Page 1954).

    The scores are errors one step ahead of a damped trend without season, divided by their robust size; where a series
    is positive, by the expected value too. Rare demand is not normal: its scores are those of its ranks. After an alarm
    the level moves by the mean error since the sum left zero, and the sum begins anew. The threshold gives one false
    alarm in 170 series-years if scores are normal; usual errors that are only known nearly make it about a hundred.
    """
    count = len(panel.first)
    none, zero = np.zeros(count, dtype=np.int64), np.zeros(count)
    changes = Changes(none, none.copy(), zero, zero.copy(), zero.copy(), none.copy(), none.copy(), none > 0)
    chosen = np.flatnonzero(panel.lengths >= WARM_UP + GUARD)
    if len(chosen):
        rare, usual = (
            threshold_for(years * periods_per_year, allowance, LARGEST_SCORE)
            for years, allowance in (
                (YEARS_BETWEEN_FALSE_RARE_ALARMS, RARE_ALLOWANCE), (YEARS_BETWEEN_FALSE_ALARMS, ALLOWANCE)
            )
        )  # fmt: skip
        least_chance = 1 / (YEARS_BETWEEN_FALSE_ENDINGS * periods_per_year)
        _watch(panel.of_series(chosen), (rare, usual), least_chance, changes, chosen)
    return changes


def _watch(panel: Panel, thresholds: tuple[float, float], least_chance: float, changes: Changes, chosen: Ints) -> None:
    """Fit to what was known before the last periods, then walk through the whole history."""
    known = panel.before(GUARD)
    bare = seasons_of(known).later(GUARD).removed_from(panel)
    rare = _is_rare(panel)
    relative = (np.where(bare.there > 0, bare.values, 1.0).min(axis=0) > 0) & ~rare
    parameters = damped_parameters(bare.before(GUARD))
    calm = _Walk(bare, *parameters, relative)
    usual = _usual_size(bare, np.stack([calm.step(row)[1] for row in range(panel.periods)]), relative)
    ranks = normal_scores(panel) if rare.any() else np.zeros_like(panel.values)
    walk = _Walk(bare, *parameters, relative, LARGEST_SCORE * usual)
    sums = _Sums(bare, np.where(rare, RARE_ALLOWANCE, ALLOWANCE), np.where(rare, *thresholds))
    endings = Endings(panel, np.full(len(chosen), least_chance), WARM_UP)
    for row in range(panel.periods):
        expected, error = walk.step(row)
        alarm, shift, old = sums.take(row, expected, np.where(rare, ranks[row], error / usual))
        changes.watched[chosen] += panel.age[row] >= WARM_UP
        if len(alarm):
            places = chosen[alarm]
            changes.raised[places], changes.since[places] = panel.periods - row, sums.latest[alarm]
            changes.shift[places], changes.level[places] = shift, old
            changes.error[places] = usual[alarm] * np.where(relative[alarm], np.abs(old), 1.0)
            changes.alarms[places] += 1
            walk.go_on_from(alarm, old + shift)
        over = endings.take(row)
        if len(over):
            _note_endings(changes, chosen[over], panel.periods - row, endings.run[over], endings.level[over])
            walk.go_on_from(over, np.zeros(len(over)))
            sums.begin_anew(over)
    changes.ended[chosen] = endings.ended


def _is_rare(panel: Panel) -> Flags:
    """Whether demand is intermittent; empty periods at the end do not count, as they may be a shift."""
    newest = np.where(panel.values != 0, np.arange(panel.periods)[:, None], -1).max(axis=0)
    asked = (panel.values != 0).sum(axis=0)
    return (panel.values.min(axis=0) >= 0) & (asked * INTERMITTENT_INTERVAL < newest - panel.first + 1)


def _note_endings(changes: Changes, places: Ints, ago: int, run: Ints, old: Floats) -> None:
    """Write down that demand has ended; where the fall was seen already, that was the alarm."""
    since = ago + run - 1
    seen = (changes.raised[places] > 0) & (changes.raised[places] <= since) & (changes.shift[places] < 0)
    changes.alarms[places] += ~seen
    changes.raised[places] = np.where(seen, changes.raised[places], ago)
    changes.since[places] = since
    changes.level[places] = np.where(seen, changes.level[places], old)
    changes.shift[places] = -changes.level[places]


class _Walk:
    """A damped trend that passes through the history of all series at once; errors above `most` are cut for it."""

    def __init__(
        self, panel: Panel, alpha: Floats, beta: Floats, phi: Floats, relative: Flags, most: Floats | float = np.inf
    ) -> None:
        self.panel, self.alpha, self.beta, self.phi, self.relative = panel, alpha, beta, phi, relative
        self.most = most
        self.level, self.slope = np.zeros_like(alpha), np.zeros_like(alpha)
        self.starts, self.entries = starts_of(panel), set(panel.first.tolist())

    def step(self, row: int) -> tuple[Floats, Floats]:
        """What was expected for a period, and the error: as a share of what was expected where that makes sense."""
        if row in self.entries:
            begins = self.panel.first == row
            self.level[begins], self.slope[begins] = self.starts[:, begins]
        self.slope = self.phi * self.slope
        expected = self.level + self.slope
        unit = np.where(self.relative & (expected > 0), expected, 1.0)
        error = (self.panel.values[row] - expected) / unit
        # An error beyond all measure teaches no more than a large one (Gelper, Fried & Croux 2010): so a series that
        # learns fast does not take a shift for granted before it is seen, nor an odd period for a new level.
        learned = self.alpha * unit * np.clip(error, -self.most, self.most)
        self.level, self.slope = expected + learned, self.slope + self.beta * learned
        return expected, error

    def go_on_from(self, series: Ints, level: Floats) -> None:
        """Begin anew at another level, without trend."""
        self.level[series], self.slope[series] = level, 0.0


class _Sums:
    """The two cumulative sums of each series, for rises and for falls, and where each began to grow.

    `latest` is how many periods before the end the sum of the latest alarm began.
    """

    def __init__(self, panel: Panel, allowance: Floats, threshold: Floats) -> None:
        self.panel, self.allowance, self.threshold = panel, allowance, threshold
        count = len(allowance)
        self.sums, self.gaps, self.old = (np.zeros((2, count)) for _ in range(3))
        self.since, self.latest = np.zeros((2, count), dtype=np.int64), np.zeros(count, dtype=np.int64)
        self.sides = np.array([[1.0], [-1.0]])

    def begin_anew(self, series: Ints) -> None:
        """Forget what was summed for some series."""
        self.sums[:, series] = 0.0

    def take(self, row: int, expected: Floats, score: Floats) -> tuple[Ints, Floats, Floats]:
        """Add the score of a period; hand back the series that raise an alarm, their shifts and their old levels."""
        grown = self.sums + self.sides * np.clip(score, -LARGEST_SCORE, LARGEST_SCORE) - self.allowance
        runs = (grown > 0) & (self.panel.age[row] >= WARM_UP)
        begins = runs & (self.sums == 0)
        ago = self.panel.periods - row
        self.since[begins] = ago
        self.old = np.where(begins, expected, self.old)
        self.gaps = np.where(begins, 0.0, self.gaps) + (self.panel.values[row] - self.old) * runs
        self.sums = np.where(runs, grown, 0.0)
        over = self.sums > self.threshold
        alarm = np.flatnonzero(over.any(axis=0))
        side = np.where(over[0, alarm], 0, 1)
        since = self.since[side, alarm]
        self.latest[alarm] = since
        self.sums[:, alarm] = 0.0
        # The mean error since the sum began to grow is the estimate of the shift (Montgomery, section 9.1.3).
        return alarm, self.gaps[side, alarm] / (since - ago + 1), self.old[side, alarm]


def _usual_size(panel: Panel, scores: Floats, relative: Flags) -> Floats:
    """The usual score of each series, which a few shifts do not move, with its small number allowed for.

    Where more than half of the scores are alike, as with rare demand, the standard deviation is the better measure.
    """
    counted = np.where(panel.age >= 2, np.abs(scores), np.nan)
    number = (panel.age >= 2).sum(axis=0)
    plain = np.sqrt(np.nanmean(counted**2, axis=0))
    robust = 1.4826 * np.nanmedian(counted, axis=0)
    robust = np.where(robust > plain / 3, robust, plain)
    # Cut at a few medians, the standard deviation is nearly as robust and twice as exact.
    cut = np.minimum(counted, CUT * robust)
    size = np.sqrt(np.nanmean(cut**2, axis=0)) * (1 + SMALL_SAMPLE / number)
    return np.maximum(size, 1e-12 * np.where(relative, 1.0, np.maximum(np.abs(panel.values).max(axis=0), 1e-12)))
