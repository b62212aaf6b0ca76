"""References between tables: unknown names, and what falls with a row that is left out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from linewright.model.findings import Finding, Positions
from linewright.model.intake.drafts import Draft
from linewright.model.intake.suggestions import Suggester
from linewright.model.records import Reference

#: References that no plan needs: the row stays, without the name.
SOFT = frozenset({("orders", "customer"), ("purchases", "supplier"), ("sources", "lane"), ("customers", "site")})

Drafts = Mapping[str, Draft]


def mark_unknown(drafts: Drafts) -> None:
    """Find every reference to a name that no row has; a reference into an empty table is accepted."""
    for draft in drafts.values():
        told = np.zeros(draft.frame.height, dtype=bool)
        for reference in draft.schema.references:
            target = drafts[reference.table]
            if not draft.frame.height or not _readable(reference, target):
                continue
            missing = _absent(draft.frame, reference, target.frame) & ~told
            if missing.any():
                told |= missing
                _tell_unknown(draft, reference, np.flatnonzero(missing), target)


def drop_dependants(drafts: Drafts) -> None:
    """Leave out rows that refer to rows which were left out, until nothing changes."""
    before: dict[str, int] = {}
    while True:
        counts = {name: int(draft.alive.sum()) for name, draft in drafts.items()}
        changed = {name for name, count in counts.items() if count != before.get(name, drafts[name].frame.height)}
        if not changed:
            return
        before = counts
        for draft in drafts.values():
            for reference in draft.schema.references:
                if reference.table in changed and draft.frame.height:
                    _drop(draft, reference, drafts[reference.table])


def _readable(reference: Reference, target: Draft) -> bool:
    # Where the whole column of names is missing, that one fault says enough.
    return not any(target.frame.get_column(name).is_null().all() for name in reference.target_columns)


def _drop(draft: Draft, reference: Reference, target: Draft) -> None:
    lost = _absent(draft.frame, reference, target.living()) & draft.alive
    lost &= ~_absent(draft.frame, reference, target.frame)
    if not lost.any():
        return
    positions = np.flatnonzero(lost)
    names = _names(draft.frame, reference, positions)
    soft = (draft.schema.table, reference.columns[0]) in SOFT
    places = _places_of(target, reference)
    groups: dict[str, list[int]] = {}
    for position, name in zip(positions.tolist(), names, strict=True):
        groups.setdefault(name, []).append(position)
    for name, rows in groups.items():
        what = f"{_singular(reference)} {name}"
        draft.add(
            Finding(
                table=draft.schema.table,
                rule="consequence",
                level="warning" if soft else "error",
                column=reference.columns[-1],
                positions=np.array(rows, dtype=np.int64),
                values=[name],
                together=True,
                messages=[f"{what} was left out ({places.get(name, reference.table)}), and this row with it"],
                expected=f"a good row for {what}",
                cures=[f"correct {places.get(name, reference.table)}; then this counts again"],
                blanks=soft,
            )
        )


def _tell_unknown(draft: Draft, reference: Reference, positions: Positions, target: Draft) -> None:
    names = _names(draft.frame, reference, positions)
    known = _names(target.frame, Reference(reference.target_columns, "", ()), np.arange(target.frame.height))
    suggest = Suggester(name for name in dict.fromkeys(known) if name)
    soft = (draft.schema.table, reference.columns[0]) in SOFT
    where = reference.table if len(reference.columns) == 1 else f"{reference.table} ({', '.join(reference.columns)})"
    rows = f"add {'a row' if len(reference.columns) == 1 else 'the step'} to {reference.table}"
    draft.add(
        Finding(
            table=draft.schema.table,
            rule="unknown_reference",
            level="warning" if soft else "error",
            column=reference.columns[-1],
            positions=positions,
            values=names,
            messages=[f"{name} is not in {where}{suggest.hint(name)}" for name in names],
            expected=f"one of the {len(set(known)):,} names in {reference.table}",
            cures=[f"{rows}, or correct the name" + ("; until then it counts as blank" if soft else "")],
            blanks=soft,
        )
    )


def _absent(frame: pl.DataFrame, reference: Reference, target: pl.DataFrame) -> np.ndarray:
    """Rows with a reference (nothing blank in it) that the target does not have."""
    blank = pl.any_horizontal(_is_blank(frame, name) for name in reference.columns)
    if len(reference.columns) == 1:
        known = target.get_column(reference.target_columns[0]).drop_nulls().unique()
        absent = ~pl.col(reference.columns[0]).is_in(known.implode())
        return frame.select(absent & ~blank).to_series().fill_null(value=False).to_numpy()
    wanted = frame.select(reference.columns).with_columns(blank=blank)
    known_rows = target.select(reference.target_columns).unique().with_columns(known=pl.lit(value=True))
    joined = wanted.join(
        known_rows, left_on=reference.columns, right_on=reference.target_columns, how="left", maintain_order="left"
    )
    return joined.select(pl.col("known").is_null() & ~pl.col("blank")).to_series().to_numpy()


def _is_blank(frame: pl.DataFrame, name: str) -> pl.Expr:
    empty = pl.col(name).is_null()
    return empty | (pl.col(name) == "") if frame.schema[name] == pl.String else empty


def _names(frame: pl.DataFrame, reference: Reference, positions: Positions) -> list[str]:
    chosen = frame.select(pl.col(name).cast(pl.String).fill_null("") for name in reference.columns)[positions]
    if chosen.width == 1:
        return chosen.to_series().to_list()
    first, *others = chosen.columns
    parts = [pl.concat_str([pl.lit(f"{name} "), pl.col(name)]) for name in others]
    text = pl.concat_str([pl.col(first), *parts], separator=" ")
    return chosen.select(text).to_series().to_list()


def _places_of(target: Draft, reference: Reference) -> dict[str, str]:
    dead = np.flatnonzero(~target.alive)
    names = _names(target.frame, Reference(reference.target_columns, "", ()), dead)
    places = target.places.at(dead, reference.target_columns[0])
    return {name: place for name, (place, _) in zip(reversed(names), reversed(places), strict=True)}


def _singular(reference: Reference) -> str:
    return reference.target_columns[0] if len(reference.columns) == 1 else "operation"
