"""The job log of a real machine shop in 2012 (D. Levy, 4TU.ResearchData)."""

from linewright.io.machine_shop.reader import MachineShopReader

__all__ = ["MachineShopReader"]
