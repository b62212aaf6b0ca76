"""How plans are found: dispatch rules first, improvement after."""
