"""What the tables and the plan say, joined for the rules."""
