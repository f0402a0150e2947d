"""What a cycle owes stands as it was frozen."""

from django.db import migrations

HOLD = """
CREATE FUNCTION programmes_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a cycle owes is frozen' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER programmes_entitlement_stands BEFORE UPDATE OR DELETE ON programmes_entitlement
FOR EACH ROW EXECUTE FUNCTION programmes_refuse();
"""

LET_GO = """
DROP TRIGGER programmes_entitlement_stands ON programmes_entitlement;
DROP FUNCTION programmes_refuse();
"""


class Migration(migrations.Migration):
    """Add the trigger."""

    dependencies = [("programmes", "0001_initial")]
    operations = [migrations.RunSQL(HOLD, LET_GO)]
