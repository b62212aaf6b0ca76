"""Forecasts in words, tables and figures."""
