"""What protects people beyond their consent, in plain SQL, for whoever writes.

Notices, other people in an account, restrictions, waivers, erasure, and the two ledgers. Each rule
has a name, and tests/evidence/test_protection_*.py see it refuse.
"""

from django.conf import settings
from django.db import migrations

from evidence.migrations._review import append_only

NOTICES = """
-- Those that came from an older version have no text; new ones have the very text of their hash.
ALTER TABLE evidence_privacynotice ADD CONSTRAINT privacy_notice_hash_is_of_its_text
    CHECK (sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')) NOT VALID;

ALTER TABLE evidence_consentscope ADD CONSTRAINT consent_scope_irrevocable_is_understood
    CHECK (decision = 'deny' OR irrevocable_understood OR channel NOT IN (
        'speech', 'committee_written_evidence', 'press_release', 'social')) NOT VALID;

CREATE FUNCTION consent_scope_within_the_notice() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.decision = 'permit' AND NOT EXISTS (
        SELECT FROM evidence_consent AS consent
        JOIN evidence_privacynotice AS notice ON notice.id = consent.notice_id
        WHERE consent.record_id = NEW.consent_id
            AND concat_ws(':', NEW.purpose, NEW.audience, NEW.channel) = ANY (notice.covers))
    THEN
        RAISE EXCEPTION 'The notice that was shown does not ask for this: show one that does first.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_scope_within_the_notice';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER consent_scope_within_the_notice BEFORE INSERT ON evidence_consentscope
    FOR EACH ROW EXECUTE FUNCTION consent_scope_within_the_notice();

-- Another notice could ask for less than was already permitted under the first.
CREATE FUNCTION consent_keeps_its_notice() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM evidence_consentscope WHERE consent_id = NEW.record_id) THEN
        RAISE EXCEPTION 'It permits what this notice asks for: record another consent instead.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_keeps_its_notice';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER consent_keeps_its_notice BEFORE UPDATE ON evidence_consent
    FOR EACH ROW WHEN (NEW.notice_id <> OLD.notice_id) EXECUTE FUNCTION consent_keeps_its_notice();
"""

CHILDREN = """
ALTER TABLE evidence_consent
    ADD CONSTRAINT consent_under_18_says_when_to_ask_again CHECK (
        age_at_consent >= 18 OR reconsent_month IS NOT NULL
        OR state NOT IN ('given', 'suspended')) NOT VALID,
    ADD CONSTRAINT consent_reconsent_by_the_birthday CHECK (
        age_at_consent >= 18 OR reconsent_month <= (event_time AT TIME ZONE 'UTC' + make_interval(
            years => CASE WHEN age_at_consent < 16 THEN 16 ELSE 18 END - age_at_consent))::date
        ) NOT VALID,
    ADD CONSTRAINT consent_reconsent_is_a_month CHECK (extract(day FROM reconsent_month) = 1),
    ADD CONSTRAINT consent_ends_by_the_birthday_month CHECK (
        upper(validity) AT TIME ZONE 'UTC' <= reconsent_month) NOT VALID;

-- A given consent is not edited, save what is no part of what was agreed: that a receipt went out,
-- and the birthday month, which an erasure clears.
CREATE OR REPLACE FUNCTION consent_keeps_its_word() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'requested' THEN
            RAISE EXCEPTION 'A consent starts as requested; what it covers is listed before it is given.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_starts_as_requested';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state IN ('refused', 'withdrawn', 'revoked', 'invalidated', 'replaced') THEN
        IF NEW.reconsent_month IS NULL
            AND to_jsonb(NEW) - 'reconsent_month' = to_jsonb(OLD) - 'reconsent_month'
            AND (SELECT erased_at IS NOT NULL FROM evidence_contributor WHERE id = NEW.contributor_id)
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'This consent has ended for good: record a new one instead.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_final_is_final';
    END IF;
    IF OLD.state IN ('given', 'suspended') AND (
        to_jsonb(NEW) - ARRAY['state', 'receipt_issued_at']
            <> to_jsonb(OLD) - ARRAY['state', 'receipt_issued_at']
        OR (OLD.receipt_issued_at IS NOT NULL
            AND NEW.receipt_issued_at IS DISTINCT FROM OLD.receipt_issued_at))
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
    IF NEW.state = 'given' AND EXISTS (SELECT FROM evidence_contributor
        WHERE id = NEW.contributor_id AND erased_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'This contributor was erased: nothing can rest on them any more.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_of_somebody_not_erased';
    END IF;
    RETURN NEW;
END
$$;
"""

