"""Commands of the whole house: logins, the worker, its dead letters."""
