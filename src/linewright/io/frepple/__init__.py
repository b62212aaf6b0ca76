"""frePPLe fixtures: the JSON in which the planning system frePPLe keeps its demo data."""

from linewright.io.frepple.reader import FreppleReader

__all__ = ["FreppleReader"]
