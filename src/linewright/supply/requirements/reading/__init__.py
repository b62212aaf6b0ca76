"""From a factory's tables to the facts that the planner's arrays are built from."""
