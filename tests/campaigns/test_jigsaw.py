"""Pieces of one pack that together tell who somebody is: found, decided by a person, or stopped."""

import pytest
from django.contrib.auth.models import Permission

from campaigns import jigsaw
from campaigns.issuing import issue
from campaigns.models import JigsawDecision, JigsawReview, Member, PackVersion
from campaigns.packs import compose
from config.roles import ensure_roles
from evidence import clearing, consenting, review
from evidence.models import (
    AreaLevel,
    ConsentTestimony,
    Contributor,
    FeatureKind,
    IdentifyingFeature,
    TestimonyUse,
)
from evidence.refusing import Refused
from tests import factories as make
from tests.campaigns import packing
from tests.refusing import refused_by, refused_by_grant, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


def account(title, *features, contributor=None, text="What happened to me."):
    """A cleared version that lists what it tells, with a consent for briefings."""
    testimony = make.testimony(title, contributor=contributor)
    version = make.version(testimony, text)
    for kind, told in features:
        IdentifyingFeature.objects.create(version=version, kind=kind, told=told)
    clearing.clear(version, by=make.user("lead"))
    consent = make.requested_consent(testimony.contributor)
    ConsentTestimony.objects.create(consent=consent, testimony=testimony)
    make.scope(consent)
    consenting.give(consent)
    return version


def pack_of(*versions, figures=()):
    return packing.approved(packing.pack(("problem", figures), ("case_study", versions)))


def found_in(pack) -> list[tuple[str, str]]:
    return [(each.kind, each.sentence) for each in jigsaw.findings(compose(pack))]


def decided(pack, decision=JigsawDecision.ACCEPTABLE, by="reviewer", reason="Each is common."):
    composition = compose(pack)
    seen = jigsaw.fingerprint(jigsaw.findings(composition))
    return jigsaw.decide(composition, decision=decision, reason=reason, seen=seen, by=make.user(by))


def issued(pack) -> PackVersion:
    member = Member.objects.first() or packing.member()
    return issue(pack, to=[member], by=make.user("campaign lead"))


def test_an_account_that_tells_one_common_thing_is_no_jigsaw() -> None:
    pack = pack_of(account("One", (FeatureKind.AGE, "14")))

    assert found_in(pack) == []
    assert issued(pack).number == 1


def test_where_nothing_is_found_nothing_is_decided() -> None:
    make.area()  # Wales: too many live there for its name to tell
    pack = pack_of(account("One", (FeatureKind.AGE, "14"), text="I was 14, in Wales."))

    assert found_in(pack) == []
    with pytest.raises(Refused, match="There is nothing to decide"):
        decided(pack)
    assert not JigsawReview.objects.exists()


def test_every_kind_of_jigsaw_is_found() -> None:
    same = Contributor.objects.create(label="One person", is_fictional=True)
    make.area("W15000001", "Gwent", make.area()).save()
    gwent = make.Area.objects.get(name="Gwent")
    gwent.level = AreaLevel.POLICE_FORCE
    gwent.save()
    one = account("One", (FeatureKind.AGE, "14"), (FeatureKind.PLACE, "Gwent"), contributor=same)
    two = account("Two", (FeatureKind.PLACE, "gwent"), contributor=same)
    rare = account("Rare", (FeatureKind.RARE_EVENT, "it was on the national news"))
    open_words = account("Words", text="I was 13 then, and everybody in Gwent knew.")
    few = packing.figure("7", area=gwent)
    many = packing.figure("1,437")

    assert found_in(pack_of(one, two, rare, open_words, figures=[few, many])) == [
        ("within", "One, version 1 tells Age: 14, Place: Gwent."),
        ("within", "Rare, version 1 tells Rare event: it was on the national news."),
        ("one person", "One, version 1 and Two, version 1 are of one person."),
        ("shared", "One, version 1 and Two, version 1 both tell Place: Gwent."),
        ("not listed", "Words, version 1 tells an age that is not listed: 13."),
        ("not listed", "Words, version 1 names a place that is not listed: Gwent."),
        (
            "small count",
            f"“{few}” counts 7 people or cases in Gwent, a place that an account names.",
        ),
    ]


@pytest.mark.parametrize(
    ("noted", "found"),
    [
        ({"is_accused": True, "contributor_is": "child"}, ["accused"]),
        ({"is_accused": True, "contributor_is": "professional"}, ["accused"]),
        ({"is_accused": False, "contributor_is": "child"}, []),
    ],
)
def test_what_a_pack_tells_of_an_accused_person_is_looked_at(noted, found) -> None:
    version = account("One")
    make.person_spoken_about(version.testimony, is_complainant=False, **noted)

    pack = pack_of(version, account("Two"))

    assert [each.kind for each in jigsaw.findings(compose(pack))] == found
    assert all("child" not in sentence for _, sentence in found_in(pack))


