"""A pack's Word file that came back with changes: read, compared, and its wording taken over."""
