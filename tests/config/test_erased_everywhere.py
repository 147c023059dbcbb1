"""After an erasure nothing of the person's words is left: in a full dump, in files, in logs."""

import io
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as project
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.mail import EmailMessage
from django.db import connection, connections
from django.utils import timezone
from psycopg import conninfo, sql

from campaigns.filing import keep_files
from campaigns.issuing import issue
from config import erased
from config.embedded_files import Files, var_folder
from config.embedded_postgres import hold
from config.models import DeadLetter
from config.postgres_programs import find_programs
from config.tasks import prune_finished_tasks
from evidence import erasing, identities, ledgers, replaying, website
from evidence.identities import Person, RawWords
from evidence.models import (
    AnonymityWaiver,
    Channel,
    Contributor,
    IdentifyingFeature,
    RecallTask,
    TestimonyVersion,
)
from evidence.uses import record_use
from evidence.vault import keyring, sealing
from tests import factories as make
from tests.campaigns import packing
from tests.conftest import role
from tests.evidence.test_permission import PACK

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not project.DATABASES["default"]["EMBEDDED"], reason="looks into the server's own files"
    ),
]
CANARY = "Zwergschnäpper"


def said(place: str) -> str:
    return f"{CANARY} {place}"


@pytest.fixture(autouse=True)
def places(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"
    mail = {"BACKEND": "django.core.mail.backends.filebased.EmailBackend"}
    settings.MAILERS = {"default": {**mail, "OPTIONS": {"file_path": str(tmp_path / "mail")}}}


@pytest.fixture
def person() -> Contributor:
    """Somebody whose words stand everywhere that they can."""
    account = make.testimony(said("title"))
    contributor = account.contributor
    words = make.version(
        account,
        said("text"),
        attribution=said("attribution"),
        anonymity_note=said("note"),
        content_warning=said("warning"),
    )
    IdentifyingFeature.objects.create(version=words, kind="place", told=said("place"))
    consent = make.requested_consent(contributor)
    make.ConsentTestimony.objects.create(consent=consent, testimony=account)
    for channel in (Channel.BRIEFING_PACK, Channel.WEBSITE_FEED):
        make.scope(consent, channel)
    make.consenting.give(consent)
    make.clearing.clear(words, by=make.user("lead"))
    seal(contributor, consent, account)
    leave_the_building(words)
    note_everywhere(contributor, consent, words)
    return contributor


def seal(contributor, consent, account) -> None:
    officer = make.user("officer")
    identities.record_identity(contributor, Person(said("name"), None), by=officer)
    identities.record_raw_account(account, RawWords(said("raw")), by=officer)
    identities.attach_evidence(consent, said("form").encode(), "text/plain", by=officer)
    identities.write_look(contributor, "identity", by=officer, because=said("because"))


def leave_the_building(words: TestimonyVersion) -> None:
    left_out = make.version(words.testimony, said("draft"))
    sections = (("summary", [packing.ask()]), ("case_study", [words, left_out]))
    pack = packing.approved(packing.pack(*sections))
    issue(pack, to=[packing.member()], by=make.user("lead"))
    sent = replace(PACK, publication="outlet:example-times")
    record_use(words, sent, artefact_sha256="a" * 64, holder=said("holder"))
    keep_files(project.PACKS)
    website.put_on_website(words.testimony)


def note_everywhere(contributor, consent, words) -> None:
    AnonymityWaiver.objects.create(
        consent=consent,
        version=words,
        publication="website",
        matter=said("matter"),
        signed_at=timezone.now(),
        age_when_signed=34,
        document_sha256="0" * 64,
        recorded_by=make.user("officer"),
    )
    log(contributor, contributor.label, "")
    log(words, str(words), json.dumps([{"changed": {"fields": [said("log")]}}]))
    added = {"name": "pack item", "object": f"{words.testimony.title}, version 1"}
    log(packing.Pack.objects.get(), "A pack", json.dumps([{"added": added}]))
    DeadLetter.objects.create(
        task_path="made.up",
        args=[str(consent.pk), said("argument")],
        tries=1,
        error_type="E",
        traceback="",
        failed_at=timezone.now(),
    )
    finished = prune_finished_tasks.enqueue()
    erased.Job.objects.filter(pk=finished.id).update(
        status="SUCCESSFUL", finished_at=timezone.now(), return_value=said("answer")
    )
    store = SessionStore()
    store.update({"_auth_user_id": "7", "_messages": said("message"), "kept": said("kept")})
    store.create()
    EmailMessage(said("subject"), said("letter"), to=["a@example.org"]).send()


def log(record, shown: str, message: str) -> None:
    LogEntry.objects.create(
        user=make.user("officer"),
        content_type=ContentType.objects.get_for_model(type(record)),
        object_id=str(record.pk),
        object_repr=shown,
        action_flag=CHANGE,
        change_message=message,
    )


@contextmanager
def superuser(name: str = "") -> Iterator[psycopg.Connection]:
    database = name or connections["default"].settings_dict["NAME"]
    address = conninfo.make_conninfo(hold().url, dbname=database)
    with psycopg.connect(address, autocommit=True) as opened:
        yield opened


def everything_in_the_database() -> bytes:
    """Each row of each table of each schema, the server's own ones with its samples included."""
    found = io.BytesIO()
    with superuser() as opened:
        tables = opened.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'm')"
        ).fetchall()
        for (table,) in tables:
            with opened.cursor().copy(f"COPY {table} TO STDOUT") as rows:  # its own quoting
                for row in rows:
                    found.write(f"{table}: ".encode() + bytes(row))
    return found.getvalue()


