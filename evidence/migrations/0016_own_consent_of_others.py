"""A person whom an account speaks of may have a consent of their own: theirs, and while they stay."""

from django.db import migrations

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

-- An account that stays does not go on telling that somebody who was erased is in it.
CREATE FUNCTION own_consent_goes_with_its_person() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE evidence_personspokenabout SET own_consent_id = NULL WHERE own_consent_id IN (
        SELECT record_id FROM evidence_consent WHERE contributor_id = NEW.id);
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION own_consent_goes_with_its_person() FROM PUBLIC;
CREATE TRIGGER own_consent_goes_with_its_person AFTER UPDATE ON evidence_contributor
    FOR EACH ROW WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)
    EXECUTE FUNCTION own_consent_goes_with_its_person();
"""
WITHOUT = """
DROP FUNCTION own_consent_is_another_persons() CASCADE;
DROP FUNCTION own_consent_goes_with_its_person() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0015_words_of_the_acts")]

    operations = [migrations.RunSQL(RULES, WITHOUT)]
