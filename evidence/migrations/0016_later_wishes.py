"""What somebody wanted last holds: over a paper signed before it, over their name in another's
account, and over a backup that does not know it."""

from django.db import migrations, models

RULES = """
CREATE FUNCTION own_consent_is_another_persons() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM evidence_consent AS given
        JOIN evidence_testimony AS account USING (contributor_id)
        WHERE given.record_id = NEW.own_consent_id AND account.id = NEW.testimony_id)
    THEN
        RAISE EXCEPTION 'That is a consent of whoever gave this account: choose one of the person that it speaks of.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'own_consent_is_another_persons';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER own_consent_is_another_persons BEFORE INSERT OR UPDATE ON evidence_personspokenabout
    FOR EACH ROW WHEN (NEW.own_consent_id IS NOT NULL)
    EXECUTE FUNCTION own_consent_is_another_persons();

-- A paper may lie for days before it is recorded as given. What they paused, narrowed or took back
-- in the meantime, it knows nothing of.
CREATE FUNCTION consent_is_their_last_word() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM rules_see_what_is_committed();
    IF EXISTS (
        SELECT FROM evidence_consenttestimony AS ours
        JOIN evidence_consenttestimony AS theirs USING (testimony_id)
        JOIN evidence_withdrawalledger AS later ON later.subject = theirs.consent_id
        WHERE ours.consent_id = NEW.record_id AND theirs.consent_id <> NEW.record_id
            AND later.at > NEW.event_time
            AND (later.act = 'scope_narrowed'
                OR later.act = 'consent_moved'
                    AND later.codes ->> 'to' IN ('suspended', 'withdrawn', 'revoked', 'invalidated')
                OR later.act = 'testimony_withdrawn'
                    AND later.codes ->> 'testimony' = ours.testimony_id::text))
    THEN
        RAISE EXCEPTION 'Something was paused, narrowed or taken back after this was given: ask them again, and write when they answered.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_is_their_last_word';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER consent_is_their_last_word BEFORE UPDATE ON evidence_consent FOR EACH ROW
    WHEN (OLD.state IN ('requested', 'deferred') AND NEW.state = 'given')
    EXECUTE FUNCTION consent_is_their_last_word();

-- Whom an account speaks of may have agreed to be named in it. That goes with their own consent.
CREATE FUNCTION void_waivers_given_by(given uuid[]) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    UPDATE evidence_anonymitywaiver SET voided_at = clock_timestamp()
    WHERE voided_at IS NULL AND complainant_id IN (
        SELECT id FROM evidence_personspokenabout WHERE own_consent_id = ANY (given))
$$;
REVOKE EXECUTE ON FUNCTION void_waivers_given_by(uuid[]) FROM PUBLIC;

CREATE FUNCTION own_consent_ends_their_waivers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM void_waivers_given_by(ARRAY(SELECT consent_with_those_it_renewed(NEW.record_id)));
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION own_consent_ends_their_waivers() FROM PUBLIC;
CREATE TRIGGER own_consent_ends_their_waivers AFTER UPDATE ON evidence_consent FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND NEW.state IN ('withdrawn', 'revoked', 'invalidated'))
    EXECUTE FUNCTION own_consent_ends_their_waivers();

-- An account that stays does not go on naming somebody who will not be named any more, nor telling
-- that somebody who was erased is in it.
CREATE FUNCTION own_consent_goes_with_its_person() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    given uuid[] := ARRAY(SELECT record_id FROM evidence_consent WHERE contributor_id = NEW.id);
BEGIN
    PERFORM void_waivers_given_by(given);
    IF NEW.erased_at IS NOT NULL THEN
        UPDATE evidence_personspokenabout SET own_consent_id = NULL
            WHERE own_consent_id = ANY (given);
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION own_consent_goes_with_its_person() FROM PUBLIC;
CREATE TRIGGER own_consent_goes_with_its_person AFTER UPDATE ON evidence_contributor FOR EACH ROW
    WHEN (NEW.lifelong_anonymity AND NOT OLD.lifelong_anonymity
        OR OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)
    EXECUTE FUNCTION own_consent_goes_with_its_person();
"""

AGES = """
-- No date of birth is needed to see that somebody of 34 was no 16 when a paper of 22 years ago was
-- signed. After the row, so that its own rules speak first.
CREATE FUNCTION anonymity_waiver_age_fits_their_consent() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM evidence_consent AS given WHERE given.record_id = NEW.consent_id
        AND abs(given.age_at_consent - NEW.age_when_signed
            - extract(epoch FROM given.event_time - NEW.signed_at) / 31557600) > 1)
    THEN
        RAISE EXCEPTION 'That is not the age that their consent gives for that day.'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'anonymity_waiver_age_fits_their_consent';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER anonymity_waiver_age_fits_their_consent AFTER INSERT ON evidence_anonymitywaiver
    FOR EACH ROW WHEN (NEW.complainant_id IS NULL)
    EXECUTE FUNCTION anonymity_waiver_age_fits_their_consent();
"""

