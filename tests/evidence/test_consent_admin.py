"""Consents at the desk: mistakes are told at their field, and what a move takes back before it."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.roles import ROLES
from evidence import consenting, identities
from evidence.blast_radius import blast_radius
from evidence.identities import Person
from evidence.models import (
    Channel,
    Consent,
    ConsentState,
    ConsentTestimony,
    Contributor,
    IdentityForm,
    TestimonyUse,
    VaultLook,
    scope_key,
    scope_parts,
)
from evidence.uses import record_use
from evidence.website import put_on_website
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_permission import PACK
from tests.evidence.test_review_admin import address_of, buttons, client_of, form_of, press

pytestmark = pytest.mark.django_db

PAGES = ("narrow", "withdraw_part", "withdraw_account", "receipt", "attach")
WEBSITE = "public_awareness:public:website_feed"
BRIEFING = "policy_briefing:parliament_members:briefing_pack"


@pytest.fixture
def keeper() -> Client:
    return client_of(rows.person("keeper", "safeguarding lead"))


@pytest.fixture
def used() -> make.Covered:
    """On the website, and in one copy of a pack."""
    covered = make.covered(Channel.BRIEFING_PACK, Channel.WEBSITE_FEED, title="A story")
    put_on_website(covered.version.testimony)
    record_use(covered.version, PACK, artefact_sha256="a" * 64)
    return covered


def test_a_stranger_is_shown_the_door(client, used):
    answers = [client.post(address_of(used.consent, page)) for page in PAGES]

    assert {answer.status_code for answer in answers} == {302}
    assert all("/admin/login/" in answer["Location"] for answer in answers)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"safeguarding lead"}))
def test_nobody_else_moves_a_consent(role, used):
    other = client_of(rows.person("other", role))
    given = {"scope": WEBSITE, "max_identity": 0, "testimony": used.version.testimony_id}

    codes = {other.post(address_of(used.consent, page), given).status_code for page in PAGES}

    used.consent.refresh_from_db()
    assert codes <= {403, 404}
    assert (used.consent.state, used.consent.scopes.count(), used.consent.receipt_issued_at) == (
        ConsentState.GIVEN,
        2,
        None,
    )


@pytest.mark.parametrize("role", ["administrator", "legal reviewer"])
def test_whoever_may_not_see_contributors_reads_no_label_of_theirs(role, used):
    reader = client_of(rows.person("reader", role))
    Contributor.objects.update(label="Canary of the north")

    pages = [
        reader.get(address)
        for address in (
            address_of(used.consent, "change"),
            address_of(used.version.testimony, "change"),
            reverse("admin:evidence_consent_changelist"),
            reverse("admin:evidence_consent_changelist") + "?q=Canary",
            reverse("admin:evidence_testimony_changelist") + "?q=Canary",
        )
    ]

    assert {page.status_code for page in pages} == {200}
    assert not [page for page in pages[:3] if "Canary" in page.content.decode()]
    assert [page.context["cl"].result_count for page in pages[3:]] == [0, 0]


def test_an_officer_reads_no_label_of_a_contributor(used):
    officer = client_of(rows.person("officer"))
    contributor = used.consent.contributor
    Contributor.objects.update(label="Canary of the north")
    whose = reverse("admin:evidence_testimony_changelist") + f"?contributor={contributor.pk}"

    pages = [
        officer.get(reverse("admin:evidence_testimony_changelist")).content.decode(),
        officer.get(address_of(used.version.testimony, "change")).content.decode(),
        officer.get(address_of(used.version, "change")).content.decode(),
    ]

    assert not [page for page in pages if "Canary" in page]
    assert officer.get(whose).status_code == 400


def errors_of(page) -> dict[str, list[str]]:
    """Each field's errors, of the form and of its lines."""
    found = dict(page.context["adminform"].form.errors)
    for formset in page.context["inline_admin_formsets"]:
        for form in formset.formset.forms:
            found.update(form.errors)
    return found


