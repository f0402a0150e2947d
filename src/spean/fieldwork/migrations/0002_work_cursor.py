"""Each written work item bears the number of its transaction: what the phones' cursor follows."""

from django.db import migrations

CREATE = """
CREATE FUNCTION fieldwork_workitem_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER fieldwork_workitem_changed BEFORE INSERT OR UPDATE ON fieldwork_workitem
    FOR EACH ROW EXECUTE FUNCTION fieldwork_workitem_number();
"""
DROP = """
DROP TRIGGER fieldwork_workitem_changed ON fieldwork_workitem;
DROP FUNCTION fieldwork_workitem_number();
"""


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
