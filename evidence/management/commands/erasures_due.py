"""List what is due: to be destroyed, to be told, or to be looked at again."""

from typing import Any

from django.core.management.base import BaseCommand

from evidence.retention import due


class Command(BaseCommand):
    help = "List whose data is due for erasure, and whose hold has to be told or reviewed."

    def handle(self, *args: Any, **options: Any) -> None:
        found = due()
        for each in found:
            self.stdout.write(str(each))
        if not found:
            self.stdout.write("Nothing is due.")
