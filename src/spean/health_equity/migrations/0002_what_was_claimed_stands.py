"""What was claimed is never changed, but for its state; what was judged is only added to."""

from django.db import migrations

STANDS = """
CREATE FUNCTION health_equity_claim_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND old.state <> 'withdrawn'
       AND to_jsonb(new) - ARRAY['state', 'amount'] = to_jsonb(old) - ARRAY['state', 'amount'] THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION 'what was claimed stands' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE FUNCTION health_equity_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER health_equity_claim_stands BEFORE UPDATE OR DELETE ON health_equity_claim
FOR EACH ROW EXECUTE FUNCTION health_equity_claim_stands();
CREATE TRIGGER health_equity_claimline_only_added BEFORE UPDATE OR DELETE ON health_equity_claimline
FOR EACH ROW EXECUTE FUNCTION health_equity_only_added();
CREATE TRIGGER health_equity_adjudication_only_added
BEFORE UPDATE OR DELETE ON health_equity_adjudication
FOR EACH ROW EXECUTE FUNCTION health_equity_only_added();
"""
LET_GO = """
DROP TRIGGER health_equity_adjudication_only_added ON health_equity_adjudication;
DROP TRIGGER health_equity_claimline_only_added ON health_equity_claimline;
DROP TRIGGER health_equity_claim_stands ON health_equity_claim;
DROP FUNCTION health_equity_only_added();
DROP FUNCTION health_equity_claim_stands();
"""


class Migration(migrations.Migration):
    """Add the triggers."""

    dependencies = [("health_equity", "0001_initial")]
    operations = [migrations.RunSQL(STANDS, LET_GO)]
