"""Linear programs of parts of a network, and proofs that hold for all of it."""
