"""Wires the floors together: settings, logins, the desk, the worker, the demo."""
