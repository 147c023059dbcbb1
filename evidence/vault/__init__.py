"""The vault: keys of contributors, what is sealed with them, and a ledger beside the keys."""
