"""A stop seen from the detailed plan: which orders, from which hour, how much money, and what closes it."""

from linewright.supply.stoppage.report import stop_now
from linewright.supply.stoppage.scenario import reached, stopped, usual_days

__all__ = ["reached", "stop_now", "stopped", "usual_days"]
