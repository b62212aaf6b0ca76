"""Published factories as networks, so that the twin can be compared with others: SMT2020 and the mini-fab."""
