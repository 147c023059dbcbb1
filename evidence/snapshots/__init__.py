"""Immutable copies of what a source said: fetched, read and kept without trusting it."""
