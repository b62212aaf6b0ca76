"""The planner: arrays in, lots and pegs out."""
