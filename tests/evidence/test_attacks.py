"""Ways past consent and review that a hostile hand would try: each says what must hold afterwards.

Whether an attempt is refused, or has no effect, is left to the rule that stops it.
"""

import re
import threading
from collections.abc import Callable

import psycopg
import pytest
from django.conf import settings
from django.db import Error, IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.logs import without_row_contents
from evidence import clearing, consenting, review, website
from evidence.models import (
    Area,
    Channel,
    Consent,
    ConsentTestimony,
    Contributor,
    RecallTask,
    Source,
    Statistic,
    TestimonyUse,
)
from evidence.refusing import Refused
from publishing import publication
from publishing.models import Change, Kind, Operation, PublishedItem
from tests import factories as make
from tests.config import desk_rows as rows
from tests.publishing import making
from tests.refusing import run

pytestmark = pytest.mark.django_db

PACK, WEBSITE = Channel.BRIEFING_PACK, Channel.WEBSITE_FEED
SHA = "a" * 64
NEW_ITEM = (
    "INSERT INTO publishing_publisheditem "
    "(id, kind, title, body, etag, facets, seq, published_at, updated_at) "
    "VALUES (%s, 'testimony', 'x', '{}', 'x', '{}', 987654, now(), now())"
)
NEW_USE = (
    "INSERT INTO evidence_testimonyuse (id, version_id, testimony_id, consent_id, scope_id, "
    "identity, used_on, artefact_sha256, used_at, outcome) VALUES (gen_random_uuid(), %s, %s, %s, "
    "%s, 3, (now() AT TIME ZONE 'Europe/London')::date, %s, now(), '')"
)


def attempt(act: Callable[[], object]) -> None:
    """Done if the database lets it be done."""
    try:
        with transaction.atomic():
            act()
            connection.check_constraints()
    except (IntegrityError, ProgrammingError, Refused):
        pass


def use(covered: make.Covered, channel: str = PACK, **fields: object) -> TestimonyUse:
    return TestimonyUse.objects.create(
        **{
            "version": covered.version,
            "testimony_id": covered.version.testimony_id,
            "consent": covered.consent,
            "scope": covered.scopes[channel],
            "identity": covered.version.identity,
            "used_on": timezone.localdate(),
            "artefact_sha256": SHA,
            **fields,
        }
    )


def on_website() -> make.Covered:
    covered = make.covered(WEBSITE)
    website.put_on_website(covered.version.testimony)
    return covered


def is_live(covered: make.Covered) -> bool:
    return PublishedItem.objects.filter(pk=covered.version.testimony.public_id).exists()


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


# What was called back, and what was not.


def test_an_item_marked_as_called_back_still_leaves_with_its_consent() -> None:
    covered = on_website()

    attempt(lambda: run("UPDATE evidence_testimonyuse SET recalled_at = now()"))
    consenting.withdraw(covered.consent)

    assert not is_live(covered)


def test_a_copy_marked_as_called_back_still_gets_its_task() -> None:
    covered = make.covered()
    used = use(covered)

    attempt(lambda: run("UPDATE evidence_testimonyuse SET recalled_at = now()"))
    consenting.withdraw(covered.consent)

    assert RecallTask.objects.filter(use=used).exists()


def test_no_use_is_born_as_called_back() -> None:
    covered = make.covered()

    attempt(lambda: use(covered, recalled_at=timezone.now(), outcome="destroyed"))
    consenting.withdraw(covered.consent)

    assert TestimonyUse.objects.count() == RecallTask.objects.count()


def test_what_was_called_back_stays_called_back() -> None:
    covered = make.covered()
    use(covered)
    consenting.withdraw(covered.consent)

    attempt(lambda: run("UPDATE evidence_testimonyuse SET recalled_at = NULL, outcome = ''"))

    assert not TestimonyUse.objects.filter(recalled_at=None).exists()


@pytest.mark.parametrize("ahead", ["task", "revived"])
def test_nothing_written_ahead_keeps_a_withdrawal_from_ending(ahead: str) -> None:
    covered = make.covered()
    used = use(covered)
    if ahead == "revived":
        consenting.pause(covered.consent)
        attempt(lambda: run("UPDATE evidence_testimonyuse SET recalled_at = NULL"))
        consenting.resume(covered.consent)
    else:
        attempt(
            lambda: RecallTask.objects.create(
                use=used, opened_at=timezone.now(), due_at=timezone.now()
            )
        )

    consenting.withdraw(covered.consent)

    assert not TestimonyUse.objects.filter(recalled_at=None).exists()


