"""Search over the order of work with the exact timetable, re-timing only what a change can reach."""

from __future__ import annotations

from linewright.plan.search.order.layer import OrderLayer, order_layer

__all__ = ["OrderLayer", "order_layer"]
