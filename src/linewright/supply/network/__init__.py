"""The supply network as arrays: pools of material, activities that fill them, and nodes that can stop."""

from linewright.supply.network.arrays import CAPACITY, FLOW, Network, Rows

__all__ = ["CAPACITY", "FLOW", "Network", "Rows"]
