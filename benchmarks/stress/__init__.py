"""Stress test and shields beside the usual way: a program built and solved from the beginning for each node."""