def test_words_that_newer_ones_superseded_can_still_be_called_back() -> None:
    """Only acts that the desk offers: the old words stand in a copy, and turn out to identify."""
    covered = make.covered()
    used = use(covered)
    make.cleared(covered.version.testimony, "Words that do not identify.")
    covered.version.refresh_from_db()

    clearing.recall(covered.version)

    assert RecallTask.objects.filter(use=used).exists()


# The published table.


def test_no_testimony_is_published_without_a_use() -> None:
    account = make.testimony()

    attempt(lambda: run(NEW_ITEM, account.public_id))

    assert not PublishedItem.objects.filter(pk=account.public_id).exists()


def test_what_was_withdrawn_is_not_published_again() -> None:
    covered = on_website()
    consenting.withdraw(covered.consent)

    attempt(lambda: run(NEW_ITEM, covered.version.testimony.public_id))

    assert not is_live(covered)


def test_a_published_account_does_not_outlive_its_consent() -> None:
    covered = on_website()

    attempt(lambda: run("UPDATE publishing_publisheditem SET expires_at = NULL"))

    assert PublishedItem.objects.get().expires_at == covered.consent.validity.upper


def test_no_item_goes_without_a_word_in_the_log() -> None:
    covered = on_website()

    attempt(lambda: run("DELETE FROM publishing_publisheditem"))

    gone = not is_live(covered)
    assert gone == (Change.objects.order_by("seq").last().op == Operation.REMOVE)


def test_the_counter_never_goes_back() -> None:
    on_website()

    attempt(lambda: run("UPDATE publishing_counter SET seq = 0"))

    assert run("SELECT seq FROM publishing_counter") == [(1,)]


@pytest.mark.parametrize("item", ["none", "random"])
def test_a_use_on_the_website_names_the_item_that_it_is(item: str) -> None:
    """Else a withdrawal finds nothing there to remove."""
    covered = make.covered(WEBSITE)
    account = covered.version.testimony
    other = None if item == "none" else make.testimony("Other").public_id

    def publish() -> None:
        use(covered, WEBSITE, feed_item=other)
        publication.write(
            kind=Kind.TESTIMONY,
            id=account.public_id,
            title="x",
            document={},
            search_text="",
            facets={},
            expires_at=covered.consent.validity.upper,
        )

    attempt(publish)
    consenting.withdraw(covered.consent)

    assert not is_live(covered)


def test_a_consent_for_packs_covers_no_item_of_the_website() -> None:
    covered = make.covered(PACK)

    attempt(lambda: use(covered, PACK, feed_item=covered.version.testimony.public_id))

    assert not TestimonyUse.objects.exists()


def test_an_account_keeps_its_public_id() -> None:
    covered = on_website()
    account = covered.version.testimony

    attempt(lambda: run("UPDATE evidence_testimony SET public_id = gen_random_uuid()"))
    account.refresh_from_db()
    website.put_on_website(account)
    consenting.withdraw(covered.consent)

    assert not PublishedItem.objects.exists()


# Whose consent covers whose account.


def test_an_account_is_not_lent_to_another_person_to_be_covered() -> None:
    theirs, account = make.testimony("Theirs"), make.testimony("Account")
    owner = account.contributor_id
    consent = make.requested_consent(theirs.contributor)
    make.scope(consent)
    change = "UPDATE evidence_testimony SET contributor_id = %s WHERE id = %s"

    attempt(lambda: run(change, theirs.contributor_id, account.pk))
    attempt(lambda: ConsentTestimony.objects.create(consent=consent, testimony=account))
    attempt(lambda: run(change, owner, account.pk))
    attempt(lambda: consenting.give(consent))

    account.refresh_from_db()
    listed = ConsentTestimony.objects.filter(consent__state="given", testimony=account)
    assert not listed.exclude(consent__contributor=account.contributor_id).exists()


def test_a_requested_consent_does_not_change_hands_once_it_lists_an_account() -> None:
    account = make.testimony()
    consent = make.requested_consent(account.contributor)
    ConsentTestimony.objects.create(consent=consent, testimony=account)
    make.scope(consent)
    consent.contributor = Contributor.objects.create(label="Somebody else", is_fictional=True)

    attempt(consent.save)
    attempt(lambda: consenting.give(consent))

    assert not Consent.objects.filter(
        state="given", contributor__label="Somebody else", testimonies=account
    ).exists()


def test_an_account_under_consent_does_not_change_hands_at_the_desk() -> None:
    account = make.covered().version.testimony
    owner = account.contributor_id
    other = Contributor.objects.create(label="Somebody else", is_fictional=True)
    address = reverse("admin:evidence_testimony_change", args=[account.pk])
    client = client_of(rows.person("lead", "safeguarding lead"))
    page = client.get(address)
    forms = [page.context["adminform"].form]
    for formset in page.context["inline_admin_formsets"]:
        forms.append(formset.formset.management_form)
    sent = {field.html_name: field.value() or "" for form in forms for field in form}

    client.post(address, {**sent, "contributor": other.pk})

    account.refresh_from_db()
    assert account.contributor_id == owner


