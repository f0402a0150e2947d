"""What the database holds of the ledger and of payments, whoever writes."""

from django.db import migrations

HOLD = """
CREATE SEQUENCE payments_order_number;

CREATE FUNCTION payments_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only ever added to' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER payments_line_keep BEFORE UPDATE OR DELETE ON payments_line
FOR EACH ROW EXECUTE FUNCTION payments_refuse();
CREATE TRIGGER payments_line_keep_all BEFORE TRUNCATE ON payments_line
FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse();
CREATE TRIGGER payments_entry_keep BEFORE UPDATE OR DELETE ON payments_entry
FOR EACH ROW EXECUTE FUNCTION payments_refuse();
CREATE TRIGGER payments_entry_keep_all BEFORE TRUNCATE ON payments_entry
FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse();

-- All lines of an entry are written by one statement, so their sum is known when it ends.
CREATE FUNCTION payments_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    odd uuid;
    short text;
BEGIN
    SELECT entry_id INTO odd FROM added GROUP BY entry_id HAVING sum(amount) <> 0 LIMIT 1;
    IF odd IS NOT NULL THEN
        RAISE EXCEPTION 'entry % does not balance', odd USING ERRCODE = 'check_violation';
    END IF;
    PERFORM FROM payments_account
    WHERE id IN (SELECT account_id FROM added) ORDER BY id FOR UPDATE;
    SELECT account.code INTO short FROM payments_account account
    WHERE account.id IN (SELECT account_id FROM added)
      AND account.kind IN ('budget', 'committed', 'channel')
      AND (SELECT sum(amount) FROM payments_line WHERE account_id = account.id) < 0 LIMIT 1;
    IF short IS NOT NULL THEN
        RAISE EXCEPTION '%', short
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_account_not_below_nothing';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER payments_line_balance AFTER INSERT ON payments_line
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments_balance();

CREATE FUNCTION payments_payment_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.reference, NEW.order_id, NEW.obligation, NEW.household_id, NEW.name,
                            NEW.latin_name, NEW.account, NEW.amount, NEW.village)
       IS DISTINCT FROM (OLD.reference, OLD.order_id, OLD.obligation, OLD.household_id, OLD.name,
                         OLD.latin_name, OLD.account, OLD.amount, OLD.village) THEN
        RAISE EXCEPTION 'a payment stands as it was prepared'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER payments_payment_stands BEFORE UPDATE OR DELETE ON payments_payment
FOR EACH ROW EXECUTE FUNCTION payments_payment_stands();
"""

LET_GO = """
DROP SEQUENCE payments_order_number;
DROP TRIGGER payments_payment_stands ON payments_payment;
DROP FUNCTION payments_payment_stands();
DROP TRIGGER payments_line_balance ON payments_line;
DROP FUNCTION payments_balance();
DROP TRIGGER payments_entry_keep_all ON payments_entry;
DROP TRIGGER payments_entry_keep ON payments_entry;
DROP TRIGGER payments_line_keep_all ON payments_line;
DROP TRIGGER payments_line_keep ON payments_line;
DROP FUNCTION payments_refuse();
"""


class Migration(migrations.Migration):
    """Add the triggers."""

    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(HOLD, LET_GO)]
