"""How far learned times are off later reports, and whether planted truths are found."""
