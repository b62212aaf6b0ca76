"""The twin: plans and lines run a thousand times."""
