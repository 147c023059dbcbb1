"""Clearing: what has to be so before, which words it takes the place of, and taking it back."""

import pytest

from evidence import clearing
from evidence.models import IdentityForm, Teller, VersionState
from evidence.refusing import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_it_takes_the_place_of_what_tells_as_much_and_of_nothing_else() -> None:
    account = make.testimony("One")
    recalled = make.cleared(account, "Recalled.")
    clearing.recall(recalled)
    same = make.cleared(account, "Old.")
    less = make.cleared(account, "Told by nobody.", identity=IdentityForm.PARAPHRASE_ANONYMOUS)
    elsewhere = make.cleared(make.testimony("Another"), "Elsewhere.")
    draft = make.version(account, "Not yet.")

    newest = make.cleared(account, "New.")

    found = {}
    for each in (recalled, same, less, elsewhere, draft, newest):
        each.refresh_from_db()
        found[each.text] = each.state
    assert found == {
        "Recalled.": VersionState.RECALLED,
        "Old.": VersionState.SUPERSEDED,
        "Told by nobody.": VersionState.CLEARED,
        "Elsewhere.": VersionState.CLEARED,
        "Not yet.": VersionState.DRAFT,
        "New.": VersionState.CLEARED,
    }


def test_told_by_somebody_close_it_waits_for_whom_it_was_done_to() -> None:
    account = make.testimony("One", teller=Teller.SOMEBODY_CLOSE)
    make.person_spoken_about(account, is_complainant=False)
    words = make.version(account)

    with pytest.raises(Refused, match="it is not on record whom it was done to"):
        clearing.clear(words, by=make.user("lead"))
    make.person_spoken_about(account, is_complainant=True)
    clearing.clear(words, by=make.user("lead"))

    assert words.state == VersionState.CLEARED


def test_a_restriction_stands_against_it_until_it_is_ended() -> None:
    account = make.testimony("One")
    words = make.version(account)
    make.restriction(account, ended_at=make.moment(-1), ended_by=make.user("lawyer"))
    clearing.clear(words, by=make.user("lead"))

    make.restriction(account)
    with pytest.raises(Refused, match="a reporting restriction is open"):
        clearing.clear(make.version(account, "Newer."), by=make.user("lead"))


def test_what_is_not_in_use_is_not_recalled() -> None:
    draft = make.version(make.testimony("One"))

    with pytest.raises(Refused, match="is draft, so it is not in use"):
        clearing.recall(draft)

    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT
