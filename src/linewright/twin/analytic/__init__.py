"""Analytic companions of the simulation: closed forms, exact chains, decompositions and instant estimates."""
