"""A plan outside the program: one exact document for programs, and sheets for people."""
