"""Every use is a row that a live consent covers, and leaves with a tombstone or a recall task.

Rules as in 0003: plain SQL, named, each seen to refuse by tests/evidence/test_use_rules.py.
"""

from django.conf import settings
from django.db import migrations

USES = """
ALTER TABLE evidence_testimonyuse
    ADD CONSTRAINT testimony_use_of_a_listed_testimony FOREIGN KEY (consent_id, testimony_id)
        REFERENCES evidence_consenttestimony (consent_id, testimony_id),
    ADD CONSTRAINT testimony_use_of_its_consents_scope FOREIGN KEY (scope_id, consent_id)
        REFERENCES evidence_consentscope (id, consent_id),
    ADD CONSTRAINT testimony_use_of_its_version FOREIGN KEY (version_id, testimony_id)
        REFERENCES evidence_testimonyversion (id, testimony_id);

-- FOR SHARE on the consent: without it a withdrawal can slip in between this check and the use,
-- and would find no use to call back.
CREATE FUNCTION testimony_use_is_covered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given evidence_consent;
    wanted evidence_consentscope;
    account evidence_testimony;
    words evidence_testimonyversion;
    widest integer;
BEGIN
    PERFORM rules_see_what_is_committed();
    SELECT * INTO given FROM evidence_consent WHERE record_id = NEW.consent_id FOR SHARE;
    SELECT * INTO account FROM evidence_testimony WHERE id = NEW.testimony_id FOR SHARE;
    SELECT * INTO words FROM evidence_testimonyversion WHERE id = NEW.version_id FOR SHARE;
    SELECT * INTO wanted FROM evidence_consentscope WHERE id = NEW.scope_id;

    IF given.state IS DISTINCT FROM 'given' OR NOT given.validity @> clock_timestamp() THEN
        RAISE EXCEPTION 'The consent is not live.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_use_consent_is_live';
    END IF;
    IF NOT given.validity @> (NEW.used_on::timestamp AT TIME ZONE 'Europe/London') THEN
        RAISE EXCEPTION 'The consent does not reach the day of use.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_use_consent_reaches_the_day';
    END IF;
    SELECT min(max_identity) INTO widest FROM evidence_consentscope
        WHERE consent_id = NEW.consent_id AND purpose = wanted.purpose
            AND audience = wanted.audience AND channel = wanted.channel;
    IF wanted.decision IS DISTINCT FROM 'permit' OR EXISTS (
        SELECT FROM evidence_consentscope
        WHERE consent_id = NEW.consent_id AND decision = 'deny' AND purpose = wanted.purpose
            AND audience = wanted.audience AND channel = wanted.channel)
    THEN
        RAISE EXCEPTION 'The consent does not permit this use.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_use_scope_permits';
    END IF;
    IF NEW.identity > widest OR words.identity > NEW.identity THEN
        RAISE EXCEPTION 'The consent does not let the person be recognised that far.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_use_identity_within_scope';
    END IF;
    IF words.state IS DISTINCT FROM 'cleared' THEN
        RAISE EXCEPTION 'This version is not cleared.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_use_version_is_cleared';
    END IF;
    IF account.safeguarding NOT IN ('none', 'referred', 'no_further_action')
        OR account.proceedings NOT IN ('none', 'concluded')
    THEN
        RAISE EXCEPTION 'Safeguarding or proceedings are not assessed, or still open.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_use_safeguarding_is_clear';
    END IF;
    IF NEW.recalled_at IS NOT NULL OR NEW.outcome <> '' THEN
        RAISE EXCEPTION 'A use begins as one that nobody has called back.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_use_begins_in_use';
    END IF;
    IF NEW.feed_item IS DISTINCT FROM (
        CASE WHEN wanted.channel = 'website_feed' THEN account.public_id END)
    THEN
        RAISE EXCEPTION 'A use on the website, and no other, names the item that it is.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_use_names_its_item';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER testimony_use_is_covered BEFORE INSERT ON evidence_testimonyuse
    FOR EACH ROW EXECUTE FUNCTION testimony_use_is_covered();
"""

