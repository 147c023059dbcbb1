"""The campaigns floor's command line."""
