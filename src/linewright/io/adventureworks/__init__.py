"""AdventureWorks, the bicycle maker of Microsoft's SQL Server samples, as CSV files."""

from linewright.io.adventureworks.reader import AdventureWorksReader

__all__ = ["AdventureWorksReader"]