CALL_BACK = """
-- Two working days: a weekend in between is stepped over.
CREATE FUNCTION in_two_working_days(since timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT since + make_interval(days => CASE extract(isodow FROM since)::integer
        WHEN 4 THEN 4 WHEN 5 THEN 4 WHEN 6 THEN 3 ELSE 2 END)
$$;

-- The one way back is to mark the use: what is on the website goes now, for a copy a task is opened.
CREATE FUNCTION testimony_use_is_called_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.feed_item IS NOT NULL THEN
        PERFORM publishing_remove(NEW.feed_item);
    ELSE
        INSERT INTO evidence_recalltask (id, use_id, opened_at, due_at, note)
        VALUES (gen_random_uuid(), NEW.id, clock_timestamp(),
            in_two_working_days(clock_timestamp()), '')
        ON CONFLICT (use_id) DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER testimony_use_is_called_back AFTER UPDATE ON evidence_testimonyuse
    FOR EACH ROW WHEN (OLD.recalled_at IS NULL AND NEW.recalled_at IS NOT NULL)
    EXECUTE FUNCTION testimony_use_is_called_back();

CREATE FUNCTION testimony_use_stays_called_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.recalled_at IS NOT NULL AND NEW.recalled_at IS DISTINCT FROM OLD.recalled_at THEN
        RAISE EXCEPTION 'What was called back stays called back.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_use_stays_called_back';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER testimony_use_stays_called_back BEFORE UPDATE ON evidence_testimonyuse
    FOR EACH ROW EXECUTE FUNCTION testimony_use_stays_called_back();

CREATE FUNCTION call_back_uses(wanted uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM rules_see_what_is_committed();
    PERFORM FROM evidence_testimonyuse WHERE id = ANY (wanted) ORDER BY id FOR UPDATE;
    PERFORM publishing_lock(ARRAY(
        SELECT feed_item FROM evidence_testimonyuse
        WHERE id = ANY (wanted) AND feed_item IS NOT NULL));
    UPDATE evidence_testimonyuse SET recalled_at = clock_timestamp(),
            outcome = CASE WHEN feed_item IS NULL THEN '' ELSE 'destroyed' END
        WHERE id = ANY (wanted) AND recalled_at IS NULL;
END
$$;

CREATE FUNCTION consent_leaving_calls_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'given' AND NEW.state <> 'given' THEN
        PERFORM call_back_uses(ARRAY(
            SELECT id FROM evidence_testimonyuse
            WHERE consent_id = NEW.record_id AND recalled_at IS NULL));
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER consent_leaving_calls_back AFTER UPDATE ON evidence_consent
    FOR EACH ROW EXECUTE FUNCTION consent_leaving_calls_back();

CREATE FUNCTION consent_narrowing_calls_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM call_back_uses(ARRAY(
        SELECT used.id FROM evidence_testimonyuse AS used
        JOIN evidence_consentscope AS scope ON scope.id = used.scope_id
        WHERE used.consent_id = NEW.consent_id AND used.recalled_at IS NULL
            AND scope.purpose = NEW.purpose AND scope.audience = NEW.audience
            -- a pack prints whether its words may be spoken, so it goes back with that too
            AND (scope.channel = NEW.channel
                OR (NEW.channel = 'speech' AND scope.channel = 'briefing_pack'))
            AND (NEW.decision = 'deny' OR used.identity > NEW.max_identity)));
    RETURN NULL;
END
$$;
CREATE TRIGGER consent_narrowing_calls_back AFTER INSERT ON evidence_consentscope
    FOR EACH ROW EXECUTE FUNCTION consent_narrowing_calls_back();

CREATE FUNCTION testimony_flag_calls_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.safeguarding NOT IN ('none', 'referred', 'no_further_action')
        OR NEW.proceedings NOT IN ('none', 'concluded')
    THEN
        PERFORM call_back_uses(ARRAY(
            SELECT id FROM evidence_testimonyuse
            WHERE testimony_id = NEW.id AND recalled_at IS NULL));
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER testimony_flag_calls_back AFTER UPDATE OF safeguarding, proceedings
    ON evidence_testimony FOR EACH ROW EXECUTE FUNCTION testimony_flag_calls_back();
"""

VERSIONS = """
CREATE FUNCTION testimony_version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'A version starts as a draft.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_version_starts_as_draft';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - ARRAY['state', 'cleared_by_id', 'contributor_approved_at',
            'jigsaw_reviewed_by_id', 'jigsaw_reviewed_at']
        <> to_jsonb(OLD) - ARRAY['state', 'cleared_by_id', 'contributor_approved_at',
            'jigsaw_reviewed_by_id', 'jigsaw_reviewed_at']
        OR (OLD.state <> 'draft' AND to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state')
    THEN
        RAISE EXCEPTION 'A version is never edited: write new words as a new version.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_version_is_immutable';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'cleared'), ('draft', 'superseded'),
        ('cleared', 'recalled'), ('cleared', 'superseded'), ('superseded', 'recalled'))
    THEN
        RAISE EXCEPTION 'A version cannot go from % to %.', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_version_moves_are_permitted';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER testimony_version_is_immutable BEFORE INSERT OR UPDATE ON evidence_testimonyversion
    FOR EACH ROW EXECUTE FUNCTION testimony_version_is_immutable();

CREATE FUNCTION testimony_version_leaving_calls_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'recalled' AND NEW.state = 'recalled' THEN
        PERFORM call_back_uses(ARRAY(
            SELECT id FROM evidence_testimonyuse
            WHERE version_id = NEW.id AND recalled_at IS NULL));
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER testimony_version_leaving_calls_back AFTER UPDATE OF state
    ON evidence_testimonyversion
    FOR EACH ROW EXECUTE FUNCTION testimony_version_leaving_calls_back();
"""

