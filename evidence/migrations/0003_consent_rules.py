"""What the database itself holds about a consent, in plain SQL, for whoever writes.

Plain SQL because a library's triggers can be switched off by a session's setting. Each rule has a
name, and tests/evidence/test_consent_rules.py sees it refuse.
"""

from django.conf import settings
from django.db import migrations

RECORD = """
-- In an older snapshot a rule does not see what was committed since, and would let it pass.
CREATE FUNCTION rules_see_what_is_committed() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'Consents and uses are changed in READ COMMITTED transactions alone.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rules_see_what_is_committed';
    END IF;
END
$$;

ALTER TABLE evidence_consent
    ADD CONSTRAINT consent_validity_is_finite CHECK (
        NOT isempty(validity) AND lower(validity) IS NOT NULL AND upper(validity) IS NOT NULL),
    ADD CONSTRAINT consent_validity_at_most_two_years CHECK (
        upper(validity) AT TIME ZONE 'UTC'
            <= lower(validity) AT TIME ZONE 'UTC' + interval '2 years'),
    ADD CONSTRAINT consent_review_within_validity CHECK (
        review_due >= (lower(validity) AT TIME ZONE 'UTC')::date
        AND review_due <= (upper(validity) AT TIME ZONE 'UTC')::date),
    ADD CONSTRAINT consent_with_its_state UNIQUE (record_id, state, validity);

CREATE FUNCTION consent_keeps_its_word() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'requested' THEN
            RAISE EXCEPTION 'A consent starts as requested; what it covers is listed before it is given.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_starts_as_requested';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state IN ('refused', 'withdrawn', 'revoked', 'invalidated', 'replaced') THEN
        RAISE EXCEPTION 'This consent has ended for good: record a new one instead.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_final_is_final';
    END IF;
    IF OLD.state IN ('given', 'suspended')
        AND to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state'
    THEN
        RAISE EXCEPTION 'What was consented to cannot be edited: record a new consent instead.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_given_is_not_edited';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('requested', 'deferred'), ('requested', 'refused'), ('requested', 'given'),
        ('deferred', 'refused'), ('deferred', 'given'),
        ('given', 'suspended'), ('suspended', 'given'),
        ('given', 'withdrawn'), ('given', 'revoked'), ('given', 'invalidated'),
        ('given', 'replaced'), ('suspended', 'withdrawn'), ('suspended', 'revoked'),
        ('suspended', 'invalidated'), ('suspended', 'replaced'))
    THEN
        RAISE EXCEPTION 'A consent cannot go from % to %.', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_moves_are_permitted';
    END IF;
    IF NEW.contributor_id <> OLD.contributor_id AND EXISTS (
        SELECT FROM evidence_consenttestimony WHERE consent_id = NEW.record_id)
    THEN
        RAISE EXCEPTION 'It lists testimony of the person who was asked: record another consent.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_keeps_its_person';
    END IF;
    IF NEW.state = 'given' AND NEW.event_time > clock_timestamp() THEN
        RAISE EXCEPTION 'A consent cannot be given in the future.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_not_in_the_future';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER consent_keeps_its_word BEFORE INSERT OR UPDATE ON evidence_consent
    FOR EACH ROW EXECUTE FUNCTION consent_keeps_its_word();

-- With the owner's rights, since nobody else may write here; `role` is who really asks.
CREATE FUNCTION consent_is_logged() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    was text := '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was := OLD.state;
    END IF;
    IF was <> NEW.state THEN
        INSERT INTO evidence_consentevent (consent_id, from_state, to_state, at, login)
        VALUES (NEW.record_id, was, NEW.state, clock_timestamp(),
            coalesce(nullif(current_setting('role'), 'none'), session_user));
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION consent_is_logged() FROM PUBLIC;
CREATE TRIGGER consent_is_logged AFTER INSERT OR UPDATE ON evidence_consent
    FOR EACH ROW EXECUTE FUNCTION consent_is_logged();
"""

LISTED = """
-- State and validity follow the consent, so that the exclusion constraint sees them.
ALTER TABLE evidence_consenttestimony ADD CONSTRAINT consent_listing_follows_its_consent
    FOREIGN KEY (consent_id, state, validity)
    REFERENCES evidence_consent (record_id, state, validity) ON UPDATE CASCADE;

CREATE FUNCTION consent_lists_its_contributors() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given evidence_consent;
BEGIN
    SELECT * INTO given FROM evidence_consent WHERE record_id = NEW.consent_id FOR UPDATE;
    IF given.state NOT IN ('requested', 'deferred') THEN
        RAISE EXCEPTION 'A consent lists its testimonies before it is given.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_lists_before_it_is_given';
    END IF;
    IF NOT EXISTS (SELECT FROM evidence_testimony
        WHERE id = NEW.testimony_id AND contributor_id = given.contributor_id)
    THEN
        RAISE EXCEPTION 'A consent covers testimony of the person who gave it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_lists_its_contributors';
    END IF;
    NEW.state := given.state;
    NEW.validity := given.validity;
    RETURN NEW;
END
$$;
CREATE TRIGGER consent_lists_its_contributors BEFORE INSERT ON evidence_consenttestimony
    FOR EACH ROW EXECUTE FUNCTION consent_lists_its_contributors();
"""

SCOPES = """
-- Once given, a consent can only be narrowed: by a denial, or by a permit with a lower identity.
CREATE FUNCTION consent_scope_only_narrows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    consent_state text;
BEGIN
    SELECT state INTO consent_state FROM evidence_consent
        WHERE record_id = NEW.consent_id FOR UPDATE;
    IF consent_state IN ('requested', 'deferred') OR NEW.decision = 'deny' THEN
        RETURN NEW;
    END IF;
    IF consent_state IN ('given', 'suspended') AND EXISTS (
        SELECT FROM evidence_consentscope
        WHERE consent_id = NEW.consent_id AND decision = 'permit' AND purpose = NEW.purpose
            AND audience = NEW.audience AND channel = NEW.channel
            AND max_identity > NEW.max_identity)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A given consent can be narrowed, not widened: record a new consent instead.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_scope_only_narrows';
END
$$;
CREATE TRIGGER consent_scope_only_narrows BEFORE INSERT ON evidence_consentscope
    FOR EACH ROW EXECUTE FUNCTION consent_scope_only_narrows();
"""

GRANTS = f"""
REVOKE DELETE ON evidence_consent, evidence_consenttestimony, evidence_consentscope,
    evidence_consentevent FROM {settings.APP_LOGIN};
REVOKE UPDATE ON evidence_consenttestimony, evidence_consentscope, evidence_consentevent
    FROM {settings.APP_LOGIN};
REVOKE INSERT ON evidence_consentevent FROM {settings.APP_LOGIN};
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_review_rules")]

    operations = [
        migrations.RunSQL(
            RECORD,
            "DROP FUNCTION rules_see_what_is_committed(); "
            "DROP FUNCTION consent_keeps_its_word() CASCADE; "
            "DROP FUNCTION consent_is_logged() CASCADE; "
            "ALTER TABLE evidence_consent DROP CONSTRAINT consent_validity_is_finite, "
            "DROP CONSTRAINT consent_validity_at_most_two_years, "
            "DROP CONSTRAINT consent_review_within_validity, "
            "DROP CONSTRAINT consent_with_its_state CASCADE",
        ),
        migrations.RunSQL(LISTED, "DROP FUNCTION consent_lists_its_contributors() CASCADE"),
        migrations.RunSQL(SCOPES, "DROP FUNCTION consent_scope_only_narrows() CASCADE"),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
    ]
