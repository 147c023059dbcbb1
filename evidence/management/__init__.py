"""The evidence floor's command line."""
