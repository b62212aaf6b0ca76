"""``python -m linewright`` is the same as ``linewright``."""

from linewright.app.cli import main

main()
