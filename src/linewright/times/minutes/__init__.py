"""How long work takes: shrunken effects, trees where they earn their keep, and ranges that hold."""
