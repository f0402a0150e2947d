"""The trigger that keeps what was claimed compares columns: faster than comparing whole rows."""

from django.db import migrations

KEPT = [
    "id", "number", "facility_id", "area", "scheme", "month", "source", "external", "visit_id",
    "person_id", "patient", "sex", "birth_date", "came_on", "left_on", "diagnoses", "referred",
    "documents", "asked", "submitted_on", "submitted_by", "submitted_at",
]  # fmt: skip
NEW, OLD = (", ".join(f"{row}.{column}" for column in KEPT) for row in ("new", "old"))

COMPARED = f"""
DROP TRIGGER health_equity_claim_stands ON health_equity_claim;
CREATE OR REPLACE FUNCTION health_equity_claim_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was claimed stands' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER health_equity_claim_stands BEFORE UPDATE ON health_equity_claim
FOR EACH ROW WHEN (old.state = 'withdrawn' OR ({NEW}) IS DISTINCT FROM ({OLD}))
EXECUTE FUNCTION health_equity_claim_stands();
CREATE TRIGGER health_equity_claim_stays BEFORE DELETE ON health_equity_claim
FOR EACH ROW EXECUTE FUNCTION health_equity_claim_stands();
"""
WHOLE_ROWS = """
DROP TRIGGER health_equity_claim_stays ON health_equity_claim;
DROP TRIGGER health_equity_claim_stands ON health_equity_claim;
CREATE OR REPLACE FUNCTION health_equity_claim_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND old.state <> 'withdrawn'
       AND to_jsonb(new) - ARRAY['state', 'amount'] = to_jsonb(old) - ARRAY['state', 'amount'] THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION 'what was claimed stands' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER health_equity_claim_stands BEFORE UPDATE OR DELETE ON health_equity_claim
FOR EACH ROW EXECUTE FUNCTION health_equity_claim_stands();
"""


class Migration(migrations.Migration):
    """Exchange the trigger."""

    dependencies = [("health_equity", "0007_held_back")]
    operations = [migrations.RunSQL(COMPARED, WHOLE_ROWS)]
