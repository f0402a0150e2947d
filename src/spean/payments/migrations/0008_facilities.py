"""Health facilities are paid too: a payment has a household or a facility as its payee."""

import django.db.models.deletion
from django.db import migrations, models

STANDS = """
CREATE OR REPLACE FUNCTION payments_payment_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.reference, NEW.order_id, NEW.obligation, NEW.household_id, NEW.name,
                            NEW.latin_name, NEW.account, NEW.owed, NEW.amount, NEW.village,
                            NEW.facility_id)
       IS DISTINCT FROM (OLD.reference, OLD.order_id, OLD.obligation, OLD.household_id, OLD.name,
                         OLD.latin_name, OLD.account, OLD.owed, OLD.amount, OLD.village,
                            OLD.facility_id) THEN
        RAISE EXCEPTION 'a payment stands as it was prepared'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
"""
STOOD = """
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
"""


class Migration(migrations.Migration):
    """Add the facility."""

    dependencies = [
        ("locations", "0002_villagepoint"),
        ("payments", "0007_parts"),
        ("registry", "0004_pair_evidence"),
    ]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="facility",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="locations.facility",
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="channel",
            field=models.CharField(
                choices=[
                    ("wallet", "Mobile money"),
                    ("pay_point", "Cash at a pay point"),
                    ("bank", "Bank account"),
                ],
                max_length=10,
                verbose_name="Channel",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="household",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="registry.household",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("facility__isnull", True), ("household__isnull", False)),
                    models.Q(("facility__isnull", False), ("household__isnull", True)),
                    _connector="OR",
                ),
                name="payments_payment_has_one_payee",
            ),
        ),
        migrations.RunSQL(STANDS, STOOD),
    ]
