"""The contributor's own page: what is done with their words, and how to stop it, without us."""
