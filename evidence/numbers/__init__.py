"""How printed numbers are read, what they may stand for, and how claims are recomputed."""
