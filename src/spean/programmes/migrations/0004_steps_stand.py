"""How a household came where it stands, and what was settled, is added to and never changed."""

from django.db import migrations

TABLES = ("enrolmentstep", "settlement")
HOLD = "\n".join(
    f"CREATE TRIGGER programmes_{table}_stands BEFORE UPDATE OR DELETE ON programmes_{table}"
    " FOR EACH ROW EXECUTE FUNCTION programmes_refuse();"
    for table in TABLES
)
LET_GO = "\n".join(
    f"DROP TRIGGER programmes_{table}_stands ON programmes_{table};" for table in TABLES
)
SAY = """
CREATE OR REPLACE FUNCTION programmes_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{}' USING ERRCODE = 'insufficient_privilege';
END
$$;
"""
# A correction's amount and finding stand too; only its decision is added.
FOUND = """
CREATE TRIGGER programmes_correction_stands BEFORE UPDATE OF cycle_id, enrolment_id, amount,
    decision, reason, found_by, found_on OR DELETE ON programmes_correction
FOR EACH ROW EXECUTE FUNCTION programmes_refuse();
"""


class Migration(migrations.Migration):
    """Add the triggers."""

    dependencies = [("programmes", "0003_enrolment")]
    operations = [
        migrations.RunSQL(
            SAY.format("what was owed, done or found stands"),
            SAY.format("what a cycle owes is frozen"),
        ),
        migrations.RunSQL(HOLD, LET_GO),
        migrations.RunSQL(
            FOUND, "DROP TRIGGER programmes_correction_stands ON programmes_correction;"
        ),
    ]
