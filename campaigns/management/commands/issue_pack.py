"""Issue a briefing pack: freeze a version and write a copy for each member, or nothing at all."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from campaigns import gate
from campaigns.issuing import find_members, issue
from campaigns.management.commands.build_pack import pack_called
from campaigns.models import Pack, PackVersion
from campaigns.packs import compose
from evidence.refusing import Refused


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="which pack, as build_pack --list names it")
        parser.add_argument(
            "--to", nargs="+", required=True, metavar="MEMBER", help="names, or ids in Parliament"
        )
        parser.add_argument(
            "--pass",
            dest="passed",
            nargs=2,
            action="append",
            default=[],
            metavar=("STOP", "REASON"),
            help="let a soft stop pass, as in: --pass 'Parliament out of reach' 'list of 5 July'",
        )
        parser.add_argument("--by", metavar="USERNAME", help="who issues it: else its approver")

    def handle(self, *_: Any, **options: Any) -> None:
        version: PackVersion | None = None
        try:
            pack = pack_called(options["slug"])
            members = find_members(options["to"])
            issuer = _issuer(pack, options["by"])
            with transaction.atomic():
                for name, reason in options["passed"]:
                    gate.let_pass(compose(pack), name=name, reason=reason, by=issuer)
                version = issue(pack, to=members, by=issuer)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as problem:
            raise CommandError(_not_written(problem, version)) from problem
        self._report(version)

    def _report(self, version: PackVersion) -> None:
        for sentence in (*version.manifest["refusals"], *version.manifest["warnings"]):
            self.stderr.write(sentence)
        for copy in version.copies.select_related("member"):
            self.stdout.write(f"Copy {copy.pk}: {copy.member}, accounts in it: {copy.uses.count()}")
        self.stdout.write(f"Issued {version}, sha256 {version.sha256}.")


def _issuer(pack: Pack, username: str | None) -> User:
    """Who answers for it; where nobody is named, whoever approved the pack for sending."""
    user = pack.approved_by if username is None else User.objects.filter(username=username).first()
    if user is None:
        told = f"There is no user “{username}”" if username else f"Nobody has approved {pack.slug}"
        raise Refused(f"{told}: nothing was issued.")
    return user


def _not_written(problem: OSError, version: PackVersion | None) -> str:
    """Personalised copies are made before anything is issued, all others once it is."""
    if version is None:
        return f"Nothing was issued: the copies cannot be written: {problem.strerror}."
    return (
        "The version is issued and its copies are written down, but their files could not be: "
        f"{problem.strerror}."
    )
