"""How quickly jobs flow through the twin, beside its peers."""
