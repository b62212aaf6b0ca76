"""Ours beside PyJobShop on public instances, in the same run: ``python -m benchmarks.scheduling --help``."""
