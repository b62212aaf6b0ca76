"""Whether stated odds come true."""
