"""Whoever keeps an account hears that somebody else changed how it gets in, or what it opens."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.config import desk_rows as rows
from tests.config.test_worker import run_ready_tasks
from tests.evidence.test_review_admin import address_of, client_of, form_of, press

pytestmark = pytest.mark.django_db

REACH = (
    "It may now decide about people who gave testimony, or see who they are: "
    "the account “keeper”, by “admin”."
)
WATCHING = "lead-on-call@example.org"


@pytest.fixture(autouse=True)
def watched(settings) -> None:
    settings.SAFEGUARDING_ALERT_TO = [WATCHING]


@pytest.fixture
def administrator() -> Client:
    return client_of(rows.person("admin", "administrator"))


def account(*roles: str) -> User:
    made = rows.person("keeper", *roles)
    made.email = "keeper@example.org"
    made.save()
    return made


def set_password(client: Client, user: User) -> None:
    client.post(
        reverse("admin:auth_user_password_change", args=[user.pk]),
        {"password1": "another-long-one", "password2": "another-long-one"},
    )


def told() -> list[tuple[str, str]]:
    """To whom, and the first line, once the worker has been by."""
    run_ready_tasks()
    return sorted((message.to[0], message.body.splitlines()[0]) for message in mail.outbox)


def test_a_password_that_an_administrator_sets_is_told_to_the_account_and_to_who_watches(
    administrator,
) -> None:
    set_password(administrator, account("safeguarding lead"))

    line = "A new password was set: the account “keeper”, by “admin”."
    assert told() == [("keeper@example.org", line), (WATCHING, line)]


def test_that_of_an_account_that_opens_no_vault_is_told_to_its_keeper(administrator) -> None:
    set_password(administrator, account("officer"))

    line = "A new password was set: the account “keeper”, by “admin”."
    assert told() == [("keeper@example.org", line)]


def test_a_password_that_was_refused_is_told_to_nobody(administrator) -> None:
    administrator.post(
        reverse("admin:auth_user_password_change", args=[account("safeguarding lead").pk]),
        {"password1": "one", "password2": "another"},
    )

    assert told() == []


def test_a_second_factor_that_is_removed_is_told(administrator) -> None:
    user = account("safeguarding lead")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})

    press(administrator, user, "forget_second_factor")

    line = "The second factor was removed: the account “keeper”, by “admin”."
    assert told() == [("keeper@example.org", line), (WATCHING, line)]


def test_a_changed_address_is_told_to_the_old_one_too(administrator) -> None:
    user = account("officer")

    form = form_of(administrator, user, email="other@example.org")
    administrator.post(address_of(user, "change"), form)

    line = "The e-mail address was changed: the account “keeper”, by “admin”."
    assert told() == [("keeper@example.org", line), ("other@example.org", line)]


def test_a_role_that_opens_the_vault_is_told_and_no_other(administrator) -> None:
    user = account()
    rows.person("another", "safeguarding lead", "officer")  # so that the roles are there
    officer, lead = (Group.objects.get(name=name).pk for name in ("officer", "safeguarding lead"))

    for groups in ([officer], [officer, lead], [officer, lead]):
        form = form_of(administrator, user, groups=groups)
        administrator.post(address_of(user, "change"), form)

    assert told() == [("keeper@example.org", REACH), (WATCHING, REACH)]


def test_a_role_of_ones_own_making_that_reaches_as_far_is_told(administrator) -> None:
    """Whether the account has the role first, or the role its permissions."""
    user, helpers = account(), Group.objects.create(name="helpers")
    user.groups.add(helpers)
    reach = Permission.objects.get(codename="view_rawaccount")

    for permissions in ([], [reach.pk], [reach.pk]):
        form = form_of(administrator, helpers, permissions=permissions)
        administrator.post(address_of(helpers, "change"), form)

    assert told() == [("keeper@example.org", REACH), (WATCHING, REACH)]


def test_an_account_that_was_left_and_is_made_active_again_is_told(administrator) -> None:
    user = account("safeguarding lead")
    User.objects.filter(pk=user.pk).update(is_active=False)
    set_password(administrator, user)

    form = form_of(administrator, user, is_active="on")
    administrator.post(address_of(user, "change"), form)

    assert [line for to, line in told() if to == WATCHING] == [
        "A new password was set: the account “keeper”, by “admin”.",
        "It was made active again: the account “keeper”, by “admin”.",
    ]


def test_the_address_of_the_page_may_be_written_otherwise(administrator) -> None:
    """Django reads `_2B` as a plus sign, and takes +5 for 5."""
    user = account("officer")

    administrator.post(
        f"/admin/auth/user/_2B{user.pk}/password/",
        {"password1": "another-long-one", "password2": "another-long-one"},
    )

    user.refresh_from_db()
    line = "A new password was set: the account “keeper”, by “admin”."
    assert (user.check_password("another-long-one"), told()) == (
        True,
        [("keeper@example.org", line)],
    )


def test_nobody_is_told_of_what_they_did_themselves(administrator) -> None:
    user = User.objects.get(username="admin")
    User.objects.filter(pk=user.pk).update(email="admin@example.org")

    set_password(administrator, user)

    assert told() == []
