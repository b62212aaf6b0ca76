"""The long run of a Markov chain that is given by its transitions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linewright.errors import ModelError

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

#: More states than this take minutes, and a simulation gives the same figure sooner.
MOST_STATES = 60_000


def refuse_large(states: int) -> None:
    """Say that a chain is too large to be solved exactly.

    Raises
    ------
    ModelError
        It has more than `MOST_STATES` states.
    """
    if states > MOST_STATES:
        raise ModelError(
            [f"the exact chain has {states:,} states, more than {MOST_STATES:,} — simulate the line, or decompose it"]
        )


def stationary(before: Counts, after: Counts, rate: Floats, states: int) -> Floats:
    """Long-run shares of the states of a continuous-time chain whose transitions are given one by one.

    Solves p Q = 0 with p summing to 1 by sparse elimination; a chain in discrete time is one with its probabilities
    as rates. States that are left for good get no share.
    """
    from scipy import sparse
    from scipy.sparse.linalg import splu

    if states == 1:
        return np.ones(1)
    moves = before != after
    before, after, rate = before[moves], after[moves], rate[moves]
    flow = sparse.coo_matrix((rate, (after, before)), shape=(states, states))
    generator = (flow - sparse.diags(np.bincount(before, rate, states))).tocsc()
    # The last state's weight is set to 1, which makes the other equations regular; it is one that always recurs.
    weights = np.ones(states)
    weights[:-1] = splu(generator[:-1, :-1], permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}).solve(
        -generator[:-1, -1].toarray().ravel()
    )
    weights = np.maximum(weights, 0.0)
    return weights / weights.sum()


def recurrent(before: Counts, after: Counts, states: int, start: int) -> Counts:
    """The states that a chain visits for ever, of those that it can reach from `start`."""
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    graph = sparse.coo_matrix((np.ones(len(before)), (before, after)), shape=(states, states)).tocsr()
    _, group = connected_components(graph, directed=True, connection="strong")
    # From every state one gets at last to the group that is not left again.
    leaves = np.bincount(group[before], group[before] != group[after], minlength=int(group.max()) + 1) > 0
    reached = sparse.csgraph.breadth_first_order(graph, start, return_predecessors=False)
    closed = reached[~leaves[group[reached]]]
    # Without any chance a line may end in several ways; then one of them is looked at.
    return np.sort(closed[group[closed] == group[closed[0]]]).astype(np.int64)
