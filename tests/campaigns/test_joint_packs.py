"""Joint packs: each organisation with its own contact, in the chosen order, in every format."""

import pytest

from campaigns.briefing.blocks import Contact
from campaigns.building import build
from campaigns.joint import contacts
from campaigns.manifests import rebuilt
from campaigns.models import PackContact
from campaigns.packs import compose
from evidence import review
from evidence.models import Organisation
from evidence.prose_binding import unbound_numbers
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.sending_world import issued, reached
from tests.refusing import refused_by

pytestmark = pytest.mark.django_db

SENDER = {"contact_name": "Ann Ask", "contact_email": "ann@example.org", "about_us": "We\nask."}


def organisation(name: str) -> Organisation:
    return Organisation.objects.get_or_create(key=name.lower(), defaults={"name": name})[0]


def pack(*others: tuple[str, int, dict[str, str]], **fields):
    made = packing.pack(("summary", [packing.ask()]), **{**SENDER, **fields})
    for name, position, told in others:
        PackContact.objects.create(
            pack=made, organisation=organisation(name), position=position, **told
        )
    return made


def test_a_pack_of_one_organisation_reads_as_it_did() -> None:
    made = pack()

    [name] = made.organisations.values_list("name", flat=True)
    whole = Contact(name, name="Ann Ask", email="ann@example.org", about="We ask.")
    assert contacts(made) == (whole,)
    assert compose(made).briefing.organisations == (name,)


def test_each_has_its_own_contact_in_the_chosen_order() -> None:
    made = pack(
        ("Alpha", 2, {"name": "Al Pha", "role": "Head", "phone": "01632 960 002"}),
        ("Zeta", 1, {"email": "zeta@example.org", "about": "Zeta\n\nlistens."}),
    )
    made.organisations.add(organisation("Unlined"))
    made.organisations.add(organisation("Alpha"))

    first, *others = contacts(made)

    assert (first.name, first.about) == ("Ann Ask", "We ask.")
    assert [each for each in others if each.organisation != "Unlined"] == [
        Contact("Zeta", email="zeta@example.org", about="Zeta listens."),
        Contact("Alpha", name="Al Pha", role="Head", phone="01632 960 002"),
    ]
    assert [each for each in compose(made).warnings if "contact" in each] == [
        f"The pack's contact is printed below {first.organisation}; Unlined stands in it without."
    ]
    names = compose(made).briefing.organisations
    assert names == tuple(each.organisation for each in (first, *others))


def test_where_each_has_a_line_the_first_sends_it_and_nothing_is_lost() -> None:
    made = pack(("Zeta", 1, {"name": "Zed"}), ("Alpha", 2, {"name": "Al"}))
    made.organisations.clear()

    assert contacts(made) == (
        Contact("Zeta", name="Zed", email="ann@example.org", about="We ask."),
        Contact("Alpha", name="Al"),
    )


@pytest.mark.parametrize("format", ["pdf", "docx", "html", "txt", "json"])
def test_every_format_prints_them(format) -> None:
    made = pack(("Zeta", 1, {"name": "Zed Example", "email": "zed@example.org"}))

    content, _ = build(made, format)

    words = packing.words_of(content)
    told = ("Ann Ask", "ann@example.org", "Zeta", "Zed Example", "zed@example.org")
    assert [each for each in told if each not in words] == []
    assert words.rindex("Zed Example") > words.rindex("Ann Ask")


def test_an_issued_version_is_rebuilt_as_it_was_after_a_contact_changes() -> None:
    made = pack(("Zeta", 1, {"name": "Zed"}))
    version = issued(packing.approved(made), reached())
    review.edit(made, by=make.user("officer"))
    made.contacts.update(name="Somebody else")

    assert rebuilt(version, "pdf") == bytes(version.content)


def test_the_numbers_in_their_words_are_bound_like_those_in_ours() -> None:
    made = pack(("Zeta", 1, {"about": "We help 900 families."}))

    assert [(each.text, each.place) for each in unbound_numbers(made)] == [
        ("900", "the words about Zeta")
    ]


def test_the_lines_of_an_approved_pack_stay_as_they_were_read() -> None:
    made = packing.approved(pack(("Zeta", 1, {})))

    with refused_by("review_covers_its_lines"):
        made.contacts.update(name="Slipped in")


def test_an_organisation_has_one_line() -> None:
    made = pack(("Zeta", 1, {}))

    with refused_by("pack_contact_once_for_an_organisation"):
        PackContact.objects.create(pack=made, organisation=made.contacts.get().organisation)
