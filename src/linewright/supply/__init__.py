"""Materials: what to order, how much to hold, what a stop would cost, and what to buy against it."""