def dumped() -> bytes:
    programs = find_programs(Files(var_folder()))
    database = connections["default"].settings_dict["NAME"]
    address = conninfo.make_conninfo(hold().url, dbname=database)
    return subprocess.run(
        [programs["pg_dump"], "--dbname", address], check=True, capture_output=True
    ).stdout


def sightings(content: bytes) -> list[bytes]:
    """Where the canary stands: as it is, in hex as bytes are dumped, as JSON writes it."""
    word = CANARY[:8]  # up to the letter that encodings write differently
    shapes = (word.encode(), word.lower().encode(), word.encode().hex().encode())
    places = (match.start() for shape in shapes for match in re.finditer(re.escape(shape), content))
    return [content[max(0, place - 120) : place + 40] for place in places]


def in_files(*folders: Path) -> list[str]:
    files = (file for folder in folders for file in folder.rglob("*") if file.is_file())
    return [str(file) for file in files if sightings(packing.everything_in(file.read_bytes()))]


def in_sessions() -> list[dict]:
    decoded = [SessionStore(each.session_key).load() for each in erased.Session.objects.all()]
    return [each for each in decoded if CANARY in str(each)]


def test_no_word_is_left_anywhere(person, tmp_path, keyring_folder, capfd) -> None:
    assert len(sightings(dumped())) > 15
    assert in_sessions()
    assert {Path(name).parent.name for name in in_files(tmp_path)} >= {"packs", "mail"}
    with superuser() as opened:
        opened.execute("ANALYZE")
    RecallTask.objects.update(note=said("answer"))

    request = erasing.ask_for_erasure(person, by=make.user("lead"))

    assert request.done_at is not None
    assert keyring.current().is_destroyed(person.pk)
    assert sightings(everything_in_the_database()) == []
    assert sightings(dumped()) == []
    assert in_sessions() == []
    assert in_files(tmp_path, keyring_folder, keyring_folder.parent) == []
    server_log = project.VAR / "postgres.log"
    assert not server_log.exists() or sightings(server_log.read_bytes()) == []
    assert sightings(repr(capfd.readouterr()).encode()) == []


def test_signed_in_people_stay_signed_in(person) -> None:
    erasing.ask_for_erasure(person, by=None)

    [row] = erased.Session.objects.all()
    assert SessionStore(row.session_key).load() == {"_auth_user_id": "7"}


def test_other_peoples_dead_letters_stay(person) -> None:
    other = make.testimony("Another account")
    letter = DeadLetter.objects.create(
        task_path="made.up",
        args=[str(other.pk)],
        tries=1,
        error_type="E",
        traceback="",
        failed_at=timezone.now(),
    )

    erasing.ask_for_erasure(person, by=None)

    assert list(DeadLetter.objects.all()) == [letter]


@contextmanager
def backed_up() -> Iterator[str]:
    """A copy of the whole database, as a backup is, dropped in the end."""
    wrapper = connections["default"]
    name, backup = wrapper.settings_dict["NAME"], "attest_backup_of_a_test"
    wrapper.close()
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(backup), sql.Identifier(name)
    )
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(backup))
    with superuser("postgres") as opened:
        opened.execute(drop)
        opened.execute(copy)
    try:
        with role(project.APP_LOGIN):
            yield backup
    finally:
        wrapper.close()
        wrapper.settings_dict["NAME"] = name
        with superuser("postgres") as opened:
            opened.execute(drop)
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(project.APP_LOGIN)))


def restore(backup: str) -> None:
    wrapper = connections["default"]
    wrapper.close()
    wrapper.settings_dict["NAME"] = backup
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(project.APP_LOGIN)))


@pytest.mark.slow
def test_a_restored_backup_is_told_and_holds_no_word_either(person, tmp_path) -> None:
    sealed = bytes(person.identity.sealed)
    with backed_up() as backup:
        erasing.ask_for_erasure(person, by=make.user("lead"))
        restore(backup)
        assert ledgers.why_not_to_serve() != ""
        assert sightings(everything_in_the_database())
        with pytest.raises(sealing.KeyDestroyed):
            sealing.unseal(person.pk, sealed, f"identity:{person.pk}")

        replaying.replay()

        assert ledgers.why_not_to_serve() == ""
        assert sightings(everything_in_the_database()) == []
        assert in_files(tmp_path) == []
