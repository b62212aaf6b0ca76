"""From what the floor reported to records that can be learned from."""