def saved(keeper: Client, consent: Consent, **changed: object):
    """As the browser sends it: moments and ranges in two fields each."""
    consent.refresh_from_db()
    given = timezone.localtime(consent.event_time)
    validity = consent.validity
    sent = {
        "event_time_0": f"{given:%Y-%m-%d}",
        "event_time_1": f"{given:%H:%M}",
        "validity_0": f"{timezone.localdate(validity.lower):%Y-%m-%d}",
        "validity_1": f"{timezone.localdate(validity.upper):%Y-%m-%d}",
        **changed,
    }
    return keeper.post(address_of(consent, "change"), form_of(keeper, consent, **sent))


def one_scope(consent: Consent, channel: str, **changed: object) -> dict[str, object]:
    number = consent.scopes.count()
    given = {
        "decision": "permit",
        "purpose": "media",
        "audience": "press",
        "channel": channel,
        "max_identity": IdentityForm.PSEUDONYM,
        "max_edits": "none",
        **changed,
    }
    return {
        "scopes-TOTAL_FORMS": number + 1,
        **{f"scopes-{number}-{name}": value for name, value in given.items()},
    }


def narrow_notice():
    return make.notice("narrow", covers=[WEBSITE, BRIEFING, scope_key("media", "press", "print")])


def test_what_the_notice_does_not_ask_for_is_refused_at_the_channel(keeper):
    account = make.testimony()
    asked = make.requested_consent(account.contributor, notice=narrow_notice())

    page = saved(keeper, asked, **one_scope(asked, "social", irrevocable_understood="on"))

    assert errors_of(page) == {
        "channel": [
            "Notice narrow (en-GB) does not ask for this: “Media, to Press: Social media”. A "
            "consent covers only what the notice asked for. For that purpose it asks for: Media, "
            "to Press: Print."
        ]
    }
    assert not asked.scopes.exists()


def test_what_cannot_come_back_takes_a_tick_of_its_own(keeper):
    asked = make.requested_consent(make.testimony().contributor)

    page = saved(keeper, asked, **one_scope(asked, "press_release"))

    assert errors_of(page) == {
        "irrevocable_understood": [
            "Press release cannot be called back: tick that the person was told so and agrees all "
            "the same."
        ]
    }


def test_a_day_to_come_is_refused_at_its_field(keeper):
    asked = rows.consent()
    to_come = timezone.localdate() + timedelta(days=3)

    page = saved(keeper, asked, event_time_0=to_come.isoformat(), event_time_1="12:00")

    assert errors_of(page) == {"event_time": ["A consent cannot be given in the future."]}


def test_a_second_live_consent_is_refused_at_the_account(keeper, used):
    account = used.version.testimony
    second = make.requested_consent(account.contributor)

    page = saved(keeper, second, **{"listed-TOTAL_FORMS": 1, "listed-0-testimony": str(account.pk)})

    assert errors_of(page) == {
        "testimony": [
            "Another live consent covers this account at that time: choose that one under "
            "“replaces”, or end it first."
        ]
    }


def test_somebody_elses_account_is_refused_at_the_account(keeper):
    asked, other = rows.consent(1), make.testimony("Somebody else's")

    page = saved(keeper, asked, **{"listed-TOTAL_FORMS": 2, "listed-1-testimony": str(other.pk)})

    assert errors_of(page) == {"testimony": ["Somebody else gave that account."]}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"age_at_consent": 12, "competence": "gillick_assessed_competent",
          "subject_assent": "on"}, "expressed_by"),
        ({"age_at_consent": 15, "subject_assent": "on"}, "competence"),
        ({"competence": "gillick_assessed_competent"}, "competence"),
        ({"competence": "mca_lacks"}, "expressed_by"),
    ],
)  # fmt: skip
def test_a_rule_on_age_and_competence_is_told_at_its_field(keeper, changed, field):
    asked = rows.consent()

    page = saved(keeper, asked, reconsent_month="2027-08-01", **changed)

    assert field in errors_of(page)


