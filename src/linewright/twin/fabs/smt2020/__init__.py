"""The SMT2020 testbed of wafer fabs: read its files, and run the fab as a network."""

from linewright.twin.fabs.smt2020.load import FamilyLoad, loads_of, raw_minutes
from linewright.twin.fabs.smt2020.reading import read_smt2020
from linewright.twin.fabs.smt2020.records import Fab

__all__ = ["Fab", "FamilyLoad", "loads_of", "raw_minutes", "read_smt2020"]
