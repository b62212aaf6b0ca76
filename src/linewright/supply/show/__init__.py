"""Results of the supply planner in the words of the shop floor: lines, sections of a sheet, figures."""