LISTINGS = """
-- A consent, and those before it in whose place it stands: what a renewal left with its holders is
-- called back with the renewal.
CREATE FUNCTION consent_with_those_it_renewed(newest uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH RECURSIVE line (record_id) AS (
        SELECT newest
        UNION
        SELECT earlier.record_id FROM line
        JOIN evidence_consent AS later ON later.record_id = line.record_id
        JOIN evidence_consent AS earlier
            ON earlier.record_id = later.replaces_id AND earlier.state = 'replaced')
    SELECT record_id FROM line
$$;

-- One testimony can be taken back and the rest left as it is.
CREATE FUNCTION consent_listing_is_withdrawn_once() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.withdrawn_at IS NOT DISTINCT FROM OLD.withdrawn_at THEN
        RETURN NEW;  -- state and validity follow the consent
    END IF;
    PERFORM rules_see_what_is_committed();
    PERFORM FROM evidence_consent WHERE record_id = NEW.consent_id FOR UPDATE;
    IF OLD.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'It was withdrawn for this testimony: record a new consent instead.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_listing_is_withdrawn_once';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER consent_listing_is_withdrawn_once BEFORE UPDATE ON evidence_consenttestimony
    FOR EACH ROW EXECUTE FUNCTION consent_listing_is_withdrawn_once();

CREATE FUNCTION consent_listing_withdrawn_calls_back() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM call_back_uses(ARRAY(
        SELECT id FROM evidence_testimonyuse
        WHERE consent_id IN (SELECT consent_with_those_it_renewed(NEW.consent_id))
            AND testimony_id = NEW.testimony_id AND recalled_at IS NULL));
    RETURN NULL;
END
$$;
CREATE TRIGGER consent_listing_withdrawn_calls_back AFTER UPDATE ON evidence_consenttestimony
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL)
    EXECUTE FUNCTION consent_listing_withdrawn_calls_back();

-- A renewal leaves with its holders what the new record covers as well; the rest is called back,
-- and so is the website's item, which is put there anew under the new record.
CREATE OR REPLACE FUNCTION consent_leaving_calls_back() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state IN ('given', 'suspended') AND NEW.state NOT IN ('given', OLD.state) THEN
        PERFORM call_back_uses(ARRAY(
            SELECT used.id FROM evidence_testimonyuse AS used
            JOIN evidence_consentscope AS scope ON scope.id = used.scope_id
            WHERE used.consent_id IN (SELECT consent_with_those_it_renewed(NEW.record_id))
                AND used.recalled_at IS NULL AND NOT (
                NEW.state = 'replaced' AND used.feed_item IS NULL
                AND used.waiver_id IS NULL  -- a waiver is of one consent, and ends with it
                AND EXISTS (
                    SELECT FROM evidence_consent AS renewal
                    JOIN evidence_consenttestimony AS listed
                        ON listed.consent_id = renewal.record_id
                        AND listed.testimony_id = used.testimony_id
                        AND listed.withdrawn_at IS NULL
                    JOIN evidence_consentscope AS permitted
                        ON permitted.consent_id = renewal.record_id
                        AND permitted.decision = 'permit'
                        AND permitted.max_identity >= used.identity
                        AND (permitted.purpose, permitted.audience, permitted.channel)
                            = (scope.purpose, scope.audience, scope.channel)
                    WHERE renewal.replaces_id = NEW.record_id
                        AND NOT EXISTS (SELECT FROM evidence_consentscope AS narrower
                            WHERE narrower.consent_id = renewal.record_id
                                AND (narrower.purpose, narrower.audience, narrower.channel)
                                    = (scope.purpose, scope.audience, scope.channel)
                                AND (narrower.decision = 'deny'
                                    OR narrower.max_identity < used.identity))
                        -- a pack that prints "may be read aloud" has to be so under the new one too
                        AND (scope.channel <> 'briefing_pack'
                            OR consent_permits_speech(renewal.record_id, scope, used.identity)
                            OR NOT consent_permits_speech(used.consent_id, scope, used.identity))))));
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION consent_permits_speech(consent uuid, as_in evidence_consentscope, known integer)
    RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(bool_and(decision = 'permit' AND max_identity >= known), false)
    FROM evidence_consentscope
    WHERE consent_id = consent AND channel = 'speech'
        AND (purpose, audience) = (as_in.purpose, as_in.audience)
$$;

CREATE OR REPLACE FUNCTION consent_narrowing_calls_back() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM call_back_uses(ARRAY(
        SELECT used.id FROM evidence_testimonyuse AS used
        JOIN evidence_consentscope AS scope ON scope.id = used.scope_id
        WHERE used.consent_id IN (SELECT consent_with_those_it_renewed(NEW.consent_id))
            AND used.recalled_at IS NULL
            AND scope.purpose = NEW.purpose AND scope.audience = NEW.audience
            -- a pack prints whether its words may be spoken, so it goes back with that too
            AND (scope.channel = NEW.channel
                OR (NEW.channel = 'speech' AND scope.channel = 'briefing_pack'))
            AND (NEW.decision = 'deny' OR used.identity > NEW.max_identity)));
    RETURN NULL;
END
$$;

-- At commit, since a renewal ends the old record and gives the new one in a single transaction.
CREATE FUNCTION consent_replaced_by_another() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM evidence_consent
        WHERE replaces_id = NEW.record_id AND event_time IS NOT NULL
            AND state NOT IN ('requested', 'deferred', 'refused'))
    THEN
        RAISE EXCEPTION 'A consent is replaced by one that is given.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_replaced_by_another';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER consent_replaced_by_another AFTER UPDATE ON evidence_consent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state <> 'replaced' AND NEW.state = 'replaced')
    EXECUTE FUNCTION consent_replaced_by_another();
"""

