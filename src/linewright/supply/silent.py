"""HiGHS on one thread, without a word on the screen."""

from __future__ import annotations

from typing import Any

import highspy


class _Silent(highspy.Highs):
    """HiGHS without its banner, which it prints when it arms its callbacks; none are used here."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the name is HiGHS's
        """Be silent before anything is said."""
        self.silent()


def silent_highs(**options: Any) -> highspy.Highs:
    """A new solver with some options set."""
    solver = _Silent()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    for option, value in options.items():
        solver.setOptionValue(option, value)
    return solver
