"""A message leaves at most once, what was told is kept, and one signature never covers testimony."""

from django.conf import settings
from django.db import migrations

from evidence.migrations._review import append_only

DELIVERIES = """
-- What may have left goes back into the queue by a person's decision alone.
CREATE FUNCTION copy_delivery_moves_once() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    decided boolean := TG_OP = 'UPDATE' AND NEW.decided_by_id IS NOT NULL
        AND NEW.decided_at IS DISTINCT FROM OLD.decided_at;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'waiting' OR EXISTS (SELECT FROM campaigns_notice AS notice
                WHERE notice.id = NEW.notice_id AND notice.copy_id <> NEW.copy_id) THEN
            RAISE EXCEPTION 'A delivery begins by waiting, for the holder of its own copy.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'copy_delivery_begins_by_waiting';
        END IF;
    ELSIF (OLD.state, NEW.state) IN (
        ('waiting', 'sending'), ('waiting', 'withheld'), ('sending', 'sent'),
        ('sending', 'failed')) THEN
        RETURN NEW;
    ELSIF decided AND (OLD.state, NEW.state) IN (
        ('sending', 'waiting'), ('sending', 'withheld'), ('failed', 'waiting'),
        ('failed', 'withheld'), ('withheld', 'waiting')) THEN
        RETURN NEW;
    ELSIF NEW.state <> OLD.state OR OLD.state <> 'waiting' THEN
        RAISE EXCEPTION 'A delivery cannot go from % to %.', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'copy_delivery_moves_once';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER copy_delivery_moves_once BEFORE INSERT OR UPDATE ON campaigns_delivery
    FOR EACH ROW EXECUTE FUNCTION copy_delivery_moves_once();
"""
NOTICES = """
CREATE FUNCTION notice_is_of_its_copy() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM campaigns_notice AS notice
        JOIN campaigns_copy AS copy ON copy.id = notice.copy_id
        JOIN campaigns_versionmark AS mark ON mark.version_id = copy.version_id
        WHERE notice.id = NEW.notice_id AND copy.id = NEW.copy_id AND mark.id = NEW.mark_id)
    THEN
        RAISE EXCEPTION 'A notice tells of what happened to the version that its reader holds.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_is_of_its_copy';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER notice_is_of_its_copy BEFORE INSERT ON campaigns_noticemark
    FOR EACH ROW EXECUTE FUNCTION notice_is_of_its_copy();

CREATE FUNCTION notice_says_what_was_sent() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.text <> OLD.text AND EXISTS (SELECT FROM campaigns_delivery
            WHERE notice_id = NEW.id AND state NOT IN ('waiting', 'withheld')) THEN
        RAISE EXCEPTION 'What was sent is not rewritten.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_says_what_was_sent';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER notice_says_what_was_sent BEFORE UPDATE ON campaigns_notice
    FOR EACH ROW EXECUTE FUNCTION notice_says_what_was_sent();

-- What people wrote in their own words goes with an erased account; with the owner's rights, since
-- the app may not change why a version was called back.
CREATE FUNCTION notices_forget_the_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    touched uuid[] := ARRAY(
        SELECT copy.id FROM campaigns_copy AS copy
        JOIN campaigns_copyuse AS part ON part.copy_id = copy.id
        JOIN evidence_testimonyuse AS used ON used.id = part.use_id
        WHERE used.version_id = NEW.id);
BEGIN
    UPDATE campaigns_notice SET reply = '' WHERE reply <> '' AND copy_id = ANY (touched);
    UPDATE campaigns_versionrecall SET reason = 'Erased with an account that it was about.'
        WHERE version_id IN (SELECT version_id FROM campaigns_copy WHERE id = ANY (touched));
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION notices_forget_the_erased() FROM PUBLIC;
CREATE TRIGGER notices_forget_the_erased AFTER UPDATE ON evidence_testimonyversion
    FOR EACH ROW WHEN (OLD.text <> '' AND NEW.text = '')
    EXECUTE FUNCTION notices_forget_the_erased();
"""
SIGNATURES = """
CREATE FUNCTION one_signature_never_with_testimony() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM campaigns_copy AS copy
        JOIN campaigns_packversion AS version ON version.id = copy.version_id
        WHERE copy.id = NEW.copy_id AND version.second_signature_due IS NOT NULL)
    THEN
        RAISE EXCEPTION 'Testimony never goes out with one signature.' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'one_signature_never_with_testimony';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER one_signature_never_with_testimony BEFORE INSERT ON campaigns_copyuse
    FOR EACH ROW EXECUTE FUNCTION one_signature_never_with_testimony();

CREATE FUNCTION second_signature_is_wanted() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM campaigns_packversion WHERE id = NEW.version_id
        AND issued_by_id = NEW.issued_by_id AND second_signature_due IS NOT NULL)
    THEN
        RAISE EXCEPTION 'No second signature is wanted.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'second_signature_is_wanted';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER second_signature_is_wanted BEFORE INSERT ON campaigns_secondsignature
    FOR EACH ROW EXECUTE FUNCTION second_signature_is_wanted();
"""
UNDONE = """
DROP FUNCTION copy_delivery_moves_once() CASCADE;
DROP FUNCTION notice_is_of_its_copy() CASCADE;
DROP FUNCTION notice_says_what_was_sent() CASCADE;
DROP FUNCTION notices_forget_the_erased() CASCADE;
DROP FUNCTION one_signature_never_with_testimony() CASCADE;
DROP FUNCTION second_signature_is_wanted() CASCADE;
"""
GRANTS = f"""
REVOKE UPDATE, DELETE ON campaigns_delivery, campaigns_notice FROM {settings.APP_LOGIN};
GRANT UPDATE (state, address, began_at, ended_at, why, decided_by_id, decided_at)
    ON campaigns_delivery TO {settings.APP_LOGIN};
GRANT UPDATE (text, chase_on, reply, replied_at, outcome, closed_at)
    ON campaigns_notice TO {settings.APP_LOGIN};
"""
AGAIN = f"GRANT UPDATE, DELETE ON campaigns_delivery, campaigns_notice TO {settings.APP_LOGIN}"


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0011_sending"),
        ("evidence", "0010_protection_rules"),
    ]

    operations = [
        migrations.RunSQL(DELIVERIES + NOTICES + SIGNATURES, UNDONE),
        migrations.RunSQL(GRANTS, AGAIN),
        append_only(
            "campaigns_deliveryevent",
            "campaigns_versionmark",
            "campaigns_noticemark",
            "campaigns_versionrecall",
            "campaigns_secondsignature",
        ),
    ]
