"""kill -9 during issue: whole or not at all, and the ledger and the files agree.

Each round a process of its own issues the pack with the app's rights and is killed at another
moment; then the files are brought up to date, as the worker does, and everything is compared.
"""

import hashlib
import os
import random
import signal
import time
import traceback
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection, connections

from campaigns import sending
from campaigns.filing import keep_files
from campaigns.issuing import copies_folder, file_of, issue
from campaigns.models import Copy, Delivery, Member, PackVersion
from evidence.models import TestimonyUse
from tests import factories as make
from tests.campaigns.sending_world import pack, reached

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    # no other thread of this process holds a lock that a round asks for
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

ROUNDS = 100
MEMBERS = 4


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


def in_a_process_that_is_killed(act, after: float) -> bool:
    """Whether it was killed before it ended by itself."""
    child = os.fork()
    if child == 0:
        try:
            for each in connections.all(initialized_only=True):
                each.connection = None  # the parent's: closing it here would end it there
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {settings.APP_LOGIN}")
            act()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        assert os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("personalised", [False, True])
def test_a_kill_leaves_a_version_whole_or_nothing_of_it(personalised) -> None:
    of = pack(make.covered(), personalised=personalised)
    members = [reached(f"Lord {n}", f"{n}@example.org") for n in range(MEMBERS)]
    lead = make.user("campaign lead")
    chance, came, span = random.Random(7), Counter(), _span(of, members, lead)

    for _ in range(ROUNDS):
        before = PackVersion.objects.count()
        killed = in_a_process_that_is_killed(
            lambda: issue(of, to=members, by=lead), after=chance.uniform(0, span * 1.2)
        )
        after = PackVersion.objects.count()
        came["killed" if killed else "ended", after - before] += 1
        assert after - before in (0, 1)
        _ledger_is_whole()
    keep_files(settings.PACKS)

    _ledger_and_files_agree()
    assert came["killed", 0]
    assert sum(came.values()) == ROUNDS


def _span(of, members: list[Member], lead) -> float:
    """How long an issue takes here."""
    started = time.monotonic()
    issue(of, to=members, by=lead)
    return time.monotonic() - started


def _ledger_is_whole() -> None:
    """Every version has a copy for each member, and every copy the one use of its account."""
    rows = Copy.objects.values_list(
        "version_id", "sha256", "version__sha256", "uses__artefact_sha256"
    )
    held = Counter(version for version, *_ in rows)

    assert held == dict.fromkeys(PackVersion.objects.values_list("pk", flat=True), MEMBERS)
    assert all(used == (own or shared) for _, own, shared, used in rows)
    assert TestimonyUse.objects.count() == Copy.objects.count()


def _ledger_and_files_agree() -> None:
    known = {
        file_of(copy): copy.sha256 or copy.version.sha256
        for copy in Copy.objects.select_related("member", "version__pack")
    }
    lying = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in copies_folder(settings.PACKS).iterdir()
        if not file.name.startswith(".")
    }
    assert lying == known


def test_a_kill_while_sending_never_sends_twice(settings, tmp_path) -> None:
    folder = tmp_path / "mail"
    settings.MAILERS = {
        "default": {
            "BACKEND": "campaigns.mail_folder.MailFolder",
            "OPTIONS": {"file_path": str(folder)},
        }
    }
    members = [reached(f"Lord {n}", f"{n}@example.org") for n in range(40)]
    version = issue(pack(), to=members, by=make.user("lead"))
    sending.queue(version, by=make.user("lead"))
    chance, kills = random.Random(11), 0

    while Delivery.objects.due().exists():
        kills += in_a_process_that_is_killed(sending.send_due, after=chance.uniform(0.02, 0.3))
        assert kills < 2000

    sent = Counter(_recipient(file) for file in folder.glob("*.eml"))
    assert max(sent.values()) == 1
    states = Counter(Delivery.objects.values_list("state", flat=True))
    assert set(states) <= {"sent", "sending"}
    assert states["sent"] <= len(sent) <= states["sent"] + states["sending"]
    assert (kills > 0, mail.outbox) == (True, [])


def _recipient(file: Path) -> str:
    [to] = [line for line in file.read_text().splitlines() if line.startswith("To: ")]
    return to
