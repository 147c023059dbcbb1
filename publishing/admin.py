"""What has left: the website's items and the log of changes, to look at."""