WAIVERS = """
CREATE FUNCTION anonymity_waiver_keeps_its_word() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    given evidence_consent;
    account evidence_testimony;
    signs text[] := ARRAY['pressure_checked_by_id', 'pressure_checked_at', 'legal_sign_off_by_id',
        'legal_sign_off_at', 'voided_at'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.matter = '' AND to_jsonb(NEW) - 'matter' = to_jsonb(OLD) - 'matter' AND EXISTS (
            SELECT FROM evidence_contributor AS contributor
            JOIN evidence_consent AS consent ON consent.contributor_id = contributor.id
            WHERE consent.record_id = NEW.consent_id AND contributor.erased_at IS NOT NULL)
        THEN
            RETURN NEW;
        END IF;
        IF OLD.voided_at IS NOT NULL THEN
            RAISE EXCEPTION 'A voided waiver stays void.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'anonymity_waiver_stays_void';
        END IF;
        IF to_jsonb(NEW) - signs <> to_jsonb(OLD) - signs
            OR (OLD.pressure_checked_by_id IS NOT NULL
                AND (NEW.pressure_checked_by_id, NEW.pressure_checked_at)
                    IS DISTINCT FROM (OLD.pressure_checked_by_id, OLD.pressure_checked_at))
            OR (OLD.legal_sign_off_by_id IS NOT NULL
                AND (NEW.legal_sign_off_by_id, NEW.legal_sign_off_at)
                    IS DISTINCT FROM (OLD.legal_sign_off_by_id, OLD.legal_sign_off_at))
        THEN
            RAISE EXCEPTION 'A waiver is signed as it stands: record another one instead.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'anonymity_waiver_is_not_edited';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.pressure_checked_by_id IS NOT NULL OR NEW.legal_sign_off_by_id IS NOT NULL THEN
        RAISE EXCEPTION 'A waiver is recorded first and signed afterwards.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'anonymity_waiver_is_signed_later';
    END IF;
    SELECT * INTO given FROM evidence_consent WHERE record_id = NEW.consent_id;
    SELECT testimony.* INTO account FROM evidence_testimony AS testimony
        JOIN evidence_testimonyversion AS version ON version.testimony_id = testimony.id
        WHERE version.id = NEW.version_id;
    IF given.jurisdiction = 'SC' THEN
        RAISE EXCEPTION 'Waivers under Scottish law are not taken until counsel has confirmed how.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'anonymity_waiver_not_in_scotland';
    END IF;
    IF NOT EXISTS (SELECT FROM evidence_consenttestimony
        WHERE consent_id = NEW.consent_id AND testimony_id = account.id)
    THEN
        RAISE EXCEPTION 'The consent does not list the testimony of this version.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'anonymity_waiver_of_a_listed_testimony';
    END IF;
    IF NEW.signed_at > clock_timestamp() THEN
        RAISE EXCEPTION 'A waiver cannot be signed in the future.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'anonymity_waiver_not_in_the_future';
    END IF;
    IF NEW.complainant_id IS NULL AND account.teller <> 'complainant'
        OR NEW.complainant_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM evidence_personspokenabout
            WHERE id = NEW.complainant_id AND testimony_id = account.id
                AND is_complainant AND life <> 'died')
    THEN
        RAISE EXCEPTION 'Only a living complainant of this account can waive their anonymity.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'anonymity_waiver_by_a_complainant_of_it';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER anonymity_waiver_keeps_its_word BEFORE INSERT OR UPDATE ON evidence_anonymitywaiver
    FOR EACH ROW EXECUTE FUNCTION anonymity_waiver_keeps_its_word();

CREATE FUNCTION anonymity_waiver_voided_calls_back() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    -- of all who were named there: one of them no longer agrees, and the words are the same; and
    -- what only this waiver let go further than somebody's cap, which names none
    PERFORM call_back_uses(ARRAY(
        SELECT id FROM evidence_testimonyuse
        WHERE version_id = NEW.version_id AND publication = NEW.publication
            AND recalled_at IS NULL AND (waiver_id IS NOT NULL
                OR what_protects(version_id, publication, consent_id) IS NOT NULL)));
    RETURN NULL;
END
$$;
CREATE TRIGGER anonymity_waiver_voided_calls_back AFTER UPDATE ON evidence_anonymitywaiver
    FOR EACH ROW WHEN (OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL)
    EXECUTE FUNCTION anonymity_waiver_voided_calls_back();
"""

