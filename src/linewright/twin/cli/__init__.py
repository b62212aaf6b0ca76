"""The doors of the twin: `simulate` and `experiment`."""