LEDGER = """
-- How somebody may be reached is theirs to change, and a backup knows only how it was. Ids alone.
CREATE FUNCTION ended_links_are_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM write_withdrawal('links_ended', NEW.contributor_id, '{}');
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION ended_links_are_kept() FROM PUBLIC;
CREATE TRIGGER ended_links_are_kept AFTER UPDATE ON evidence_ownpagelink FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION ended_links_are_kept();

CREATE FUNCTION changed_contacts_are_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM write_withdrawal('contact_changed', (to_jsonb(NEW) ->> TG_ARGV[0])::uuid, '{}');
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION changed_contacts_are_kept() FROM PUBLIC;
CREATE TRIGGER changed_contacts_are_kept AFTER UPDATE ON evidence_identity FOR EACH ROW
    WHEN (OLD.sealed <> NEW.sealed) EXECUTE FUNCTION changed_contacts_are_kept('contributor_id');
CREATE TRIGGER changed_contacts_are_kept AFTER UPDATE ON evidence_contributor FOR EACH ROW
    WHEN (NEW.do_not_contact AND NOT OLD.do_not_contact)
    EXECUTE FUNCTION changed_contacts_are_kept('id');
"""
REPLAYS = """
ALTER FUNCTION withdrawal_is_so_here(text, uuid, jsonb) RENAME TO withdrawal_of_words_is_so_here;
CREATE FUNCTION withdrawal_is_so_here(what text, about uuid, told jsonb) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE what
        WHEN 'links_ended' THEN NOT EXISTS (SELECT FROM evidence_ownpagelink
            WHERE contributor_id = about AND ended_at IS NULL)
        WHEN 'contact_changed' THEN NOT EXISTS (SELECT FROM evidence_contributor
            WHERE id = about AND erased_at IS NULL AND NOT do_not_contact)
        ELSE withdrawal_of_words_is_so_here(what, about, told)
    END
$$;
"""
WITHOUT = """
DROP FUNCTION consent_is_their_last_word() CASCADE;
DROP FUNCTION own_consent_ends_their_waivers() CASCADE;
DROP FUNCTION own_consent_is_another_persons() CASCADE;
DROP FUNCTION own_consent_goes_with_its_person() CASCADE;
DROP FUNCTION void_waivers_given_by(uuid[]);
DROP FUNCTION ended_links_are_kept() CASCADE;
DROP FUNCTION changed_contacts_are_kept() CASCADE;
"""
AS_BEFORE = """
DROP FUNCTION withdrawal_is_so_here(text, uuid, jsonb);
ALTER FUNCTION withdrawal_of_words_is_so_here(text, uuid, jsonb) RENAME TO withdrawal_is_so_here;
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0015_words_of_the_acts")]

    operations = [
        migrations.RunSQL(RULES, WITHOUT),
        migrations.RunSQL(AGES, "DROP FUNCTION anonymity_waiver_age_fits_their_consent() CASCADE"),
        migrations.RunSQL(LEDGER, migrations.RunSQL.noop),
        migrations.RunSQL(REPLAYS, AS_BEFORE),
        migrations.AlterField(
            model_name="withdrawalledger",
            name="act",
            field=models.CharField(
                choices=[
                    ("consent_moved", "A consent changed its state"),
                    ("testimony_withdrawn", "A consent was withdrawn for one testimony"),
                    ("scope_narrowed", "A consent was narrowed"),
                    ("version_recalled", "A version was recalled"),
                    ("account_flagged", "An account was flagged"),
                    ("restriction_noted", "A restriction was noted"),
                    ("person_noted", "Somebody spoken about was noted"),
                    ("taken_off", "An account was taken off the website"),
                    ("waiver_voided", "A waiver was voided"),
                    ("links_ended", "The links to somebody's own page were ended"),
                    ("contact_changed", "How somebody may be reached was changed"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="withdrawalledger",
            name="subject",
            field=models.UUIDField(help_text="The consent, version, testimony, waiver or person."),
        ),
        # A child who says no is recorded as having said so.
        migrations.RemoveConstraint(model_name="consent", name="consent_under_18_has_assent"),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("age_at_consent__gte", 18),
                    (
                        "state__in",
                        [
                            "deferred",
                            "invalidated",
                            "refused",
                            "replaced",
                            "requested",
                            "revoked",
                            "withdrawn",
                        ],
                    ),
                    ("subject_assent", True),
                    _connector="OR",
                ),
                name="consent_under_18_has_assent",
                violation_error_message="Under 18, the child's own agreement is needed as well.",
            ),
        ),
    ]
