"""What was confirmed is never changed: a cycle takes it once, or somebody withdraws it once."""

from django.db import migrations

STANDS = """
CREATE FUNCTION programmes_confirmation_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND (old.cycle_id IS NULL OR old.cycle_id = new.cycle_id)
       AND (old.withdrawn_on IS NULL OR (old.withdrawn_on, old.withdrawn_by, old.reason)
            IS NOT DISTINCT FROM (new.withdrawn_on, new.withdrawn_by, new.reason))
       AND to_jsonb(new) - ARRAY['cycle_id', 'withdrawn_on', 'withdrawn_by', 'reason']
         = to_jsonb(old) - ARRAY['cycle_id', 'withdrawn_on', 'withdrawn_by', 'reason'] THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION 'what was confirmed stands' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER programmes_confirmation_stands BEFORE UPDATE OR DELETE ON programmes_confirmation
FOR EACH ROW EXECUTE FUNCTION programmes_confirmation_stands();
"""
LET_GO = """
DROP TRIGGER programmes_confirmation_stands ON programmes_confirmation;
DROP FUNCTION programmes_confirmation_stands();
"""


class Migration(migrations.Migration):
    """Add the trigger."""

    dependencies = [("programmes", "0006_confirmations")]
    operations = [migrations.RunSQL(STANDS, LET_GO)]