# History.


def test_nobody_writes_the_history_of_a_consent_by_hand() -> None:
    consent = make.covered().consent
    forged = (
        "INSERT INTO evidence_consentevent (consent_id, from_state, to_state, at, login) "
        "VALUES (%s, 'given', 'withdrawn', now() - interval '1 year', 'attest_owner')"
    )

    attempt(lambda: run(forged, consent.pk))

    assert not consent.events.filter(login="attest_owner").exists()


def test_who_did_it_cannot_be_rewritten() -> None:
    found = run(
        "SELECT has_table_privilege(login, 'pghistory_context', 'DELETE'), "
        "has_table_privilege(login, 'django_admin_log', 'UPDATE, DELETE') "
        "FROM (SELECT %s::text AS login) AS asked",
        settings.APP_LOGIN,
    )

    assert found == [(False, False)]


def test_what_is_published_is_not_deleted_beneath_its_document() -> None:
    record = making.approved(make.statistic())
    assert PublishedItem.objects.filter(pk=record.pk).exists()

    attempt(lambda: run("DELETE FROM evidence_statistic WHERE id = %s", record.pk))

    assert Statistic.objects.filter(pk=record.pk).exists()


# Names that the rules call.


def test_every_rule_of_ours_says_where_its_names_are_looked_up() -> None:
    """Else a temporary table stands before the real one: pg_temp comes first, unless named."""
    unset = run(
        "SELECT routine.oid::regprocedure::text FROM pg_proc AS routine "
        "WHERE pronamespace = 'public'::regnamespace AND prolang <> (SELECT oid FROM pg_language "
        "WHERE lanname = 'c') AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = routine.oid "
        "AND deptype = 'e') AND NOT EXISTS (SELECT FROM unnest(proconfig) AS setting "
        "WHERE setting ~ '^search_path=.*pg_temp\"?$') ORDER BY 1"
    )

    assert [name for (name,) in unset if "pgh" not in name and "pgtrigger" not in name] == []


def test_a_temporary_table_does_not_stand_in_for_a_consent() -> None:
    covered = make.covered()
    consenting.withdraw(covered.consent)

    def shadow() -> None:
        run("CREATE TEMP TABLE evidence_consent AS SELECT * FROM public.evidence_consent")
        run("UPDATE pg_temp.evidence_consent SET state = 'given'")
        run(
            NEW_USE.replace("INTO ", "INTO public."),
            covered.version.pk,
            covered.version.testimony_id,
            covered.consent.pk,
            covered.scopes[PACK].pk,
            SHA,
        )

    attempt(shadow)

    assert run("SELECT count(*) FROM public.evidence_testimonyuse") == [(0,)]


# Two connections at once.

