"""The task worker: retries, dead letters and the schedule, on top of django-tasks-db."""
