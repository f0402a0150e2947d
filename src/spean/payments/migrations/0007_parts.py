"""A family may hold a part of a payment; the rest is paid by another, and all no more than owed."""

from django.db import migrations, models

import spean.payments.rules.reconciliation

FILL = """
UPDATE payments_payment
SET owed = amount, held = CASE WHEN state = 'paid' THEN amount ELSE 0 END
"""
# What a payment's state and `held` can't say alone: that all payments of an obligation pay no more
# than it. Whoever adds payments and whoever decides that a family holds more wait for each other.
HOLD = """
CREATE OR REPLACE FUNCTION payments_payment_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.reference, NEW.order_id, NEW.obligation, NEW.household_id, NEW.name,
                            NEW.latin_name, NEW.account, NEW.owed, NEW.amount, NEW.village)
       IS DISTINCT FROM (OLD.reference, OLD.order_id, OLD.obligation, OLD.household_id, OLD.name,
                         OLD.latin_name, OLD.account, OLD.owed, OLD.amount, OLD.village) THEN
        RAISE EXCEPTION 'a payment stands as it was prepared'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION payments_above(of text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% would be paid more than is owed', of
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_obligation_not_paid_above';
END
$$;

CREATE FUNCTION payments_added_not_above() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above text;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('payments.parts'));
    SELECT added.obligation INTO above FROM added JOIN (
        SELECT obligation, sum(held) AS held FROM payments_payment
        WHERE held > 0 AND held < owed GROUP BY obligation
    ) parts ON parts.obligation = added.obligation AND added.amount + parts.held > added.owed
    LIMIT 1;
    IF above IS NOT NULL THEN
        PERFORM payments_above(above);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER payments_payment_added_not_above AFTER INSERT ON payments_payment
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments_added_not_above();

CREATE FUNCTION payments_held_not_above() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('payments.parts'));
    IF NEW.owed < coalesce((
        SELECT sum(CASE WHEN state IN ('due', 'sent') THEN amount ELSE held END)
        FROM payments_payment
        WHERE (state IN ('due', 'sent') OR held = owed) AND obligation = NEW.obligation
    ), 0) + coalesce((
        SELECT sum(held) FROM payments_payment
        WHERE held > 0 AND held < owed AND obligation = NEW.obligation
    ), 0) THEN
        PERFORM payments_above(NEW.obligation);
    END IF;
    RETURN NULL;
END
$$;
-- What was on its way counts whole before its answer, and no answer gives more than that.
CREATE TRIGGER payments_payment_held_not_above AFTER UPDATE ON payments_payment
FOR EACH ROW WHEN (NEW.held > OLD.held AND OLD.state <> 'sent')
EXECUTE FUNCTION payments_held_not_above();
"""

LET_GO = """
DROP TRIGGER payments_payment_held_not_above ON payments_payment;
DROP FUNCTION payments_held_not_above();
DROP TRIGGER payments_payment_added_not_above ON payments_payment;
DROP FUNCTION payments_added_not_above();
DROP FUNCTION payments_above(text);
CREATE OR REPLACE FUNCTION payments_payment_stands() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_what_waits"),
        ("registry", "0004_pair_evidence"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="payment",
            name="payments_payment_an_obligation_is_paid_once",
        ),
        migrations.RemoveConstraint(
            model_name="payment",
            name="payments_payment_pays_something",
        ),
        migrations.AddField(
            model_name="payment",
            name="held",
            field=models.DecimalField(decimal_places=0, default=0, max_digits=12),
        ),
        migrations.AddField(
            model_name="payment",
            name="owed",
            field=models.DecimalField(decimal_places=0, default=0, max_digits=12),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="answerverdict",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("stands", "The books stand"),
                    ("paid", "The family has the money"),
                    ("partly", "The family has a part of it"),
                    ("failed", "The family does not have the money"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="channelanswer",
            name="effect",
            field=models.CharField(
                choices=[
                    ("paid", "paid"),
                    ("partly", "partly"),
                    ("failed", "failed"),
                    ("returned", "returned"),
                    ("noted", "noted"),
                    ("repeated", "repeated"),
                    ("contradicts", "contradicts"),
                    ("other_amount", "other_amount"),
                    ("unknown", "unknown"),
                ],
                max_length=15,
            ),
        ),
        migrations.AlterField(
            model_name="channelanswer",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("accepted", "accepted"),
                    ("paid", "paid"),
                    ("partly", "partly"),
                    ("settled", "settled"),
                    ("failed", "failed"),
                    ("returned", "returned"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="state",
            field=models.CharField(
                choices=[
                    ("due", "due"),
                    ("sent", "sent"),
                    ("paid", "paid"),
                    ("partly", "partly"),
                    ("failed", "failed"),
                    ("returned", "returned"),
                    ("cancelled", "cancelled"),
                ],
                default=spean.payments.rules.reconciliation.PaymentState["DUE"],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("held__gt", 0), ("held__lt", models.F("owed"))),
                fields=["obligation"],
                name="payments_payment_parts",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["due", "sent"]), ("held", models.F("owed")), _connector="OR"
                ),
                fields=("obligation",),
                name="payments_payment_an_obligation_is_paid_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("amount__lte", models.F("owed"))),
                name="payments_payment_pays_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held", models.F("amount")), ("state", "paid")),
                    models.Q(
                        ("held__gt", 0), ("held__lt", models.F("amount")), ("state", "partly")
                    ),
                    models.Q(
                        models.Q(("state__in", ["paid", "partly"]), _negated=True), ("held", 0)
                    ),
                    _connector="OR",
                ),
                name="payments_payment_held_by_its_state",
            ),
        ),
        migrations.RunSQL(HOLD, LET_GO),
    ]
