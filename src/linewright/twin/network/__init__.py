"""A flow of jobs through stations: the model, the event kernel, and the recursion for lines."""
