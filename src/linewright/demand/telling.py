"""Changes of demand in words."""

from __future__ import annotations

import numpy as np

from linewright.demand.changes.reaction import Reaction
from linewright.demand.changes.watch import Changes
from linewright.demand.history import History
from linewright.model.forecast_results import DemandAlarm

#: A level below this share of the shift is as good as none, so that no per cents are told.
SMALL_LEVEL = 0.05


def alarms_of(history: History, changes: Changes, reaction: Reaction) -> tuple[DemandAlarm, ...]:
    """The recent changes of materials, the largest first (as a share of the old level)."""
    totals = np.array([not customer for _, customer in history.keys])
    alarms = [_alarm(history, changes, place) for place in np.flatnonzero(reaction.changed & totals).tolist()]
    return tuple(sorted(alarms, key=lambda alarm: (-abs(alarm.share), alarm.material)))


def ended_long_ago(history: History, changes: Changes, reaction: Reaction) -> list[str]:
    """Materials whose demand ended so long ago that it is no news."""
    ended = changes.ended & ~reaction.changed
    return [material for (material, customer), old in zip(history.keys, ended, strict=True) if old and not customer]


def _alarm(history: History, changes: Changes, place: int) -> DemandAlarm:
    bucket, material = history.bucket, history.keys[place][0]
    since = bucket.start(history.begin - int(changes.since[place]))
    raised = bucket.start(history.begin - int(changes.raised[place]))
    shift, level = float(changes.shift[place]), float(changes.level[place])
    share = shift / level if level > SMALL_LEVEL * abs(shift) else float(np.sign(shift)) * np.inf
    # A fall by more than all there was is a fall to nothing.
    share = max(share, -1.0)
    if changes.ended[place]:
        sentence = f"Demand of {material} ended in {bucket.text(since)}"
        if raised != since:
            sentence += f" (seen in {bucket.text(raised)})"
        sentence += f"; {level:,.3g} a {bucket.name} until then, hardly anything is expected from now on."
        return DemandAlarm(
            material=material, since=since, raised=raised, share=-1.0, quantity=-level, sentence=sentence
        )  # fmt: skip
    verb = "rose" if shift > 0 else "fell"
    if np.isfinite(share):
        how = f"{verb} by {100 * abs(share):.0f} %"
    else:
        how = f"{verb} from about nothing to {level + shift:,.3g} a {bucket.name}"
    seen = "" if raised == since else f" (seen in {bucket.text(raised)})"
    sentence = (
        f"Demand of {material} {how} in {bucket.text(since)}{seen}; ranges widened; history before "
        f"{bucket.text(since)} counts less."
    )
    return DemandAlarm(material=material, since=since, raised=raised, share=share, quantity=shift, sentence=sentence)
