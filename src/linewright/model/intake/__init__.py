"""The doorstep: raw tables in, a checked factory and its faults out."""

from linewright.model.intake.assembly import assemble

__all__ = ["assemble"]