def test_small_counts_without_an_account_are_nobodys_jigsaw() -> None:
    assert found_in(pack_of(figures=[packing.figure("7")])) == []


def test_a_pack_is_stopped_until_a_reviewer_has_decided_on_what_it_finds() -> None:
    pack = pack_of(account("One", (FeatureKind.AGE, "14"), (FeatureKind.PLACE, "Barry")))
    with pytest.raises(Refused, match="nobody has decided on"):
        issued(pack)

    decided(pack, JigsawDecision.NOT_ACCEPTABLE, reason="A small town.")
    with pytest.raises(Refused, match="was decided against this pack"):
        issued(pack)
    assert not TestimonyUse.objects.exists()

    decided(pack, reason="The place is left as a county in the final words.")
    assert issued(pack).number == 1


def test_a_decision_holds_for_what_was_found_and_for_nothing_else() -> None:
    one = account("One", (FeatureKind.AGE, "14"), (FeatureKind.PLACE, "Barry"))
    pack = pack_of(one)
    decided(pack)
    assert jigsaw.what_stops(compose(pack)) == []

    review.edit(pack, by=make.user("officer"))
    section = pack.sections.get(kind="case_study")
    two = account("Two", (FeatureKind.PLACE, "Barry"))
    packing.PackItem.objects.create(
        section=section, position=9, testimony_version=two, as_background=True
    )

    assert "nobody has decided on" in " ".join(jigsaw.what_stops(compose(pack)))


def test_who_edited_the_pack_cannot_decide_nor_anybody_on_an_old_page() -> None:
    pack = pack_of(account("One", (FeatureKind.AGE, "14"), (FeatureKind.PLACE, "Barry")))

    with pytest.raises(Refused, match="Whoever edited the pack cannot decide"):
        decided(pack, by="officer")
    with pytest.raises(Refused, match="Say why"):
        decided(pack, reason="  ")
    with pytest.raises(Refused, match="has changed since you read this"):
        jigsaw.decide(
            compose(pack),
            decision=JigsawDecision.ACCEPTABLE,
            reason="Fine.",
            seen="0" * 64,
            by=make.user("reviewer"),
        )
    assert not JigsawReview.objects.exists()


def test_what_is_kept_of_a_decision_holds_no_words_of_an_account() -> None:
    pack = pack_of(account("One", (FeatureKind.AGE, "14"), (FeatureKind.PLACE, "Canaryville")))
    made = decided(pack)

    assert [each["kind"] for each in made.findings] == ["within"]
    assert "Canaryville" not in str(JigsawReview.objects.values_list())


def test_decisions_are_kept() -> None:
    decided(pack_of(account("One", (FeatureKind.RARE_EVENT, "a trial"))))

    with refused_by_grant():
        run("UPDATE campaigns_jigsawreview SET decision = 'acceptable'")
    with refused_by_grant():
        run("DELETE FROM campaigns_jigsawreview")


def test_a_decision_says_why() -> None:
    made = decided(pack_of(account("One", (FeatureKind.RARE_EVENT, "a trial"))))

    with refused_by("jigsaw_review_is_decided"):
        JigsawReview.objects.create(
            pack=made.pack,
            findings=[],
            fingerprint="0" * 64,
            decision=JigsawDecision.ACCEPTABLE,
            decided_by=made.decided_by,
        )


# The page


def page_of(pack) -> str:
    return f"/admin/campaigns/pack/{pack.pk}/jigsaw/"


def signed_in(client, *permissions):
    reader = make.user("reviewer")
    for name in permissions:
        app, codename = name.split(".")
        reader.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    client.force_login(reader)
    return client


SEES_PACKS = ("campaigns.view_pack", "evidence.view_testimonyversion")
DECIDES = "campaigns.decide_jigsawreview"


@pytest.mark.parametrize("permissions", [(), (*SEES_PACKS,), (DECIDES, "campaigns.view_pack")])
def test_who_may_not_read_accounts_or_decide_sees_nothing_of_it(client, permissions) -> None:
    ensure_roles()
    pack = pack_of(account("One", (FeatureKind.RARE_EVENT, "a canary event")))

    answer = signed_in(client, *permissions).get(page_of(pack))

    assert answer.status_code == 403
    assert "canary" not in answer.text


def test_a_reviewer_reads_the_pieces_and_decides(client) -> None:
    ensure_roles()
    pack = pack_of(account("One", (FeatureKind.RARE_EVENT, "a trial"), text="They all watched."))
    signed_in(client, *SEES_PACKS, DECIDES)

    read = client.get(page_of(pack))
    assert "One, version 1 tells Rare event: a trial." in read.text
    assert "They all watched." in read.text

    seen = jigsaw.fingerprint(jigsaw.findings(compose(pack)))
    given = {"decision": "acceptable", "reason": "There were many trials.", "seen": seen}
    answer = client.post(page_of(pack), given)

    assert answer.status_code == 302
    assert jigsaw.what_stops(compose(pack)) == []
