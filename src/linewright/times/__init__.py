"""True times, learned from what really happened."""
