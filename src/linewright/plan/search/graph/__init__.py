"""Tabu search on the disjunctive graph: where one operation at a time on always-open machines is the whole truth."""
