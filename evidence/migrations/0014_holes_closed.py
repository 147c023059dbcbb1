"""Ways round the rules of 0004 and 0010 that raw SQL had found, closed.

Waivers in Scotland, of a child, and against a wish to stay unknown; permissions for readers whom
nobody here knows; a ledger that could be told of what never was; recalls closed before they began.
"""

from django.conf import settings
from django.db import migrations

WAIVERS = """
-- The first rule that stands against naming somebody under this consent; null where none does. What
-- is given before 16 ends by then, so that no waiver of the same person's can ever rest on it; one
-- of somebody else's, grown up, may.
CREATE FUNCTION what_forbids_a_waiver(under uuid, is_own boolean) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN consent.jurisdiction = 'SC' THEN 'anonymity_waiver_not_in_scotland'
        WHEN is_own AND consent.age_at_consent < 16 THEN 'anonymity_waiver_not_of_a_child'
        WHEN is_own AND contributor.lifelong_anonymity THEN 'anonymity_waiver_not_while_lifelong'
    END
    FROM evidence_consent AS consent
    JOIN evidence_contributor AS contributor ON contributor.id = consent.contributor_id
    WHERE consent.record_id = under
$$;

CREATE FUNCTION why_no_waiver(rule text) RETURNS text LANGUAGE sql IMMUTABLE
    SET search_path = public, pg_temp AS $$
    SELECT CASE rule
        WHEN 'anonymity_waiver_not_in_scotland' THEN
            'Waivers under Scottish law are not taken until counsel has confirmed how.'
        WHEN 'anonymity_waiver_not_of_a_child' THEN
            'The consent was given under 16, and a child cannot waive their anonymity: record a '
            'consent of their own from 16 on first.'
        WHEN 'anonymity_waiver_not_while_lifelong' THEN
            'Lifelong anonymity is ticked on the contributor''s page: untick it there first, if '
            'they themselves want to be named.'
    END
$$;

-- The trigger anonymity_waiver_keeps_its_word runs first, and looks at what does not change. The
-- consent and the person may: they are held here, when it is recorded and with each signature.
CREATE FUNCTION anonymity_waiver_stands_under_its_consent() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    rule text;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.pressure_checked_by_id, NEW.legal_sign_off_by_id)
        IS NOT DISTINCT FROM (OLD.pressure_checked_by_id, OLD.legal_sign_off_by_id)
    THEN
        RETURN NEW;
    END IF;
    PERFORM rules_see_what_is_committed();
    PERFORM FROM evidence_consent WHERE record_id = NEW.consent_id FOR SHARE;
    PERFORM FROM evidence_contributor WHERE id = (
        SELECT contributor_id FROM evidence_consent WHERE record_id = NEW.consent_id) FOR SHARE;
    rule := what_forbids_a_waiver(NEW.consent_id, NEW.complainant_id IS NULL);
    -- it may be recorded before the tick is taken off, and is signed after
    IF rule IS NOT NULL AND NOT (
        TG_OP = 'INSERT' AND rule = 'anonymity_waiver_not_while_lifelong')
    THEN
        RAISE EXCEPTION '%', why_no_waiver(rule)
            USING ERRCODE = 'check_violation', CONSTRAINT = rule;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER anonymity_waiver_stands_under_its_consent BEFORE INSERT OR UPDATE
    ON evidence_anonymitywaiver FOR EACH ROW
    EXECUTE FUNCTION anonymity_waiver_stands_under_its_consent();

-- May this waiver carry a name: both have signed, nobody has voided it, and nothing forbids it now.
CREATE OR REPLACE FUNCTION anonymity_waiver_holds(waiver evidence_anonymitywaiver) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(waiver.pressure_checked_by_id IS NOT NULL
        AND waiver.legal_sign_off_by_id IS NOT NULL AND waiver.voided_at IS NULL
        AND what_forbids_a_waiver(waiver.consent_id, waiver.complainant_id IS NULL) IS NULL, false)
$$;

CREATE FUNCTION consent_keeps_its_waivers() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    rules text[];
BEGIN
    PERFORM rules_see_what_is_committed();
    rules := ARRAY(SELECT what_forbids_a_waiver(NEW.record_id, complainant_id IS NULL)
        FROM evidence_anonymitywaiver WHERE consent_id = NEW.record_id AND voided_at IS NULL);
    IF 'anonymity_waiver_not_in_scotland' = ANY (rules) THEN
        RAISE EXCEPTION 'A waiver is recorded under it, and none is taken in Scotland: void it first.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_in_scotland_has_no_waiver';
    ELSIF 'anonymity_waiver_not_of_a_child' = ANY (rules) THEN
        RAISE EXCEPTION 'Their waiver is recorded under it, and a child cannot waive: void it first.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_of_a_child_has_no_waiver';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER consent_keeps_its_waivers AFTER UPDATE ON evidence_consent FOR EACH ROW
    WHEN ((NEW.jurisdiction, NEW.age_at_consent) <> (OLD.jurisdiction, OLD.age_at_consent))
    EXECUTE FUNCTION consent_keeps_its_waivers();

-- Who wants to stay unknown after all has the waiver voided, which calls back what names them and
-- stands in the ledger for a restored backup. A consent that has ended took its waivers with it.
CREATE FUNCTION lifelong_anonymity_ends_waivers_first() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM rules_see_what_is_committed();
    IF EXISTS (
        SELECT FROM evidence_anonymitywaiver AS waiver
        JOIN evidence_consent AS consent ON consent.record_id = waiver.consent_id
        WHERE consent.contributor_id = NEW.id AND waiver.complainant_id IS NULL
            AND consent.state IN ('requested', 'deferred', 'given', 'suspended')
            AND anonymity_waiver_holds(waiver))
    THEN
        RAISE EXCEPTION 'A signed waiver lets them be named: void it first, which calls that back.'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'lifelong_anonymity_ends_waivers_first';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER lifelong_anonymity_ends_waivers_first BEFORE UPDATE ON evidence_contributor
    FOR EACH ROW WHEN (NEW.lifelong_anonymity AND NOT OLD.lifelong_anonymity)
    EXECUTE FUNCTION lifelong_anonymity_ends_waivers_first();
"""

