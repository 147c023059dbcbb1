"""Read a bill from Parliament: its stages, its amendments and who named them, and what changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.models import SyncRun, SyncState
from campaigns.parliament.reaching import sync_by_number
from evidence.refusing import Refused


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bill_id", metavar="BILL_ID", help="as in bills.parliament.uk/bills/ID")
        parser.add_argument("--base-url", default="", help="another copy of the Bills API")
        parser.add_argument("--members-url", default="", help="another copy of the Members API")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            run = sync_by_number(
                _number(options["bill_id"]),
                bills_api=options["base_url"],
                members_api=options["members_url"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._report(run)

    def _report(self, run: SyncRun) -> None:
        for change in run.changes.filter(is_ours=True).order_by("pk"):
            self.stdout.write(f"{change}")
        told = f"{run.bill}: asked {run.asked} times, changed {run.changed}"
        if run.state == SyncState.COMPLETE:
            self.stdout.write(f"{told}, complete.")
            return
        for failure in run.failures:
            self.stderr.write(failure)
        raise CommandError(f"{told}, incomplete: run it again, and it goes on from there.")


def _number(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and 0 < int(written) < 2**31):
        wrong = f"“{written}” is not a bill's number: write it as in 3137."
        raise CommandError(wrong, returncode=2)
    return int(written)
