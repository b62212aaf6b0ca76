"""The numerical machinery under the companions: fixed points, block equations, long runs of Markov chains."""
