"""What will be wanted: forecasts with ranges that hold, and alarms when the market moves."""
