"""How a network of stations is put into the words of the formulas."""
