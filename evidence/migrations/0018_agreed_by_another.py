"""What protects somebody in an account less takes two people, and a lawyer signs for each version.
What is published of an account is that version's own words, whoever writes it."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from evidence.migrations._review import append_only

SIGNED_BEFORE = """
-- What was signed for an account as a whole was signed for the versions that there were by then.
INSERT INTO evidence_accusedsignoff (id, person_id, version_id, signed_by_id, signed_at)
SELECT gen_random_uuid(), person.id, version.id, person.legal_sign_off_by_id,
    person.legal_sign_off_at
FROM evidence_personspokenabout AS person
JOIN evidence_testimonyversion AS version USING (testimony_id)
WHERE person.is_accused AND version.contributor_approved_at <= person.legal_sign_off_at
    AND version.written_by_id <> person.legal_sign_off_by_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""

PERSONS = """
CREATE FUNCTION protection_of(person evidence_personspokenabout) RETURNS jsonb
    LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('is_complainant', person.is_complainant, 'life', person.life,
        'is_accused', person.is_accused, 'is_identifiable', person.is_identifiable,
        'max_identity', person.max_identity, 'has_own_consent', person.own_consent_id IS NOT NULL)
$$;

-- In which respects one state protects less than the other. A death is none of them: it stops every
-- use until somebody else reviews it, which taking it back would lift.
CREATE FUNCTION what_protects_less(was jsonb, would jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT ARRAY(
        SELECT name FROM unnest(ARRAY['is_complainant', 'is_accused', 'is_identifiable',
            'has_own_consent']) AS told (name)
        WHERE (was ->> name)::boolean AND NOT (would ->> name)::boolean
        UNION ALL
        SELECT 'max_identity' WHERE (would ->> 'max_identity')::int > (was ->> 'max_identity')::int
        UNION ALL
        SELECT 'life' WHERE was ->> 'life' = 'died' AND would ->> 'life' <> 'died')
$$;

CREATE FUNCTION person_is_noted_safely() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    pseudonym CONSTANT int := 3;
BEGIN
    -- what goes further than a pseudonym has a rule of its own
    IF TG_OP = 'INSERT' AND NEW.max_identity = pseudonym THEN
        RAISE EXCEPTION 'It begins anonymous: save it so, then propose to go further. Somebody else agrees.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_spoken_about_begins_protected';
    END IF;
    IF NEW.life = 'died' AND NEW.death_noted_by_id IS NULL
        AND (TG_OP = 'INSERT' OR OLD.life <> 'died')
    THEN
        RAISE EXCEPTION 'Say who noted the death: somebody else reviews it.'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'person_spoken_about_death_is_noted_by_somebody';
    END IF;
    IF TG_OP = 'INSERT' THEN
        RETURN NEW;
    END IF;
    IF NEW.life = 'died' AND OLD.life = 'died'
        AND NEW.death_noted_by_id IS DISTINCT FROM OLD.death_noted_by_id
    THEN
        RAISE EXCEPTION 'Who noted a death stays on record.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_spoken_about_death_keeps_its_noter';
    END IF;
    -- it goes by itself with the person who gave it, and what they gave is no choice of anybody's
    IF OLD.own_consent_id IS NOT NULL AND NEW.own_consent_id IS NULL AND EXISTS (
        SELECT FROM evidence_consent AS given
        JOIN evidence_contributor AS giver ON giver.id = given.contributor_id
        WHERE given.record_id = OLD.own_consent_id AND giver.erased_at IS NOT NULL)
    THEN
        OLD.own_consent_id := NULL;
    END IF;
    IF OLD.own_consent_id <> NEW.own_consent_id THEN
        RAISE EXCEPTION 'Have the consent that stands here taken away first, then choose another.'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'person_spoken_about_keeps_their_own_consent';
    END IF;
    IF what_protects_less(protection_of(OLD), protection_of(NEW)) <> '{}' AND NOT EXISTS (
        SELECT FROM evidence_loosening
        WHERE person_id = NEW.id AND agreed_at >= transaction_timestamp()
            AND before = protection_of(OLD) AND after = protection_of(NEW))
    THEN
        RAISE EXCEPTION 'That would protect them less: propose it, and somebody else agrees.'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'person_spoken_about_loosened_by_two_people';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER person_is_noted_safely BEFORE INSERT OR UPDATE ON evidence_personspokenabout
    FOR EACH ROW EXECUTE FUNCTION person_is_noted_safely();

CREATE FUNCTION loosening_is_kept() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT FROM evidence_personspokenabout AS person
        WHERE person.id = NEW.person_id AND NEW.before = protection_of(person)
            AND ARRAY(SELECT jsonb_object_keys(NEW.after))
                = ARRAY(SELECT jsonb_object_keys(NEW.before))
            AND what_protects_less(NEW.before, NEW.after) <> '{}')
    THEN
        RAISE EXCEPTION 'It is proposed of what is noted now, and protects less than that.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'loosening_is_of_what_is_noted';
    END IF;
    IF TG_OP = 'INSERT' AND (NEW.agreed_at IS NOT NULL OR NEW.dropped_at IS NOT NULL) THEN
        RAISE EXCEPTION 'It is proposed first.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'loosening_begins_open';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.agreed_at IS NOT NULL OR OLD.dropped_at IS NOT NULL) THEN
        RAISE EXCEPTION 'It was agreed to or dropped, and stays so.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'loosening_stays_ended';
    END IF;
    IF NEW.agreed_at IS NOT NULL THEN
        NEW.agreed_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER loosening_is_kept BEFORE INSERT OR UPDATE ON evidence_loosening
    FOR EACH ROW EXECUTE FUNCTION loosening_is_kept();
"""

