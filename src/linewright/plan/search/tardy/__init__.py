"""A fast layer for late orders on shops without calendars: changeovers, alternatives, dates and rates."""
