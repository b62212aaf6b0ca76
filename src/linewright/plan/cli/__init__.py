"""The doors of the planner: its command, and the plan that other commands start from."""