def test_a_child_who_has_not_agreed_is_on_record_and_gives_nothing(keeper):
    asked = rows.consent()
    until = timezone.localdate() + timedelta(days=20)
    month = (until + timedelta(days=40)).replace(day=1)
    young = {"age_at_consent": 17, "reconsent_month": month.isoformat()}
    ends = {"validity_1": until.isoformat(), "review_due": until - timedelta(days=5)}
    saved(keeper, asked, **young, **ends)
    asked.refresh_from_db()

    words = press(keeper, asked, "give")

    assert (asked.age_at_consent, asked.subject_assent) == (17, False)
    assert "Under 18, the child&#x27;s own agreement is needed as well." in words
    assert asked.state == ConsentState.REQUESTED


def test_under_18_the_month_of_the_next_birthday_is_needed(keeper):
    asked = rows.consent()

    page = saved(keeper, asked, age_at_consent=17, subject_assent="on")

    assert list(errors_of(page)) == ["reconsent_month"]


def born_young(asked: Consent) -> date:
    """So that they were 15 on the day of the consent, and turn 16 within the year."""
    given = timezone.localdate(asked.event_time)
    born = date(given.year - 16, given.month, 28) + timedelta(days=120)
    person = Person("Canary Wharton", born)
    identities.record_identity(asked.contributor, person, by=make.user("recorder"))
    return born


def test_the_month_is_worked_out_from_the_date_of_birth_and_the_day_stays_sealed(keeper):
    asked = rows.consent()
    born = born_young(asked)
    until = timezone.localdate() + timedelta(days=20)
    given = {
        "age_at_consent": 15,
        "competence": "gillick_assessed_competent",
        "subject_assent": "on",
        "validity_1": until.isoformat(),
        "review_due": until - timedelta(days=5),
    }

    answer = saved(keeper, asked, **given)

    asked.refresh_from_db()
    assert answer.status_code == 302
    assert asked.reconsent_month == date(born.year + 16, born.month, 1)
    assert f"{born:%-d %B %Y}" not in keeper.get(address_of(asked, "change")).content.decode()
    look = VaultLook.objects.get()
    assert (look.what, look.because) == (
        "identity",
        "To work out the birthday by which they are asked anew.",
    )


def test_an_age_that_is_not_theirs_is_told_without_saying_the_date(keeper):
    asked = rows.consent()
    born_young(asked)

    page = saved(keeper, asked, age_at_consent=34)

    assert errors_of(page)["age_at_consent"] == [
        "That is not the age that the date of birth on record gives for that day."
    ]


def test_what_rests_on_it_stands_above_its_buttons(keeper, used):
    shown = keeper.get(address_of(used.consent, "change")).context["shown"]

    assert shown.radius.sentence == "In use now: 1 item on the website, 1 copy handed out."
    assert [title for title, _ in shown.website] == ["A story"]


def test_a_renewal_that_waits_lists_what_rests_on_the_record_before(keeper, used):
    pages = [
        keeper.get(address_of(each, "change")).content.decode()
        for each in (used.consent, make.renewal(used))
    ]

    would = ["What would be taken back" in page for page in pages]
    before = ["What rests on the record that it replaces" in page for page in pages]
    assert (would, before) == ([True, False], [False, True])


def test_a_withdrawal_says_what_it_has_taken_back(keeper, used):
    words = press(keeper, used.consent, "withdraw")

    assert "Withdrawn for good. Left the website: 1. Copies that are being called back: 1." in words
    assert blast_radius(TestimonyUse.objects.under(used.consent)).is_empty


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("requested", ["give", "defer", "refuse"]),
        ("deferred", ["give", "refuse"]),
        ("given", ["pause", "withdraw", "revoke", "invalidate"]),
        ("suspended", ["resume", "withdraw", "revoke", "invalidate"]),
        ("refused", []),
    ],
)
def test_each_state_has_its_own_buttons(keeper, used, state, shown):
    consent = used.consent if state in consenting.LIVE_STATES else rows.consent()
    for move in {
        "deferred": [consenting.defer],
        "suspended": [consenting.pause],
        "refused": [consenting.refuse],
    }.get(state, []):
        move(consent)

    assert buttons(keeper, consent) == shown


