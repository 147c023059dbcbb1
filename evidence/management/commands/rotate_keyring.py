"""Wrap every contributor's key with a new key, which comes from a variable of the environment."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.refusing import Refused
from evidence.vault.keyring import current
from evidence.vault.wrapping import read_key


class Command(BaseCommand):
    help = "Wrap the keys of the vault with a new key. Stop the web process and the worker before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--new-key-from",
            metavar="ENVVAR",
            required=True,
            help="The variable that holds the new key; a key on the command line would be logged.",
        )

    def handle(self, *args: Any, new_key_from: str, **options: Any) -> None:
        try:
            new = read_key(os.environ.get(new_key_from, "").strip())
        except ValueError as error:
            raise CommandError(
                f"{new_key_from} holds no key of 32 bytes: write it as 64 hex digits "
                "or in urlsafe base64."
            ) from error
        try:
            count = current().rewrap(new)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Wrapped {count} {'key' if count == 1 else 'keys'} anew. "
            f"Set ATTEST_KEYRING_KEY to what {new_key_from} holds before you start the web process "
            "and the worker, copy the keyring, and destroy its older copies with the old key."
        )
