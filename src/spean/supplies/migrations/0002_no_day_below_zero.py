"""Stock is only ever added to; each movement moves the balance, and no day ends below zero."""

from django.db import migrations

HOLD = """
CREATE FUNCTION supplies_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger of stock is only ever added to'
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER supplies_movement_keep BEFORE UPDATE OR DELETE ON supplies_movement
FOR EACH ROW EXECUTE FUNCTION supplies_refuse();
CREATE TRIGGER supplies_count_keep BEFORE UPDATE OR DELETE ON supplies_count
FOR EACH ROW EXECUTE FUNCTION supplies_refuse();
CREATE TRIGGER supplies_balance_keep BEFORE INSERT OR UPDATE OR DELETE ON supplies_balance
FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION supplies_refuse();

-- The balances are locked first, in one order: whoever else moves this stock waits here, and then
-- sees what was written.
CREATE FUNCTION supplies_book() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    short record;
BEGIN
    INSERT INTO supplies_balance (facility_id, batch_id, quantity)
    SELECT DISTINCT facility_id, batch_id, 0 FROM added ORDER BY 1, 2
    ON CONFLICT (facility_id, batch_id) DO NOTHING;
    PERFORM FROM supplies_balance balance
    WHERE EXISTS (SELECT FROM added
                  WHERE added.facility_id = balance.facility_id
                    AND added.batch_id = balance.batch_id)
    ORDER BY facility_id, batch_id FOR UPDATE;

    SELECT batch_id, day, closing INTO short FROM (
        SELECT facility_id, batch_id, day,
               sum(sum(quantity)) OVER (PARTITION BY facility_id, batch_id ORDER BY day) AS closing
        FROM supplies_movement
        WHERE (facility_id, batch_id) IN
              (SELECT facility_id, batch_id FROM added WHERE quantity < 0)
        GROUP BY facility_id, batch_id, day
    ) closings WHERE closing < 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'batch % would end % at %', short.batch_id, short.day, short.closing
            USING ERRCODE = 'check_violation', CONSTRAINT = 'supplies_movement_no_day_below_zero';
    END IF;

    SELECT batch.number, batch.expiry INTO short FROM added JOIN supplies_batch batch
    ON batch.id = added.batch_id
    WHERE added.kind = 'issue' AND added.quantity < 0 AND added.day > batch.expiry LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'batch % expired on %', short.number, short.expiry
            USING ERRCODE = 'check_violation', CONSTRAINT = 'supplies_movement_expired_stays';
    END IF;

    SELECT batch.number INTO short FROM added JOIN supplies_batch batch
    ON batch.id = added.batch_id
    JOIN supplies_quarantine held ON held.batch_id = added.batch_id
                                 AND held.facility_id = added.facility_id
    WHERE added.kind IN ('issue', 'sent') AND added.quantity < 0 AND held.decision = ''
      AND held.since <= added.day LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'batch % is held back', short.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'supplies_movement_held_back_stays';
    END IF;

    UPDATE supplies_balance balance SET quantity = balance.quantity + moved.quantity
    FROM (SELECT facility_id, batch_id, sum(quantity) AS quantity FROM added GROUP BY 1, 2) moved
    WHERE moved.facility_id = balance.facility_id AND moved.batch_id = balance.batch_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER supplies_movement_book AFTER INSERT ON supplies_movement
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION supplies_book();
"""
LET_GO = """
DROP TRIGGER supplies_movement_book ON supplies_movement;
DROP FUNCTION supplies_book();
DROP TRIGGER supplies_balance_keep ON supplies_balance;
DROP TRIGGER supplies_count_keep ON supplies_count;
DROP TRIGGER supplies_movement_keep ON supplies_movement;
DROP FUNCTION supplies_refuse();
"""


class Migration(migrations.Migration):
    """Add the triggers."""

    dependencies = [("supplies", "0001_initial")]
    operations = [migrations.RunSQL(HOLD, LET_GO)]
