"""First floor: what we know, and whether it holds."""
