"""Withdraw a consent, or one thing that it permits; what rests on it is called back at once."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from evidence import consenting
from evidence.blast_radius import blast_radius, resting_on_scope, what_became_of
from evidence.models import Consent, TestimonyUse, scope_parts
from evidence.refusing import Refused


class Command(BaseCommand):
    help = "Withdraw a consent: whole, for one testimony, or for one scope."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("record_id", type=UUID, help="The consent record's id.")
        parser.add_argument(
            "--scope",
            metavar="PURPOSE:AUDIENCE:CHANNEL",
            help="Only this, as in public_awareness:public:website_feed.",
        )
        parser.add_argument("--testimony", type=UUID, help="Only this testimony, by its public id.")

    def handle(
        self,
        *args: Any,
        record_id: UUID,
        scope: str | None,
        testimony: UUID | None,
        **options: Any,
    ) -> None:
        consent = Consent.objects.filter(pk=record_id).first()
        if consent is None:
            raise CommandError(f"There is no consent record {record_id}.")
        if scope and testimony:
            raise CommandError("Withdraw one scope or one testimony, not both.", returncode=2)
        only = None if scope is None else _part(scope)
        try:
            done = _of_one(consent, testimony) if testimony else _withdraw(consent, only)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(done)


@transaction.atomic
def _withdraw(consent: Consent, only: dict[str, str] | None) -> str:
    """What was done, with what that has truly taken back."""
    if only is None:
        radius = blast_radius(TestimonyUse.objects.under(consent))
        consenting.withdraw(consent)
    else:
        radius = blast_radius(resting_on_scope(consent, **only, beyond=None))
        consenting.withdraw_scope(consent, **only)
    return what_became_of(radius, "Withdrawn.")


@transaction.atomic
def _of_one(consent: Consent, of: UUID) -> str:
    testimony = consent.testimonies.filter(public_id=of).first()
    if testimony is None:
        raise Refused("The consent does not cover that account, so there is nothing to withdraw.")
    radius = blast_radius(TestimonyUse.objects.under(consent).filter(testimony=testimony))
    consenting.withdraw_testimony(consent, testimony)
    return what_became_of(radius, "Withdrawn.")


def _part(scope: str) -> dict[str, str]:
    try:
        return scope_parts(scope)
    except ValueError:
        raise CommandError("Write the scope as purpose:audience:channel.", returncode=2) from None
