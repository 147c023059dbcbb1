"""Random lives of consents against an oracle in Python: what is shown, held and called back."""

import pytest

from tests.prove.consent_machine import live

pytestmark = pytest.mark.django_db


@pytest.mark.long
def test_a_few_lives_agree_with_the_oracle() -> None:
    live(6, 15)


@pytest.mark.slow
def test_many_lives_agree_with_the_oracle() -> None:
    live(300, 40)
