"""The buffers of a factory: target stock and reorder points of all its materials."""

from __future__ import annotations

from linewright.supply.buffers.plan.verb import BufferPlan, buffers

__all__ = ["BufferPlan", "buffers"]
