"""What is estimated beside the minutes of a run: standards, setups, shares, queues, curves, and what has changed."""
