"""The task backend: django-tasks-db's, which also knows when a failed task is tried again."""

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django_tasks_db import DatabaseBackend

DEFAULT_DELAYS = (10, 60, 5 * 60, 30 * 60)  # before the second, third, fourth and fifth try


class RetryingBackend(DatabaseBackend):
    """Reads from OPTIONS["RETRIES"] the delays, in seconds, before each new try of a task.

    {"campaigns.tasks.keep_pack_files": [10, 60]} means at most three tries and [] means one; the
    key "*" holds for every task that is not named.
    """

    @property
    def retries(self) -> Mapping[str, Sequence[float]]:
        return {"*": DEFAULT_DELAYS, **self.options.get("RETRIES", {})}

    def delay_after(self, task_path: str, *, tries: int) -> timedelta | None:
        """How long to wait after that many failed tries; None when there is no further one.

        Up to a quarter more than the setting says, so that tasks which failed together, because
        something they share was down, do not all come back at the same moment.
        """
        delays = self.retries.get(task_path, self.retries["*"])
        if tries > len(delays):
            return None
        jitter = random.uniform(1, 1.25)  # noqa: S311, spreads load and guards no secret
        return timedelta(seconds=delays[tries - 1] * jitter)
