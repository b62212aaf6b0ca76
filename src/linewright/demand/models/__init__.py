"""Forecasting methods for many series at once, each from its paper."""
