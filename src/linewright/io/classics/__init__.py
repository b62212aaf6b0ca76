"""Classic scheduling instances: job shops, flexible job shops, workers, sequence-dependent setups, projects."""

from linewright.io.classics.reader import ClassicReader

__all__ = ["ClassicReader"]
