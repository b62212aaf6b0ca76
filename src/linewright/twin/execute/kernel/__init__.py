"""The kernel of plan execution; `run.execute` is its one entry point."""
