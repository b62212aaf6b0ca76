"""The three kinds of plant, each built by a file of its own."""
