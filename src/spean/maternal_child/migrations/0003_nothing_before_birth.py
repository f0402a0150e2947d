"""No dose and no contact of a child before its birth, whoever writes it."""

from django.db import migrations

HOLD = """
CREATE FUNCTION maternal_child_not_before_birth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.day < (SELECT birth_date FROM registry_person WHERE id = new.person_id) THEN
        RAISE EXCEPTION 'nothing is given or measured before birth'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END
$$;
CREATE TRIGGER maternal_child_dose_not_before_birth
BEFORE INSERT OR UPDATE ON maternal_child_dose
FOR EACH ROW EXECUTE FUNCTION maternal_child_not_before_birth();
CREATE TRIGGER maternal_child_contact_not_before_birth
BEFORE INSERT OR UPDATE ON maternal_child_contact
FOR EACH ROW EXECUTE FUNCTION maternal_child_not_before_birth();
"""
LET_GO = """
DROP TRIGGER maternal_child_dose_not_before_birth ON maternal_child_dose;
DROP TRIGGER maternal_child_contact_not_before_birth ON maternal_child_contact;
DROP FUNCTION maternal_child_not_before_birth();
"""


class Migration(migrations.Migration):
    """Add the triggers."""

    dependencies = [("maternal_child", "0002_care_record")]
    operations = [migrations.RunSQL(HOLD, LET_GO)]