def test_a_no_and_a_not_yet_to_a_renewal_leave_what_was_given(keeper, used):
    renewal = make.renewal(used)

    later = press(keeper, renewal, "defer")
    deferred = renewal.state
    no = press(keeper, renewal, "refuse")

    used.consent.refresh_from_db()
    assert "Deferred: nothing can be used until they have given it." in later
    assert "Refused. They can be asked again, with another record." in no
    assert (deferred, renewal.state, used.consent.state) == ("deferred", "refused", "given")
    assert TestimonyUse.objects.filter(recalled_at=None).count() == 2
    assert "Renew" in [
        label for label, _ in keeper.get(address_of(used.consent, "change")).context["pages"]
    ]


@pytest.mark.parametrize(
    ("act", "state", "done"),
    [
        ("revoke", ConsentState.REVOKED, "Revoked for good."),
        ("invalidate", ConsentState.INVALIDATED, "Invalidated for good."),
    ],
)
def test_ended_by_us_or_never_valid_it_calls_back_as_a_withdrawal_does(
    keeper, used, act, state, done
):
    words = press(keeper, used.consent, act)

    assert f"{done} Left the website: 1. Copies that are being called back: 1." in words
    assert used.consent.state == state
    assert blast_radius(TestimonyUse.objects.under(used.consent)).is_empty


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"safeguarding lead"}))
def test_nobody_else_presses_a_button_of_it(role, used):
    other = client_of(rows.person("other", role))
    asked = make.renewal(used)

    codes = {
        other.post(address_of(record, "act"), {"act": act}).status_code
        for record, acts in ((asked, ("defer", "refuse")), (used.consent, ("revoke", "invalidate")))
        for act in acts
    }

    states = set(Consent.objects.values_list("state", flat=True))
    assert codes <= {403, 404}
    assert states == {ConsentState.REQUESTED, ConsentState.GIVEN}


def test_one_part_is_withdrawn_in_two_steps(keeper, used):
    address = address_of(used.consent, "withdraw_part")

    first = keeper.get(address).context
    second = keeper.get(address, {"scope": WEBSITE}).context
    done = keeper.post(address, {"scope": WEBSITE}, follow=True).content.decode()

    assert (first["choosing"], second["choosing"]) == (True, False)
    assert second["shown"].radius.sentence == "In use now: 1 item on the website."
    assert "Withdrawn: Public awareness, to Public: Website. Left the website: 1." in done
    assert [use.feed_item for use in TestimonyUse.objects.filter(recalled_at=None)] == [None]


def test_a_part_is_narrowed_and_what_tells_more_is_called_back(keeper, used):
    address = address_of(used.consent, "narrow")
    less = {"scope": BRIEFING, "max_identity": int(IdentityForm.PARAPHRASE_ANONYMOUS)}

    before = keeper.get(address, less).context["shown"].radius
    done = keeper.post(address, less, follow=True).content.decode()

    assert (before.count_of_copies, len(before.website)) == (1, 0)
    assert "Narrowed: paraphrased, anonymous at most." in done
    assert "Copies that are being called back: 1." in done


def test_narrowing_to_as_much_as_before_is_refused_at_its_field(keeper, used):
    less = IdentityForm.VERBATIM_ANONYMOUS
    consenting.narrow(used.consent, **scope_parts(BRIEFING), max_identity=less)
    same = {"scope": BRIEFING, "max_identity": int(less)}

    page = keeper.post(address_of(used.consent, "narrow"), same)

    assert page.context["form"].errors == {
        "max_identity": ["That is as far as it goes already: only less can be chosen."]
    }


