"""The published rows in the forms that others expect, each at an address of its own."""
