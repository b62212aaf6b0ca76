"""What runs and experiments say, in the terminal, on pages and for machines."""
