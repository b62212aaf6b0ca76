"""What a caller may choose, in one record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How needs are put into buckets and how far the plan looks.

    `consume_days` are the days before and after an order within which it may use up forecast beside that of its own
    bucket. `patience_days` is how long after its day a need rather waits for a supply that is on its way than gets a
    new one. `assumed_lead_days` is what a bought material takes that no source offers.
    """

    bucket_days: int = 7
    weeks: int = 52
    consume_days: tuple[int, int] = (0, 0)
    patience_days: int = 7
    assumed_lead_days: int = 14

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if not (1 <= self.bucket_days <= 366 and 1 <= self.weeks <= 520):
            raise ValueError("bucket_days must be 1 to 366 and weeks 1 to 520")
        if min(*self.consume_days, self.patience_days, self.assumed_lead_days) < 0:
            raise ValueError("days must not be negative")

    @property
    def horizon_days(self) -> int:
        """How many days the plan looks ahead."""
        return 7 * self.weeks
