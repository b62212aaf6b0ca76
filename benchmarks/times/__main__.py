"""Times learned early against reports that came later: ``python -m benchmarks.times [shop] [made-up]``.

The first part takes the public job log of a real machine shop (Levy 2012, 4TU.ResearchData): learn from everything that
had been reported by a day, forecast the minutes of everything that began later. Beside ours: total minutes over total
units of the same part and kind of work (what an ERP calculates afterwards), the mean of the work center, and gradient
boosting alone with material, kind of work, machine, person and quantity. The second part plants truths in made-up
shops: coverage of ranges, false alarms, the delay of an alarm, and the exponent of a learning curve.
"""

from __future__ import annotations

import sys

from benchmarks.times import made_up, shop


def main(names: list[str]) -> None:
    """Print both parts, or the named one."""
    if not names or "shop" in names:
        shop.main()
    if not names or "made-up" in names:
        made_up.main()


if __name__ == "__main__":
    main(sys.argv[1:])
