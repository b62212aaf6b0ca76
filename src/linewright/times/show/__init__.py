"""Times for the terminal, for machines and for a sheet."""
