"""The open work of a factory as a network: every simplification is said in a sentence."""

from linewright.twin.network.of_factory.build import FactoryFlow, network_of

__all__ = ["FactoryFlow", "network_of"]