USES = """
ALTER TABLE evidence_testimonyuse ADD CONSTRAINT testimony_use_of_its_waiver
    FOREIGN KEY (waiver_id, consent_id, version_id, publication)
    REFERENCES evidence_anonymitywaiver (id, consent_id, version_id, publication);

-- May this waiver carry a name: both have signed, and nobody has voided it.
CREATE FUNCTION anonymity_waiver_holds(waiver evidence_anonymitywaiver) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(waiver.pressure_checked_by_id IS NOT NULL
        AND waiver.legal_sign_off_by_id IS NOT NULL AND waiver.voided_at IS NULL, false)
$$;

-- The first rule that stands against a use although its consent covers it; null where none does.
-- A waiver counts for the consent under which it was signed, and for no other; where no consent is
-- named, for any, so that an officer is not told that a waiver is missing when the consent is.
CREATE FUNCTION what_protects(wanted uuid, place text, under uuid) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN EXISTS (SELECT FROM evidence_reportingrestriction
            WHERE testimony_id = words.testimony_id AND ended_at IS NULL)
            THEN 'testimony_use_no_restriction_open'
        WHEN EXISTS (SELECT FROM evidence_personspokenabout
            WHERE testimony_id = words.testimony_id AND life = 'died'
                AND death_reviewed_at IS NULL)
            THEN 'testimony_use_suspended_by_a_death'
        WHEN EXISTS (SELECT FROM evidence_personspokenabout
            WHERE testimony_id = words.testimony_id AND is_accused AND is_identifiable
                AND legal_sign_off_at IS NULL)
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

CREATE FUNCTION why_protected(rule text) RETURNS text LANGUAGE sql IMMUTABLE
    SET search_path = public, pg_temp AS $$
    SELECT CASE rule
        WHEN 'testimony_use_no_restriction_open' THEN 'A reporting restriction is open.'
        WHEN 'testimony_use_suspended_by_a_death' THEN
            'Somebody in the account has died: a person has to decide whether it goes on.'
        WHEN 'testimony_use_accused_is_not_identifiable' THEN
            'An accused person could be recognised, and nobody has signed that for the law.'
        WHEN 'testimony_use_complainant_is_on_record' THEN
            'The account is told by somebody close: record first whom it was done to.'
        WHEN 'testimony_use_capped_by_the_complainant' THEN
            'A living complainant in the account is protected further than this version goes.'
        WHEN 'testimony_use_by_name_needs_their_waiver' THEN
            'It names the person, who has not waived anonymity for this publication.'
    END
$$;

CREATE FUNCTION testimony_use_is_protected() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    rule text;
BEGIN
    -- the trigger on coverage, which runs first, holds the consent, the testimony and the version
    PERFORM FROM evidence_personspokenabout WHERE testimony_id = NEW.testimony_id
        ORDER BY id FOR SHARE;
    PERFORM FROM evidence_anonymitywaiver
        WHERE version_id = NEW.version_id AND publication = NEW.publication ORDER BY id FOR SHARE;
    rule := what_protects(NEW.version_id, NEW.publication, NEW.consent_id);
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION '%', why_protected(rule)
            USING ERRCODE = 'check_violation', CONSTRAINT = rule;
    END IF;
    IF NEW.publication <> '' AND (NEW.publication = 'website') <> (NEW.feed_item IS NOT NULL) THEN
        RAISE EXCEPTION 'What is on the website, and nothing else, is published as website.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_use_names_where_it_is';
    END IF;
    IF NEW.waiver_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM evidence_anonymitywaiver AS waiver
        WHERE waiver.id = NEW.waiver_id AND anonymity_waiver_holds(waiver))
    THEN
        RAISE EXCEPTION 'The waiver is not signed by two people, or was voided.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_use_waiver_is_signed';
    END IF;
    IF EXISTS (SELECT FROM evidence_consenttestimony
        WHERE consent_id = NEW.consent_id AND testimony_id = NEW.testimony_id
            AND withdrawn_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'The consent was withdrawn for this testimony.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_use_listing_is_live';
    END IF;
    RETURN NEW;
END
$$;
-- triggers run by name, and this one has to come after testimony_use_is_covered
CREATE TRIGGER testimony_use_is_protected BEFORE INSERT ON evidence_testimonyuse
    FOR EACH ROW EXECUTE FUNCTION testimony_use_is_protected();

-- Whatever is noted about an account takes its row first: a use in the making waits, or is found.
CREATE FUNCTION protection_takes_the_account() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM rules_see_what_is_committed();
    PERFORM FROM evidence_testimony WHERE id = NEW.testimony_id FOR NO KEY UPDATE;
    IF TG_OP = 'UPDATE' AND NEW.testimony_id <> OLD.testimony_id THEN
        RAISE EXCEPTION 'It was noted about one account and stays with it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'protection_keeps_its_account';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER protection_takes_the_account BEFORE INSERT OR UPDATE
    ON evidence_personspokenabout FOR EACH ROW EXECUTE FUNCTION protection_takes_the_account();
CREATE TRIGGER protection_takes_the_account BEFORE INSERT OR UPDATE
    ON evidence_reportingrestriction FOR EACH ROW EXECUTE FUNCTION protection_takes_the_account();

CREATE FUNCTION protection_calls_back() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM call_back_uses(ARRAY(
        SELECT used.id FROM evidence_testimonyuse AS used
        WHERE used.testimony_id = NEW.testimony_id AND used.recalled_at IS NULL
            AND what_protects(used.version_id, used.publication, used.consent_id) IS NOT NULL));
    RETURN NULL;
END
$$;
CREATE TRIGGER protection_calls_back AFTER INSERT OR UPDATE
    ON evidence_personspokenabout FOR EACH ROW EXECUTE FUNCTION protection_calls_back();
CREATE TRIGGER protection_calls_back AFTER INSERT OR UPDATE
    ON evidence_reportingrestriction FOR EACH ROW EXECUTE FUNCTION protection_calls_back();

CREATE FUNCTION testimony_teller_calls_back() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM call_back_uses(ARRAY(
        SELECT used.id FROM evidence_testimonyuse AS used
        WHERE used.testimony_id = NEW.id AND used.recalled_at IS NULL
            AND what_protects(used.version_id, used.publication, used.consent_id) IS NOT NULL));
    RETURN NULL;
END
$$;
CREATE TRIGGER testimony_teller_calls_back AFTER UPDATE OF teller ON evidence_testimony
    FOR EACH ROW EXECUTE FUNCTION testimony_teller_calls_back();

CREATE FUNCTION reporting_restriction_is_kept() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL
        OR to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id']
            <> to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id']
    THEN
        RAISE EXCEPTION 'A restriction is noted once and ended once: note another one instead.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reporting_restriction_is_kept';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER reporting_restriction_is_kept BEFORE UPDATE ON evidence_reportingrestriction
    FOR EACH ROW EXECUTE FUNCTION reporting_restriction_is_kept();

-- What a version tells of the person is listed while it is a draft: a reviewer judged that list.
CREATE FUNCTION features_are_told_before_clearance() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM evidence_testimonyversion
        WHERE id IN (NEW.version_id, OLD.version_id) ORDER BY id FOR SHARE;
    IF EXISTS (SELECT FROM evidence_testimonyversion
            WHERE id IN (NEW.version_id, OLD.version_id) AND state <> 'draft')
        AND NOT (TG_OP = 'DELETE' AND EXISTS (
            SELECT FROM evidence_contributor AS contributor
            JOIN evidence_testimony AS testimony ON testimony.contributor_id = contributor.id
            JOIN evidence_testimonyversion AS version ON version.testimony_id = testimony.id
            WHERE version.id = OLD.version_id AND contributor.erased_at IS NOT NULL))
    THEN
        RAISE EXCEPTION 'What a version tells of the person is listed before it is cleared.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'features_are_told_before_clearance';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER features_are_told_before_clearance BEFORE INSERT OR UPDATE OR DELETE
    ON evidence_identifyingfeature FOR EACH ROW
    EXECUTE FUNCTION features_are_told_before_clearance();
"""

