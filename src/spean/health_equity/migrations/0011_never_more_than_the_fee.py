"""The schemes of a case never pay more than its fee together, whoever judges, and in what order.

The first claim is locked while the amounts are added up, so that two who judge at once wait for
each other. A first judgement of a claim that is no remainder can't be too much: it isn't looked at.
"""

from django.db import migrations

HOLD = """
CREATE FUNCTION health_equity_case_keeps_to_fee() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_case uuid := coalesce(new.remainder_of_id, new.id);
    paid numeric;
    most numeric;
BEGIN
    PERFORM FROM health_equity_claim WHERE id = of_case FOR UPDATE;
    SELECT sum(coalesce(amount, 0)), max(coalesce(whole, asked)) INTO paid, most
    FROM health_equity_claim
    WHERE (id = of_case OR remainder_of_id = of_case) AND state <> 'withdrawn';
    IF paid > most THEN
        RAISE EXCEPTION 'the schemes of a case pay its fee at most'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER health_equity_case_keeps_to_fee AFTER UPDATE OF amount ON health_equity_claim
FOR EACH ROW WHEN (new.amount > 0 AND (new.remainder_of_id IS NOT NULL OR old.amount IS NOT NULL))
EXECUTE FUNCTION health_equity_case_keeps_to_fee();
CREATE TRIGGER health_equity_claim_remainder_stands BEFORE UPDATE ON health_equity_claim
FOR EACH ROW
WHEN ((new.remainder_of_id, new.whole) IS DISTINCT FROM (old.remainder_of_id, old.whole))
EXECUTE FUNCTION health_equity_claim_stands();
"""
LET_GO = """
DROP TRIGGER health_equity_claim_remainder_stands ON health_equity_claim;
DROP TRIGGER health_equity_case_keeps_to_fee ON health_equity_claim;
DROP FUNCTION health_equity_case_keeps_to_fee();
"""


class Migration(migrations.Migration):
    """Add the triggers."""

    dependencies = [("health_equity", "0010_cases_payers_and_notices")]
    operations = [migrations.RunSQL(HOLD, LET_GO)]
