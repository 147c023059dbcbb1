"""What the database itself holds of issued versions: how they are called back and signed."""

import pytest

from campaigns.models import SecondSignature, VersionRecall
from tests import factories as make
from tests.campaigns.sending_world import issued, pack
from tests.refusing import refused_by, run_as_owner

pytestmark = pytest.mark.django_db


def test_a_version_is_called_back_once_and_for_a_reason() -> None:
    version, lead = issued(pack()), make.user("campaign lead")

    with refused_by("version_recall_says_why"):
        VersionRecall.objects.create(version=version, reason="", recalled_by=lead)
    VersionRecall.objects.create(version=version, reason="The wrong figure.", recalled_by=lead)
    with refused_by("campaigns_versionrecall_version_id_key"):
        VersionRecall.objects.create(version=version, reason="Once more.", recalled_by=lead)


def test_the_second_signature_is_anothers() -> None:
    version, lead = issued(pack()), make.user("campaign lead")
    signed = {"version": version, "issued_by": lead}
    with refused_by("second_signature_is_wanted"):
        SecondSignature.objects.create(**signed, signed_by=make.user("reviewer"))
    run_as_owner("UPDATE campaigns_packversion SET second_signature_due = now()")

    with refused_by("second_signature_is_another_persons"):
        SecondSignature.objects.create(**signed, signed_by=lead)
    SecondSignature.objects.create(**signed, signed_by=make.user("reviewer"))
