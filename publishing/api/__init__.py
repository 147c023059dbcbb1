"""The feed: views that read schema `feed` through its own login, and nothing else."""
