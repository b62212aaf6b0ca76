"""The public sets, each measured by a file of its own, and the forms in which a statistic is kept."""
