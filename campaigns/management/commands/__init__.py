"""One module for each command of the campaigns floor."""
