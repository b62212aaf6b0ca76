"""Forecasts on public competitions, beside statsforecast; and how soon shifts are found."""