USES = """
-- A consent may permit it; who was named is on paper, so that nothing here could tell them apart.
CREATE FUNCTION testimony_use_is_not_for_named_readers() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM evidence_consentscope
        WHERE id = NEW.scope_id AND audience IN ('staff_named', 'parliamentarian_named'))
    THEN
        RAISE EXCEPTION 'It is permitted for named readers alone: send it to them by hand.'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'testimony_use_is_not_for_named_readers';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER testimony_use_is_not_for_named_readers BEFORE INSERT ON evidence_testimonyuse
    FOR EACH ROW EXECUTE FUNCTION testimony_use_is_not_for_named_readers();
"""

RECALLS = f"""
CREATE FUNCTION recall_task_is_of_a_recall() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at THEN
            RAISE EXCEPTION 'The recall is closed.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'recall_task_stays_closed';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.asked_at IS NOT NULL OR NEW.chase_on IS NOT NULL OR NEW.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'A recall begins open: nobody was asked yet.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recall_task_begins_open';
    END IF;
    IF NOT EXISTS (SELECT FROM evidence_testimonyuse
        WHERE id = NEW.use_id AND recalled_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'Nothing called this use back.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recall_task_is_of_a_recall';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER recall_task_is_of_a_recall BEFORE INSERT OR UPDATE ON evidence_recalltask
    FOR EACH ROW EXECUTE FUNCTION recall_task_is_of_a_recall();
REVOKE UPDATE ON evidence_recalltask FROM {settings.APP_LOGIN};
GRANT UPDATE (asked_at, chase_on, closed_at, note) ON evidence_recalltask TO {settings.APP_LOGIN};
"""

