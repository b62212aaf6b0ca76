"""Ways to change an order of work, one file each; a kernel named after its file proposes one change."""
