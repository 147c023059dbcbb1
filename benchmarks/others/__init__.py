"""A Wagtail site that has our published records as pages; it runs in a venv of its own."""