ACCOUNTS = """
CREATE FUNCTION testimony_keeps_its_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.public_id <> OLD.public_id THEN
        RAISE EXCEPTION 'The public id is what the website knows it by, and never changes.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_keeps_its_public_id';
    END IF;
    IF NEW.contributor_id <> OLD.contributor_id AND EXISTS (
        SELECT FROM evidence_consenttestimony WHERE testimony_id = NEW.id)
    THEN
        RAISE EXCEPTION 'A consent covers it, so it stays with the person who gave that.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_keeps_its_person';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER testimony_keeps_its_person BEFORE UPDATE ON evidence_testimony
    FOR EACH ROW EXECUTE FUNCTION testimony_keeps_its_person();

-- The published table stands a floor below and knows nothing of consent, so this floor guards what
-- it puts there: no account without a use in force, and none beyond its consent.
CREATE FUNCTION published_testimony_is_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM evidence_testimonyuse AS used
        JOIN evidence_consent AS consent ON consent.record_id = used.consent_id
        WHERE used.feed_item = NEW.id AND used.recalled_at IS NULL
            AND consent.state = 'given' AND NEW.expires_at <= upper(consent.validity))
    THEN
        RAISE EXCEPTION 'Testimony is published for a use under a live consent, until that ends.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_testimony_is_in_use';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER published_testimony_is_in_use BEFORE INSERT OR UPDATE ON publishing_publisheditem
    FOR EACH ROW WHEN (NEW.kind = 'testimony') EXECUTE FUNCTION published_testimony_is_in_use();
"""

GRANTS = f"""
REVOKE DELETE ON evidence_testimonyuse, evidence_recalltask, evidence_testimonyversion,
    evidence_testimony, evidence_restrictedaccount, evidence_contributor
    FROM {settings.APP_LOGIN};
REVOKE UPDATE ON evidence_testimonyuse, evidence_testimonyversion FROM {settings.APP_LOGIN};
GRANT UPDATE (recalled_at, outcome) ON evidence_testimonyuse TO {settings.APP_LOGIN};
GRANT UPDATE (state, cleared_by_id, contributor_approved_at, jigsaw_reviewed_by_id,
    jigsaw_reviewed_at) ON evidence_testimonyversion TO {settings.APP_LOGIN};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0003_consent_rules"),
        ("publishing", "0002_feed_schema"),
    ]

    operations = [
        migrations.RunSQL(
            USES,
            "DROP FUNCTION testimony_use_is_covered() CASCADE; "
            "ALTER TABLE evidence_testimonyuse "
            "DROP CONSTRAINT testimony_use_of_a_listed_testimony, "
            "DROP CONSTRAINT testimony_use_of_its_consents_scope, "
            "DROP CONSTRAINT testimony_use_of_its_version",
        ),
        migrations.RunSQL(
            CALL_BACK,
            "DROP FUNCTION consent_leaving_calls_back() CASCADE; "
            "DROP FUNCTION consent_narrowing_calls_back() CASCADE; "
            "DROP FUNCTION testimony_flag_calls_back() CASCADE; "
            "DROP FUNCTION call_back_uses(uuid[]); "
            "DROP FUNCTION testimony_use_is_called_back() CASCADE; "
            "DROP FUNCTION testimony_use_stays_called_back() CASCADE; "
            "DROP FUNCTION in_two_working_days(timestamptz)",
        ),
        migrations.RunSQL(
            VERSIONS,
            "DROP FUNCTION testimony_version_is_immutable() CASCADE; "
            "DROP FUNCTION testimony_version_leaving_calls_back() CASCADE",
        ),
        migrations.RunSQL(
            ACCOUNTS,
            "DROP FUNCTION testimony_keeps_its_person() CASCADE; "
            "DROP FUNCTION published_testimony_is_in_use() CASCADE",
        ),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
    ]