def test_only_less_than_the_consent_permits_is_offered(keeper, used):
    page = keeper.get(address_of(used.consent, "narrow"))

    offered = [value for value, _ in page.context["form"].fields["max_identity"].choices]
    assert offered == [form for form in IdentityForm if form < IdentityForm.PSEUDONYM]


def test_one_account_is_withdrawn_and_the_others_stay(keeper, used):
    account = used.version.testimony

    done = keeper.post(
        address_of(used.consent, "withdraw_account"), {"testimony": account.pk}, follow=True
    ).content.decode()

    assert "Withdrawn for “A story” alone. Left the website: 1." in done
    assert ConsentTestimony.objects.get().withdrawn_at is not None
    used.consent.refresh_from_db()
    assert used.consent.state == ConsentState.GIVEN


def test_what_could_be_read_aloud_already_cannot_come_back():
    covered = make.covered(Channel.BRIEFING_PACK, Channel.SPEECH)
    record_use(covered.version, PACK, artefact_sha256="a" * 64)
    use = TestimonyUse.objects.get()
    before = use.used_on - timedelta(days=1)

    lost = [
        [each.pk for each in blast_radius(covered.consent.uses.all(), at=day).irrevocable]
        for day in (before, use.used_on)
    ]

    assert lost == [[], [use.pk]]


def test_a_form_sent_without_its_dates_says_so_at_the_field(keeper):
    asked = rows.consent()

    page = saved(keeper, asked, validity_0="", validity_1="")

    assert errors_of(page) == {"validity": ["This field is required."]}


def test_a_renewal_is_filled_in_and_replaces_the_old_record(keeper, used):
    page = keeper.get(address_of(used.consent, "change"))
    [address] = [url for label, url in page.context["pages"] if label == "Renew"]

    form = keeper.get(address).context

    given = form["adminform"].form
    lines = {
        each.formset.prefix: [one.initial for one in each.formset.forms]
        for each in form["inline_admin_formsets"]
    }
    assert (given["replaces"].value(), given["contributor"].value()) == (
        used.consent.pk,
        used.consent.contributor_id,
    )
    assert given["event_time"].value() is None
    assert [each["testimony"] for each in lines["listed"]] == [used.version.testimony_id]
    assert [each["channel"] for each in lines["scopes"]] == ["briefing_pack", "website_feed"]


def test_what_was_withdrawn_is_not_renewed(keeper, used):
    press(keeper, used.consent, "withdraw")

    page = keeper.get(address_of(used.consent, "change"))

    assert "Renew" not in [label for label, _ in page.context["pages"]]


def test_a_receipt_is_issued_once_and_says_what_was_agreed(keeper, used):
    address = address_of(used.consent, "receipt")

    words = keeper.post(address, follow=True).content.decode()
    again = keeper.post(address)

    used.consent.refresh_from_db()
    assert used.consent.receipt_issued_at is not None
    permitted = (
        "On our website, for anyone, to help people understand; at most with a made-up name."
    )
    assert permitted in words
    assert str(used.consent.pk) in words
    assert again.context["form"].non_field_errors() == [
        "The receipt was issued already: print it again."
    ]


def test_a_receipt_prints_the_notice_for_those_alone_who_may_read_notices(used):
    answers = {
        role: client_of(rows.person(role, role)).get(address_of(used.consent, "receipt"))
        for role in ("administrator", "data-protection officer")
    }

    assert {role: answer.status_code for role, answer in answers.items()} == {
        "administrator": 403,
        "data-protection officer": 200,
    }


def test_the_receipt_has_the_standards_names(keeper, used):
    record = keeper.get(address_of(used.consent, "receipt")).context["receipt"].record

    assert set(record) == {
        "schema_version",
        "record_id",
        "pii_principal_id",
        "receipt_issued_at",
        "pii_processing",
        "event",
    }
    assert record["pii_processing"]["purposes"] == ["policy_briefing", "public_awareness"]
    assert record["event"]["event_state"] == "given"