LEDGERS = """
-- With the owner's rights: the ledgers are written here and nowhere else.
CREATE FUNCTION write_withdrawal(what text, about uuid, told jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO evidence_withdrawalledger (id, act, subject, codes, at)
    VALUES (gen_random_uuid(), what, about, told, clock_timestamp())
$$;
REVOKE EXECUTE ON FUNCTION write_withdrawal(text, uuid, jsonb) FROM PUBLIC;

CREATE FUNCTION consent_moves_are_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state IN ('given', 'suspended') AND NEW.state <> OLD.state THEN
        PERFORM write_withdrawal('consent_moved', NEW.record_id,
            jsonb_build_object('from', OLD.state, 'to', NEW.state));
        IF NEW.state NOT IN ('given', 'replaced') THEN
            INSERT INTO evidence_alert (id, consent_id, what, raised_at)
            VALUES (gen_random_uuid(), NEW.record_id, NEW.state, clock_timestamp());
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER consent_moves_are_kept AFTER UPDATE ON evidence_consent
    FOR EACH ROW EXECUTE FUNCTION consent_moves_are_kept();

CREATE FUNCTION listing_withdrawals_are_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM write_withdrawal('testimony_withdrawn', NEW.consent_id,
        jsonb_build_object('testimony', NEW.testimony_id));
    INSERT INTO evidence_alert (id, consent_id, what, raised_at)
    VALUES (gen_random_uuid(), NEW.consent_id, 'testimony', clock_timestamp());
    RETURN NULL;
END
$$;
CREATE TRIGGER listing_withdrawals_are_kept AFTER UPDATE ON evidence_consenttestimony
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL)
    EXECUTE FUNCTION listing_withdrawals_are_kept();

CREATE FUNCTION consent_narrowings_are_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM evidence_consent
        WHERE record_id = NEW.consent_id AND state IN ('given', 'suspended'))
    THEN
        PERFORM write_withdrawal('scope_narrowed', NEW.consent_id, jsonb_build_object(
            'purpose', NEW.purpose, 'audience', NEW.audience, 'channel', NEW.channel,
            'max_identity', NEW.max_identity, 'max_edits', NEW.max_edits,
            'decision', NEW.decision));
        INSERT INTO evidence_alert (id, consent_id, what, raised_at)
        VALUES (gen_random_uuid(), NEW.consent_id, 'narrowed', clock_timestamp());
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER consent_narrowings_are_kept AFTER INSERT ON evidence_consentscope
    FOR EACH ROW EXECUTE FUNCTION consent_narrowings_are_kept();

CREATE FUNCTION version_recalls_are_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM write_withdrawal('version_recalled', NEW.id, '{}');
    RETURN NULL;
END
$$;
CREATE TRIGGER version_recalls_are_kept AFTER UPDATE OF state ON evidence_testimonyversion
    FOR EACH ROW WHEN (OLD.state <> 'recalled' AND NEW.state = 'recalled')
    EXECUTE FUNCTION version_recalls_are_kept();

CREATE FUNCTION account_flags_are_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM write_withdrawal('account_flagged', NEW.id, jsonb_build_object(
        'safeguarding', NEW.safeguarding, 'proceedings', NEW.proceedings));
    RETURN NULL;
END
$$;
CREATE TRIGGER account_flags_are_kept AFTER UPDATE OF safeguarding, proceedings
    ON evidence_testimony FOR EACH ROW
    WHEN ((OLD.safeguarding, OLD.proceedings) <> (NEW.safeguarding, NEW.proceedings))
    EXECUTE FUNCTION account_flags_are_kept();

CREATE FUNCTION restrictions_are_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM write_withdrawal('restriction_noted', NEW.testimony_id,
        jsonb_build_object('kind', NEW.kind));
    RETURN NULL;
END
$$;
CREATE TRIGGER restrictions_are_kept AFTER INSERT ON evidence_reportingrestriction
    FOR EACH ROW EXECUTE FUNCTION restrictions_are_kept();

-- Not what was noted, which would tell of a person: that there was something is enough to stop.
CREATE FUNCTION persons_noted_are_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM write_withdrawal('person_noted', NEW.testimony_id, '{}');
    RETURN NULL;
END
$$;
CREATE TRIGGER persons_noted_are_kept AFTER INSERT OR UPDATE ON evidence_personspokenabout
    FOR EACH ROW EXECUTE FUNCTION persons_noted_are_kept();

CREATE FUNCTION taken_off_is_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM write_withdrawal('taken_off', NEW.testimony_id, '{}');
    RETURN NULL;
END
$$;
CREATE TRIGGER taken_off_is_kept AFTER UPDATE ON evidence_testimonyuse
    FOR EACH ROW WHEN (NEW.feed_item IS NOT NULL AND OLD.recalled_at IS NULL
        AND NEW.recalled_at IS NOT NULL AND NEW.outcome <> 'superseded')
    EXECUTE FUNCTION taken_off_is_kept();

CREATE FUNCTION voidings_are_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM write_withdrawal('waiver_voided', NEW.id, '{}');
    RETURN NULL;
END
$$;
CREATE TRIGGER voidings_are_kept AFTER UPDATE ON evidence_anonymitywaiver
    FOR EACH ROW WHEN (OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL)
    EXECUTE FUNCTION voidings_are_kept();

REVOKE EXECUTE ON FUNCTION consent_moves_are_kept(), listing_withdrawals_are_kept(),
    consent_narrowings_are_kept(),
    version_recalls_are_kept(), account_flags_are_kept(), restrictions_are_kept(),
    persons_noted_are_kept(), taken_off_is_kept(),
    voidings_are_kept() FROM PUBLIC;
"""

