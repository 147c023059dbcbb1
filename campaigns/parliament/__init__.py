"""In step with Parliament: its API is read, what changed is told, and nothing is linked alone."""
