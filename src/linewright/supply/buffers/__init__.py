"""Buffers: how much of which material to hold where, so that customers get what they were promised at least cost."""
