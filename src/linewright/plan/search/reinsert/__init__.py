"""Tabu search that takes a critical operation out and puts it back elsewhere, on all that it occupies at once."""
