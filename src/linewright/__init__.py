"""linewright: run a factory from one model."""
