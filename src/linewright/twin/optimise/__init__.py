"""Where the next buffer place, machine or card helps most: exchange search, racing, confirmation."""
