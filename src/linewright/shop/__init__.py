"""The factory as arrays, and the kernels that features share."""
