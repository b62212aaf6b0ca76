"""How sure a figure of many runs is: replications, intervals, steady state, paired comparison and selection."""