ACCUSED = """
CREATE FUNCTION accused_sign_off_is_of_their_account() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    writer int;
BEGIN
    SELECT version.written_by_id INTO writer FROM evidence_testimonyversion AS version
        JOIN evidence_personspokenabout AS person USING (testimony_id)
        WHERE version.id = NEW.version_id AND person.id = NEW.person_id AND person.is_accused;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Sign for somebody who is accused in the account of this version.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accused_sign_off_is_of_their_account';
    END IF;
    IF writer = NEW.signed_by_id THEN
        RAISE EXCEPTION 'Whoever wrote it cannot sign it for the law.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accused_sign_off_by_another';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER accused_sign_off_is_of_their_account BEFORE INSERT ON evidence_accusedsignoff
    FOR EACH ROW EXECUTE FUNCTION accused_sign_off_is_of_their_account();

-- The first rule that stands against a use although its consent covers it; null where none does.
-- A waiver counts for the consent under which it was signed, and for no other; where no consent is
-- named, for any, so that an officer is not told that a waiver is missing when the consent is.
CREATE OR REPLACE FUNCTION what_protects(wanted uuid, place text, under uuid) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN EXISTS (SELECT FROM evidence_reportingrestriction
            WHERE testimony_id = words.testimony_id AND ended_at IS NULL)
            THEN 'testimony_use_no_restriction_open'
        WHEN EXISTS (SELECT FROM evidence_personspokenabout
            WHERE testimony_id = words.testimony_id AND life = 'died'
                AND death_reviewed_at IS NULL)
            THEN 'testimony_use_suspended_by_a_death'
        WHEN EXISTS (SELECT FROM evidence_personspokenabout AS person
            WHERE person.testimony_id = words.testimony_id AND is_accused AND is_identifiable
                AND NOT EXISTS (SELECT FROM evidence_accusedsignoff AS signed
                    WHERE signed.person_id = person.id AND signed.version_id = words.id))
            THEN 'testimony_use_accused_is_not_identifiable'
        WHEN EXISTS (SELECT FROM evidence_testimony
            WHERE id = words.testimony_id AND teller <> 'complainant')
            AND NOT EXISTS (SELECT FROM evidence_personspokenabout
                WHERE testimony_id = words.testimony_id AND is_complainant)
            THEN 'testimony_use_complainant_is_on_record'
        WHEN EXISTS (SELECT FROM evidence_personspokenabout AS person
            WHERE person.testimony_id = words.testimony_id AND person.is_complainant
                AND person.max_identity < words.identity
                -- in Northern Ireland anonymity outlives them by 25 years
                AND (person.life <> 'died' OR EXISTS (SELECT FROM evidence_consent
                    WHERE record_id = under AND jurisdiction = 'NI'))
                AND NOT EXISTS (SELECT FROM evidence_anonymitywaiver AS waiver
                    WHERE waiver.complainant_id = person.id AND waiver.version_id = words.id
                        AND waiver.publication = place AND waiver.consent_id = coalesce(under, waiver.consent_id)
                        AND anonymity_waiver_holds(waiver)))
            THEN 'testimony_use_capped_by_the_complainant'
        WHEN words.identity >= 4 AND EXISTS (SELECT FROM evidence_testimony
            WHERE id = words.testimony_id AND teller = 'complainant')
            AND NOT EXISTS (SELECT FROM evidence_anonymitywaiver AS waiver
                WHERE waiver.complainant_id IS NULL AND waiver.version_id = words.id
                    AND waiver.publication = place AND waiver.consent_id = coalesce(under, waiver.consent_id)
                    AND anonymity_waiver_holds(waiver))
            THEN 'testimony_use_by_name_needs_their_waiver'
    END FROM evidence_testimonyversion AS words WHERE words.id = wanted
$$;
"""

