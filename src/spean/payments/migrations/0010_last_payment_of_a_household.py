"""A family's payments are found in their order: the last one is one step away."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("locations", "0002_villagepoint"),
        ("payments", "0009_account_doubts"),
        ("registry", "0005_first_load_and_search"),
    ]

    operations = [
        migrations.AlterField(
            model_name="payment",
            name="household",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="registry.household",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["household", "id"], name="payments_payment_of_household"),
        ),
    ]