ERASURE = f"""
-- Words may go for good once their contributor is erased; else versions stay as they are.
CREATE OR REPLACE FUNCTION testimony_version_is_immutable() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    later text[] := ARRAY['state', 'cleared_by_id', 'contributor_approved_at',
        'jigsaw_reviewed_by_id', 'jigsaw_reviewed_at'];
    words text[] := ARRAY['text', 'attribution', 'anonymity_note', 'content_warning'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'A version starts as a draft.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'testimony_version_starts_as_draft';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.text = '' AND to_jsonb(NEW) - words = to_jsonb(OLD) - words AND EXISTS (
        SELECT FROM evidence_contributor AS contributor
        JOIN evidence_testimony AS testimony ON testimony.contributor_id = contributor.id
        WHERE testimony.id = NEW.testimony_id AND contributor.erased_at IS NOT NULL)
    THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - later <> to_jsonb(OLD) - later
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

CREATE FUNCTION erased_stays_erased() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.erased_at IS NOT NULL THEN
        RAISE EXCEPTION 'This contributor was erased: nothing about them is recorded any more.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'erased_stays_erased';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER erased_stays_erased BEFORE UPDATE ON evidence_contributor
    FOR EACH ROW EXECUTE FUNCTION erased_stays_erased();

CREATE FUNCTION nothing_new_about_the_erased() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    whose uuid;
BEGIN
    EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) USING NEW INTO whose;
    IF TG_ARGV[0] = 'testimony_id' THEN
        SELECT contributor_id INTO whose FROM evidence_testimony WHERE id = whose;
    ELSIF TG_ARGV[0] = 'consent_id' THEN
        SELECT contributor_id INTO whose FROM evidence_consent WHERE record_id = whose;
    END IF;
    PERFORM FROM evidence_contributor WHERE id = whose AND erased_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'This contributor was erased: nothing about them is recorded any more.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_new_about_the_erased';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER nothing_new_about_the_erased BEFORE INSERT OR UPDATE ON evidence_identity
    FOR EACH ROW EXECUTE FUNCTION nothing_new_about_the_erased('contributor_id');
CREATE TRIGGER nothing_new_about_the_erased BEFORE INSERT ON evidence_testimony
    FOR EACH ROW EXECUTE FUNCTION nothing_new_about_the_erased('contributor_id');
CREATE TRIGGER the_erased_have_no_title BEFORE UPDATE ON evidence_testimony FOR EACH ROW
    WHEN (NEW.title <> OLD.title AND NEW.title <> 'Erased ' || left(NEW.id::text, 8))
    EXECUTE FUNCTION nothing_new_about_the_erased('contributor_id');
CREATE TRIGGER nothing_new_about_the_erased BEFORE INSERT ON evidence_consent
    FOR EACH ROW EXECUTE FUNCTION nothing_new_about_the_erased('contributor_id');
CREATE TRIGGER nothing_new_about_the_erased BEFORE INSERT ON evidence_anonymitywaiver
    FOR EACH ROW EXECUTE FUNCTION nothing_new_about_the_erased('consent_id');
CREATE TRIGGER nothing_new_about_the_erased BEFORE INSERT ON evidence_personspokenabout
    FOR EACH ROW EXECUTE FUNCTION nothing_new_about_the_erased('testimony_id');
CREATE TRIGGER nothing_new_about_the_erased BEFORE INSERT ON evidence_vaultlook
    FOR EACH ROW EXECUTE FUNCTION nothing_new_about_the_erased('contributor_id');
CREATE TRIGGER nothing_new_about_the_erased BEFORE INSERT ON evidence_ownpagelink
    FOR EACH ROW EXECUTE FUNCTION nothing_new_about_the_erased('contributor_id');
CREATE TRIGGER nothing_new_about_the_erased BEFORE INSERT OR UPDATE ON evidence_rawaccount
    FOR EACH ROW EXECUTE FUNCTION nothing_new_about_the_erased('testimony_id');
CREATE TRIGGER nothing_new_about_the_erased BEFORE INSERT ON evidence_testimonyversion
    FOR EACH ROW EXECUTE FUNCTION nothing_new_about_the_erased('testimony_id');
CREATE TRIGGER nothing_new_about_the_erased BEFORE INSERT OR UPDATE ON evidence_consentevidence
    FOR EACH ROW EXECUTE FUNCTION nothing_new_about_the_erased('consent_id');

-- A message of the desk's log is JSON, in which letters may be written by their numbers.
CREATE FUNCTION message_says_any(message text, words text[]) RETURNS boolean LANGUAGE plpgsql
    IMMUTABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM jsonb_path_query(message::jsonb, '$.**') AS part, unnest(words) AS word
        WHERE jsonb_typeof(part) = 'string' AND strpos(part #>> '{{}}', word) > 0);
EXCEPTION WHEN data_exception THEN
    RETURN EXISTS (SELECT FROM unnest(words) AS word WHERE strpos(message, word) > 0);
END
$$;

-- Entries about the person, and those of other records that name one of theirs, as a pack's do.
CREATE FUNCTION forget_in_the_desks_log(ids uuid[], words text[]) RETURNS void LANGUAGE sql
    SET search_path = public, pg_temp AS $$
    UPDATE django_admin_log SET object_repr = 'Erased', change_message = ''
        WHERE object_id = ANY (ids::text[]);
    UPDATE django_admin_log SET object_repr = 'Erased'
        WHERE EXISTS (SELECT FROM unnest(words) AS word WHERE strpos(object_repr, word) > 0);
    UPDATE django_admin_log SET change_message = ''
        WHERE change_message <> '' AND message_says_any(change_message, words);
$$;
REVOKE EXECUTE ON FUNCTION forget_in_the_desks_log(uuid[], text[]) FROM PUBLIC;

-- The one way in which an account's words leave the database: everything in use is called back
-- first, then all that was written about the person goes, the desk's own log included.
CREATE FUNCTION erase_contributor(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    erased evidence_contributor;
    accounts uuid[];
    given uuid[];
    versions uuid[];
    words text[];
BEGIN
    PERFORM rules_see_what_is_committed();
    PERFORM FROM evidence_consent WHERE contributor_id = whose ORDER BY record_id FOR UPDATE;
    PERFORM FROM evidence_testimony WHERE contributor_id = whose ORDER BY id FOR UPDATE;
    SELECT * INTO erased FROM evidence_contributor WHERE id = whose FOR UPDATE;
    -- listed only now: what was being recorded meanwhile held the contributor, and no more can come
    given := ARRAY(SELECT record_id FROM evidence_consent WHERE contributor_id = whose);
    accounts := ARRAY(SELECT id FROM evidence_testimony WHERE contributor_id = whose);
    versions := ARRAY(
        SELECT id FROM evidence_testimonyversion WHERE testimony_id = ANY (accounts));
    words := erased.label || ARRAY(SELECT title::text FROM evidence_testimony
        WHERE id = ANY (accounts) AND title <> '');
    IF erased.id IS NULL THEN
        RAISE EXCEPTION 'There is no such contributor.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_of_a_contributor';
    END IF;
    IF erased.retention_hold <> 'none' THEN
        RAISE EXCEPTION 'A retention hold stops the destruction: end the hold first.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_waits_for_the_hold';
    END IF;
    IF erased.erased_at IS NOT NULL THEN
        RETURN;
    END IF;
    UPDATE evidence_consent SET state = 'withdrawn'
        WHERE record_id = ANY (given) AND state IN ('given', 'suspended');
    UPDATE evidence_consent SET state = 'refused'
        WHERE record_id = ANY (given) AND state IN ('requested', 'deferred');
    UPDATE evidence_testimonyversion SET state = CASE state
            WHEN 'draft' THEN 'superseded' ELSE 'recalled' END
        WHERE id = ANY (versions) AND state <> 'recalled';
    UPDATE evidence_contributor SET erased_at = clock_timestamp(),
            label = 'Erased ' || left(id::text, 8)
        WHERE id = whose;
    UPDATE evidence_consent SET reconsent_month = NULL
        WHERE record_id = ANY (given) AND reconsent_month IS NOT NULL;
    DELETE FROM evidence_identity WHERE contributor_id = whose;
    DELETE FROM evidence_rawaccount WHERE testimony_id = ANY (accounts);
    DELETE FROM evidence_consentevidence WHERE consent_id = ANY (given);
    DELETE FROM evidence_ownpagecode WHERE link_id IN (
        SELECT id FROM evidence_ownpagelink WHERE contributor_id = whose);
    DELETE FROM evidence_ownpagelink WHERE contributor_id = whose;
    DELETE FROM evidence_identifyingfeature WHERE version_id = ANY (versions);
    UPDATE evidence_testimonyversion
        SET text = '', attribution = '', anonymity_note = '', content_warning = ''
        WHERE id = ANY (versions);
    UPDATE evidence_testimony SET title = 'Erased ' || left(id::text, 8)
        WHERE id = ANY (accounts);
    UPDATE evidence_recalltask SET note = '' WHERE use_id IN (
        SELECT id FROM evidence_testimonyuse WHERE testimony_id = ANY (accounts));
    UPDATE evidence_anonymitywaiver SET matter = '' WHERE consent_id = ANY (given);
    UPDATE evidence_vaultlook SET because = 'erased' WHERE contributor_id = whose;
    PERFORM forget_in_the_desks_log(whose || accounts || given || versions || ARRAY(
        SELECT id FROM evidence_anonymitywaiver WHERE consent_id = ANY (given)
        UNION SELECT id FROM evidence_personspokenabout WHERE testimony_id = ANY (accounts)
        UNION SELECT id FROM evidence_reportingrestriction WHERE testimony_id = ANY (accounts)
        UNION SELECT id FROM evidence_testimonyuse WHERE testimony_id = ANY (accounts)
        UNION SELECT task.id FROM evidence_recalltask AS task
            JOIN evidence_testimonyuse AS used ON used.id = task.use_id
            WHERE used.testimony_id = ANY (accounts)), words);
    INSERT INTO evidence_erasureledger (id, contributor, at)
        VALUES (gen_random_uuid(), whose, clock_timestamp());
    UPDATE evidence_erasurerequest SET done_at = clock_timestamp()
        WHERE contributor_id = whose AND done_at IS NULL;
    -- the planner keeps samples of what stands in a column, words included
    ANALYZE evidence_contributor, evidence_testimony, evidence_testimonyversion,
        evidence_identifyingfeature, evidence_recalltask, evidence_anonymitywaiver,
        evidence_vaultlook, django_admin_log, publishing_publisheditem;
END
$$;
REVOKE ALL ON FUNCTION erase_contributor(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_contributor(uuid) TO {settings.APP_LOGIN};

-- A restored database is told again, under the entry's own id, what happened after its backup.
CREATE FUNCTION keep_replayed(ledger text, entry uuid, what text, about uuid, told jsonb,
    happened timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF ledger = 'erasure' THEN
        INSERT INTO evidence_erasureledger (id, contributor, at) VALUES (entry, about, happened)
        ON CONFLICT (contributor) DO UPDATE SET id = excluded.id, at = excluded.at;
    ELSE
        INSERT INTO evidence_withdrawalledger (id, act, subject, codes, at)
        VALUES (entry, what, about, told, happened) ON CONFLICT (id) DO NOTHING;
        -- doing it again wrote a second entry of the same act, in this very transaction
        DELETE FROM evidence_withdrawalledger
        WHERE act = what AND subject = about AND id <> entry
            AND codes - 'from' = told - 'from' AND at >= transaction_timestamp();
    END IF;
END
$$;
REVOKE ALL ON FUNCTION keep_replayed(text, uuid, text, uuid, jsonb, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_replayed(text, uuid, text, uuid, jsonb, timestamptz)
    TO {settings.APP_LOGIN};
"""

