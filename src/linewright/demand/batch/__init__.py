"""Forecasts of many series at once: trials at rolling origins, combination, ranges."""
