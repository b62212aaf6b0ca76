"""The event kernel: a network in flat arrays, run from event to event."""