KEPT = ", ".join(
    f"evidence_{name}"
    for name in (
        "alert",
        "anonymitywaiver",
        "consentevidence",
        "erasureledger",
        "erasurerequest",
        "identity",
        "ownpagecode",
        "ownpagelink",
        "personspokenabout",
        "privacynotice",
        "rawaccount",
        "reportingrestriction",
        "usenotice",
        "vaultlook",
        "withdrawalledger",
    )
)
GRANTS = f"""
REVOKE DELETE ON {KEPT} FROM {settings.APP_LOGIN};
REVOKE INSERT ON evidence_erasureledger, evidence_withdrawalledger, evidence_alert
    FROM {settings.APP_LOGIN};
REVOKE UPDATE ON evidence_alert, evidence_ownpagelink, evidence_ownpagecode, evidence_contributor,
    evidence_anonymitywaiver, evidence_reportingrestriction, evidence_erasurerequest,
    evidence_consentevidence FROM {settings.APP_LOGIN};
GRANT UPDATE (withdrawn_at) ON evidence_consenttestimony TO {settings.APP_LOGIN};
GRANT UPDATE (mailed_at, seen_at, seen_by_id) ON evidence_alert TO {settings.APP_LOGIN};
GRANT UPDATE (ended_at) ON evidence_ownpagelink TO {settings.APP_LOGIN};
GRANT UPDATE (tries, used_at) ON evidence_ownpagecode TO {settings.APP_LOGIN};
GRANT UPDATE (told_at) ON evidence_erasurerequest TO {settings.APP_LOGIN};
GRANT UPDATE (label, is_fictional, lifelong_anonymity, do_not_contact, retention_hold)
    ON evidence_contributor TO {settings.APP_LOGIN};
GRANT UPDATE (pressure_checked_by_id, pressure_checked_at, legal_sign_off_by_id,
    legal_sign_off_at, voided_at) ON evidence_anonymitywaiver TO {settings.APP_LOGIN};
GRANT UPDATE (ended_at, ended_by_id) ON evidence_reportingrestriction TO {settings.APP_LOGIN};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0009_protection"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [
        migrations.RunSQL(NOTICES, migrations.RunSQL.noop),
        migrations.RunSQL(CHILDREN, migrations.RunSQL.noop),
        migrations.RunSQL(LISTINGS, migrations.RunSQL.noop),
        migrations.RunSQL(WAIVERS, migrations.RunSQL.noop),
        migrations.RunSQL(USES, migrations.RunSQL.noop),
        migrations.RunSQL(LEDGERS, migrations.RunSQL.noop),
        migrations.RunSQL(ERASURE, migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        append_only(
            "evidence_privacynotice",
            "evidence_usenotice",
            "evidence_vaultlook",
            "evidence_withdrawalledger",
            "evidence_erasureledger",
        ),
    ]