OLD_SNAPSHOT = {
    "withdrawn": (
        "UPDATE evidence_consent SET state = 'withdrawn' WHERE record_id = %s",
        "consent",
    ),
    "safeguarding": (
        "UPDATE evidence_testimony SET safeguarding = 'open' WHERE id = %s",
        "testimony",
    ),
    "recalled": (
        "UPDATE evidence_testimonyversion SET state = 'recalled' WHERE id = %s",
        "version",
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leaving", OLD_SNAPSHOT)
def test_an_old_snapshot_hides_no_use_from_what_calls_it_back(login_as, leaving: str) -> None:
    covered = make.covered()
    ids = {
        "consent": covered.consent.pk,
        "testimony": covered.version.testimony_id,
        "version": covered.version.pk,
    }
    statement, of = OLD_SNAPSHOT[leaving]
    caller: psycopg.Connection = login_as("default")

    caller.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    caller.execute("SELECT FROM evidence_consent")
    use(covered)
    try:
        caller.execute(statement, [ids[of]])
        caller.execute("COMMIT")
    except psycopg.Error:
        return  # it has to be tried again, and then sees the use

    assert RecallTask.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_old_snapshot_hides_no_denial_from_a_use(login_as) -> None:
    covered = make.covered()
    user: psycopg.Connection = login_as("default")
    version, scope = covered.version, covered.scopes[PACK]

    user.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    user.execute("SELECT FROM evidence_consent")
    consenting.withdraw_scope(
        covered.consent, purpose=scope.purpose, audience=scope.audience, channel=scope.channel
    )
    try:
        user.execute(NEW_USE, [version.pk, version.testimony_id, covered.consent.pk, scope.pk, SHA])
        user.execute("COMMIT")
    except psycopg.Error:
        user.execute("ROLLBACK")

    assert not TestimonyUse.objects.filter(recalled_at=None).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [website.put_on_website, website.take_off_website])
def test_a_withdrawal_is_not_the_victim_of_a_deadlock(login_as, monkeypatch, act) -> None:
    covered = on_website()
    withdrawing: psycopg.Connection = login_as("default")
    failed: list[Exception] = []

    def withdraw() -> None:
        try:
            withdrawing.execute(
                "UPDATE evidence_consent SET state = 'withdrawn' WHERE record_id = %s",
                [covered.consent.pk],
            )
        except psycopg.Error as error:
            failed.append(error)

    thread = threading.Thread(target=withdraw)

    def meanwhile(original: Callable[..., object]) -> Callable[..., object]:
        def called(*args: object, **kwargs: object) -> object:
            thread.start()
            thread.join(0.5)
            return original(*args, **kwargs)

        return called

    name = "write" if act is website.put_on_website else "take_turns"
    monkeypatch.setattr(publication, name, meanwhile(getattr(publication, name)))
    try:
        act(covered.version.testimony)
    except Error as error:
        failed.append(error)
    thread.join(10)

    assert failed == []
    assert not is_live(covered)


# Review.


@pytest.fixture
def reviewer():
    return rows.person("reviewer")


def hidden_fields(html: str, act: str) -> dict[str, str]:
    """What the form of this button sends along."""
    for form in re.findall(r"<form.*?</form>", html, re.DOTALL):
        sent = {}
        for control in re.findall(r"<(?:input|button)[^>]*>", form):
            given = dict(re.findall(r'(name|value)="([^"]*)"', control))
            if "name" in given and given["name"] != "csrfmiddlewaretoken":
                sent[given["name"]] = given.get("value", "")
        if sent.get("act") == act:
            return sent
    raise AssertionError(f"there is no button {act}")


def test_nobody_approves_what_they_were_not_shown(reviewer) -> None:
    officer = make.user("officer")
    record = make.source()
    review.submit(record, by=officer)
    client = client_of(reviewer)
    page = client.get(reverse("admin:evidence_source_change", args=[record.pk])).content.decode()

    record.title = "Changed after the reviewer read it"
    review.edit(record, by=officer)
    record.save()
    review.submit(record, by=officer)
    client.post(
        reverse("admin:evidence_source_act", args=[record.pk]), hidden_fields(page, "approve")
    )

    assert not Source.objects.get(pk=record.pk).is_approved


def test_what_an_approved_figure_says_is_not_changed_by_one_person() -> None:
    record = making.approved(make.statistic())
    area = Area.objects.get(pk=record.area_id)
    address = reverse("admin:evidence_area_change", args=[area.pk])
    client = client_of(rows.person("officer"))
    form = client.get(address).context["adminform"].form
    sent = {field.html_name: field.value() or "" for field in form}

    client.post(address, {**sent, "name": "The whole of the United Kingdom"})

    record = Statistic.objects.get(pk=record.pk)
    assert not record.is_approved or record.area.name == "Wales"


# What the desk's filters tell.


@pytest.mark.parametrize(
    ("role", "model", "lookup"),
    [
        ("reader", "campaigns_member", "copies__isnull=0"),
        ("reader", "campaigns_pack", "versions__isnull=0"),
        ("reader", "evidence_source", "restricted_accounts__isnull=0"),
        ("officer", "evidence_testimony", "consents__isnull=0"),
        ("officer", "evidence_testimony", "consents__record_id__startswith=0"),
        ("officer", "evidence_testimony", "uses__isnull=0"),
    ],
)
def test_no_filter_tells_of_what_a_person_may_not_see(role: str, model: str, lookup: str) -> None:
    client = client_of(rows.person(role))

    answer = client.get(f"{reverse(f'admin:{model}_changelist')}?{lookup}")

    assert answer.status_code in {302, 400, 403}


# Logs.


@pytest.mark.parametrize(
    "said",
    [
        'syntax error in tsquery: "Cerys was fifteen"',
        'time zone "Cerys was fifteen" not recognized',
        'invalid value "Cerys" for "Month"',
        'unterminated quoted string at or near "\'Cerys was fifteen"',
        'column "Cerys was fifteen" does not exist',
        "“Cerys was fifteen” is not a valid UUID.",
        "Field 'number' expected a number but got 'Cerys was fifteen'.",
    ],
)
def test_a_message_that_quotes_what_was_given_is_cut(said: str) -> None:
    assert "Cerys" not in without_row_contents(said)
