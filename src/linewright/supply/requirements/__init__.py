"""Material requirements with pegging."""
