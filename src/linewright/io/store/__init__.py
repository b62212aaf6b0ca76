"""How a workspace keeps a factory and its results: database tables, the cover page, and what rows look like inside."""
