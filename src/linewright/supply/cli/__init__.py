"""The doors of the supply planner: parse, call, show."""