REPLAYS = """
-- Is it so here, where the record is known at all? What a backup has as drafted or asked for may
-- end otherwise than it did: whatever nobody can use any more agrees with every end.
CREATE FUNCTION withdrawal_is_so_here(what text, about uuid, told jsonb) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE what
        WHEN 'consent_moved' THEN NOT EXISTS (SELECT FROM evidence_consent
            WHERE record_id = about AND state IN ('given', 'suspended')
                AND state <> told ->> 'to')
        WHEN 'testimony_withdrawn' THEN NOT EXISTS (SELECT FROM evidence_consenttestimony
            WHERE consent_id = about AND testimony_id = (told ->> 'testimony')::uuid
                AND state IN ('given', 'suspended') AND withdrawn_at IS NULL)
        WHEN 'scope_narrowed' THEN NOT EXISTS (SELECT FROM evidence_consent
                WHERE record_id = about AND state IN ('given', 'suspended'))
            OR EXISTS (SELECT FROM evidence_consentscope AS scope
                WHERE scope.consent_id = about AND to_jsonb(scope) @> told)
        WHEN 'version_recalled' THEN NOT EXISTS (SELECT FROM evidence_testimonyversion
            WHERE id = about AND state IN ('draft', 'cleared'))
        WHEN 'account_flagged' THEN NOT EXISTS (SELECT FROM evidence_testimony AS account
            WHERE id = about AND NOT to_jsonb(account) @> told)
        WHEN 'restriction_noted' THEN NOT EXISTS (SELECT FROM evidence_testimony
            WHERE id = about AND proceedings <> 'not_assessed')
        WHEN 'person_noted' THEN NOT EXISTS (SELECT FROM evidence_testimony
            WHERE id = about AND safeguarding <> 'not_assessed')
        WHEN 'taken_off' THEN NOT EXISTS (SELECT FROM evidence_testimonyuse
            WHERE testimony_id = about AND feed_item IS NOT NULL AND recalled_at IS NULL)
        WHEN 'waiver_voided' THEN NOT EXISTS (SELECT FROM evidence_anonymitywaiver
            WHERE id = about AND voided_at IS NULL)
    END
$$;

CREATE FUNCTION keep_replayed_erasure(entry uuid, about uuid, happened timestamptz) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM evidence_contributor WHERE id = about AND erased_at IS NULL) THEN
        RAISE EXCEPTION 'This contributor is here, and was not erased.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'replayed_erasure_is_so_here';
    END IF;
    INSERT INTO evidence_erasureledger (id, contributor, at) VALUES (entry, about, happened)
    -- erasing them again wrote it just now, in this very transaction; what was kept before stays
    ON CONFLICT (contributor) DO UPDATE SET id = excluded.id, at = excluded.at
        WHERE evidence_erasureledger.at BETWEEN transaction_timestamp() AND clock_timestamp();
END
$$;
REVOKE ALL ON FUNCTION keep_replayed_erasure(uuid, uuid, timestamptz) FROM PUBLIC;

CREATE FUNCTION keep_replayed_withdrawal(entry uuid, what text, about uuid, told jsonb,
    happened timestamptz) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF withdrawal_is_so_here(what, about, told) IS NOT TRUE THEN
        RAISE EXCEPTION 'It is not so in this database: do it first, then keep that it was done.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'replayed_withdrawal_is_so_here';
    END IF;
    -- doing it again wrote a second entry of the same act, in this very transaction: a later one
    DELETE FROM evidence_withdrawalledger
    WHERE act = what AND subject = about AND id <> entry AND codes - 'from' = told - 'from'
        AND at > happened AND at BETWEEN transaction_timestamp() AND clock_timestamp();
    -- a live consent's moves are told in their order: a pause dated before its end would be lost
    IF what = 'consent_moved' AND EXISTS (SELECT FROM evidence_consent
            WHERE record_id = about AND state IN ('given', 'suspended'))
        AND EXISTS (SELECT FROM evidence_withdrawalledger
            WHERE act = what AND subject = about AND id <> entry AND at > happened)
    THEN
        RAISE EXCEPTION 'This consent has moved since: what is kept of it is not dated anew.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'replayed_moves_are_in_order';
    END IF;
    INSERT INTO evidence_withdrawalledger (id, act, subject, codes, at)
    VALUES (entry, what, about, told, happened) ON CONFLICT (id) DO NOTHING;
END
$$;
REVOKE ALL ON FUNCTION keep_replayed_withdrawal(uuid, text, uuid, jsonb, timestamptz) FROM PUBLIC;

-- A restored database is told again, under the entry's own id, what happened after its backup: only
-- of what it does not know, or of what it has just done again.
CREATE OR REPLACE FUNCTION keep_replayed(ledger text, entry uuid, what text, about uuid, told jsonb,
    happened timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF happened > clock_timestamp() THEN
        RAISE EXCEPTION 'It is dated in the future: see that this machine''s clock is right.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'replayed_has_happened';
    END IF;
    IF ledger = 'erasure' THEN
        PERFORM keep_replayed_erasure(entry, about, happened);
    ELSE
        PERFORM keep_replayed_withdrawal(entry, what, about, told, happened);
    END IF;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0013_renewals_begun_once"),
    ]

    operations = [
        migrations.RunSQL(WAIVERS, migrations.RunSQL.noop),
        migrations.RunSQL(USES, migrations.RunSQL.noop),
        migrations.RunSQL(RECALLS, migrations.RunSQL.noop),
        migrations.RunSQL(REPLAYS, migrations.RunSQL.noop),
    ]