PUBLISHED = """
-- The bytes are those of a version that is in use, and nothing beside them: no login writes other
-- words as somebody's account, nor theirs as something else.
CREATE OR REPLACE FUNCTION published_testimony_is_in_use() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    told jsonb := convert_from(NEW.body, 'UTF8');
BEGIN
    IF NOT EXISTS (
        SELECT FROM evidence_testimonyuse AS used
        JOIN evidence_consent AS consent ON consent.record_id = used.consent_id
        JOIN evidence_testimonyversion AS words ON words.id = used.version_id
        JOIN evidence_testimony AS account ON account.id = words.testimony_id
        WHERE used.feed_item = NEW.id AND used.recalled_at IS NULL
            AND consent.state = 'given' AND NEW.expires_at <= upper(consent.validity)
            AND told ->> 'text' = words.text AND told ->> 'attribution' = words.attribution
            AND told ->> 'anonymity_note' = words.anonymity_note
            AND coalesce(told ->> 'content_warning', '') = words.content_warning
            AND told ->> 'title' = account.title AND NEW.title = account.title
            AND told - ARRAY['text', 'attribution', 'anonymity_note', 'content_warning', 'title',
                'licence', 'kind', 'id', 'url', 'updated_at'] = '{}')
    THEN
        RAISE EXCEPTION 'Testimony is published for a use under a live consent, until that ends, in the words of its version.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_testimony_is_in_use';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION published_item_keeps_its_kind() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'An item stays what it was published as: it is taken out, not turned into another.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'published_item_keeps_its_kind';
END
$$;
CREATE TRIGGER published_item_keeps_its_kind BEFORE UPDATE ON publishing_publisheditem
    FOR EACH ROW WHEN (NEW.kind <> OLD.kind) EXECUTE FUNCTION published_item_keeps_its_kind();
"""

KEYS = """
-- References hold a row by its key, and are checked when all is written: two accounts that change
-- their keys would change their consents.
CREATE FUNCTION row_keeps_its_key() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.id <> OLD.id THEN
        RAISE EXCEPTION 'A record keeps its key.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'row_keeps_its_key';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER row_keeps_its_key BEFORE UPDATE OF id ON evidence_testimony
    FOR EACH ROW EXECUTE FUNCTION row_keeps_its_key();
CREATE TRIGGER row_keeps_its_key BEFORE UPDATE OF id ON evidence_personspokenabout
    FOR EACH ROW EXECUTE FUNCTION row_keeps_its_key();
"""

