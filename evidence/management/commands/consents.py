"""Print the consent register, without identities."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evidence.consent_register import register


class Command(BaseCommand):
    help = "List consent records: what each permits, and what rests on it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, format: str, **options: Any) -> None:
        records = register()
        if format == "json":
            self.stdout.write(json.dumps({"consents": records}, indent=2))
            return
        for record in records:
            used = len(record["feed_items"]) + len(record["copies"])
            self.stdout.write(
                f"{record['id']}  {record['state']:<11}  until {record['valid_until'][:10]}  "
                f"{len(record['testimonies'])} testimonies, {used} uses"
            )
