"""One reader for each kind of file, run by sandbox.py in a process that loads no other."""
