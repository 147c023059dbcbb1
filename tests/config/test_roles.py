"""Roles: who may open the vault, sign, hold and erase; one table, compared as a whole."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.urls import reverse

from config.roles import ROLES, ensure_roles
from tests.config import desk_rows as rows

pytestmark = pytest.mark.django_db

GUARDED = {
    "view_identity": {"safeguarding lead"},
    "add_identity": {"safeguarding lead"},
    "view_rawaccount": {"safeguarding lead"},
    "add_rawaccount": {"safeguarding lead"},
    "view_consentevidence": {"safeguarding lead"},
    "add_consentevidence": {"safeguarding lead"},
    "view_contributor": {"safeguarding lead", "data-protection officer"},
    "hold_contributor": {"safeguarding lead", "data-protection officer"},
    "erase_contributor": {"safeguarding lead", "data-protection officer"},
    "view_vaultlook": {"safeguarding lead", "data-protection officer"},
    "view_withdrawalledger": {"safeguarding lead", "data-protection officer"},
    "view_erasureledger": {"safeguarding lead", "data-protection officer"},
    "check_anonymitywaiver": {"safeguarding lead"},
    "sign_off_anonymitywaiver": {"legal reviewer"},
    "sign_off_testimonyversion": {"legal reviewer"},
    "agree_personspokenabout": {"safeguarding lead", "legal reviewer"},
    "sign_off_reportingrestriction": {"legal reviewer"},
    "change_consent": {"safeguarding lead"},
    "add_testimonyuse": {"safeguarding lead", "campaign lead"},
    "view_alert": {"safeguarding lead"},
    "add_ownpagelink": {"safeguarding lead"},
    "delete_contributor": set(),
    "delete_identity": set(),
    "delete_consent": set(),
    "change_identity": set(),
    "change_privacynotice": set(),
}


def test_each_guarded_permission_is_with_whom_it_should_be():
    ensure_roles()
    people = {role: rows.person(f"a {role}", role) for role in ROLES}

    held = {
        name: {role for role, user in people.items() if user.has_perm(f"evidence.{name}")}
        for name in GUARDED
    }

    assert held == GUARDED


def test_nobody_checks_for_pressure_and_signs_for_the_law_by_one_role():
    ensure_roles()
    both = [
        role
        for role in ROLES
        if rows.person(f"a {role}", role).has_perms(
            ["evidence.check_anonymitywaiver", "evidence.sign_off_anonymitywaiver"]
        )
    ]

    assert both == []


@pytest.mark.parametrize("root", [False, True], ids=["administrator", "superuser"])
def test_nobody_gives_a_role_to_themselves(client, root):
    ensure_roles()
    one, other = rows.person("one", "administrator"), rows.person("other", "officer")
    User.objects.filter(pk=one.pk).update(is_superuser=root)
    client.force_login(one, "django.contrib.auth.backends.ModelBackend")
    lead = Group.objects.get(name="safeguarding lead")

    for user in (one, other):
        address = reverse("admin:auth_user_change", args=[user.pk])
        client.post(address, {"username": user.username, "is_active": "on", "groups": [lead.pk]})

    told = [sorted(each.groups.values_list("name", flat=True)) for each in (one, other)]
    assert told == [["administrator"], ["safeguarding lead"]]
    assert User.objects.get(pk=one.pk).is_active


@pytest.mark.django_db(transaction=True)
def test_a_migration_makes_the_roles_and_brings_them_up_to_date_and_leaves_who_is_in_them():
    ensure_roles()
    officer = rows.person("one", "officer")
    theirs = Group.objects.create(name="Our own role")
    Group.objects.get(name="reviewer").delete()
    Group.objects.get(name="officer").permissions.clear()

    call_command("migrate", verbosity=0)

    assert set(Group.objects.values_list("name", flat=True)) == {*ROLES, theirs.name}
    assert User.objects.get(pk=officer.pk).has_perm("evidence.change_source")
    assert Group.objects.filter(permissions=None).get() == theirs


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("question", ["plan", "check_unapplied"])
def test_to_ask_what_a_migration_would_do_makes_no_roles(question):
    Group.objects.all().delete()

    call_command("migrate", **{question: True}, stdout=StringIO())

    assert not Group.objects.exists()