TELLERS = """
-- Whoever cleared it judged the words as those of somebody close, and looked for whom it was done to.
CREATE FUNCTION testimony_teller_stays_once_cleared() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM evidence_testimonyversion
        WHERE testimony_id = NEW.id AND state <> 'draft')
    THEN
        RAISE EXCEPTION 'Its words were cleared as told by somebody close: record what the complainant tells as an account of its own.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_teller_stays_once_cleared';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER testimony_teller_stays_once_cleared BEFORE UPDATE OF teller ON evidence_testimony
    FOR EACH ROW WHEN (OLD.teller <> 'complainant' AND NEW.teller = 'complainant')
    EXECUTE FUNCTION testimony_teller_stays_once_cleared();

-- As before, and in the order in which whoever notes or uses something takes the rows.
CREATE OR REPLACE FUNCTION own_consent_goes_with_its_person() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    given uuid[] := ARRAY(SELECT record_id FROM evidence_consent WHERE contributor_id = NEW.id);
BEGIN
    PERFORM FROM evidence_testimony WHERE id IN (
        SELECT testimony_id FROM evidence_personspokenabout WHERE own_consent_id = ANY (given))
        ORDER BY id FOR NO KEY UPDATE;
    PERFORM void_waivers_given_by(given);
    IF NEW.erased_at IS NOT NULL THEN
        UPDATE evidence_personspokenabout SET own_consent_id = NULL
            WHERE own_consent_id = ANY (given);
    END IF;
    RETURN NULL;
END
$$;
"""

GRANTS = f"""
REVOKE UPDATE, DELETE ON evidence_loosening FROM {settings.APP_LOGIN};
GRANT UPDATE (agreed_by_id, agreed_at, dropped_at) ON evidence_loosening TO {settings.APP_LOGIN};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0017_uses_by_hand"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccusedSignOff",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("signed_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["signed_at"],
            },
        ),
        migrations.CreateModel(
            name="Loosening",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("proposed_at", models.DateTimeField(auto_now_add=True)),
                ("agreed_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-proposed_at"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="personspokenabout",
            name="person_spoken_about_signed_off_by_and_at",
        ),
        migrations.AddField(
            model_name="personspokenabout",
            name="death_noted_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Who noted the death; somebody else reviews it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="personspokenabout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("death_reviewed_by__isnull", True),
                    ("death_noted_by__isnull", True),
                    models.Q(("death_reviewed_by", models.F("death_noted_by")), _negated=True),
                    _connector="OR",
                ),
                name="person_spoken_about_death_reviewed_by_another",
                violation_error_message="Whoever noted a death cannot review it: ask a colleague.",
            ),
        ),
        migrations.AddField(
            model_name="accusedsignoff",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sign_offs",
                to="evidence.personspokenabout",
            ),
        ),
        migrations.AddField(
            model_name="accusedsignoff",
            name="signed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="accusedsignoff",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accused_sign_offs",
                to="evidence.testimonyversion",
            ),
        ),
        migrations.AddField(
            model_name="loosening",
            name="agreed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="loosening",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="loosenings",
                to="evidence.personspokenabout",
            ),
        ),
        migrations.AddField(
            model_name="loosening",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="accusedsignoff",
            constraint=models.UniqueConstraint(
                fields=("person", "version"),
                name="accused_signed_off_once_a_version",
                violation_error_message="That is signed already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="loosening",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agreed_at__isnull", True), ("dropped_at__isnull", True)),
                fields=("person",),
                name="loosening_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="loosening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_at__isnull", True), ("agreed_by__isnull", True)),
                    models.Q(
                        ("agreed_at__isnull", False),
                        ("agreed_by__isnull", False),
                        models.Q(("agreed_by", models.F("proposed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="loosening_agreed_by_another",
                violation_error_message="Whoever proposed it cannot agree to it: ask a colleague.",
            ),
        ),
        migrations.AddConstraint(
            model_name="loosening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agreed_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"
                ),
                name="loosening_ends_one_way",
            ),
        ),
        migrations.RunSQL(SIGNED_BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(PERSONS, migrations.RunSQL.noop),
        migrations.RunSQL(ACCUSED, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="personspokenabout",
            name="legal_sign_off_at",
        ),
        migrations.RemoveField(
            model_name="personspokenabout",
            name="legal_sign_off_by",
        ),
        migrations.RunSQL(PUBLISHED, migrations.RunSQL.noop),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
        migrations.RunSQL(TELLERS, migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        append_only("evidence_accusedsignoff"),
    ]
