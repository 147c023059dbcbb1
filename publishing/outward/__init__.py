"""How the house reaches the internet, and nothing but the internet."""
