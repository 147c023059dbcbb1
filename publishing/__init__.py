"""Ground floor: what has left the building, and the feed that tells of it."""
