"""Add what the fixture files hold and the database lacks; what is there is left alone."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.fixtures import FixtureError, load_fixtures


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "fixtures")
        parser.add_argument("--officer", default="officer", help="who is recorded as the editor")
        parser.add_argument("--lead", default="lead", help="who approves what is added")
        parser.add_argument(
            "--without",
            action="append",
            default=[],
            metavar="SOURCE",
            help="leave this source out; repeat it",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        officer, lead = _account(options["officer"]), _account(options["lead"])
        try:
            report = load_fixtures(
                options["folder"], officer=officer, lead=lead, without=options["without"]
            )
        except FixtureError as error:
            raise CommandError(str(error)) from error
        for sentence in report.left_out:
            self.stdout.write(sentence)
        self.stdout.write(
            f"{report.added.total()} rows added, {report.kept.total()} were there and are kept."
        )


def _account(name: str) -> User:
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist as error:
        raise CommandError(f"There is no account {name!r}: make it first.") from error
