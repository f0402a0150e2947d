"""What a constraint or a wider index finds already has no index of its own: judging is faster."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("health_equity", "0014_kept_figures"),
        ("locations", "0003_telephone_of_facilities"),
        ("registry", "0005_first_load_and_search"),
    ]

    operations = [
        migrations.AlterField(
            model_name="adjudication",
            name="claim",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="adjudications",
                to="health_equity.claim",
            ),
        ),
        migrations.AlterField(
            model_name="claim",
            name="facility",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="locations.facility",
            ),
        ),
        migrations.AlterField(
            model_name="claim",
            name="number",
            field=models.CharField(max_length=30, verbose_name="Claim number"),
        ),
        migrations.AlterField(
            model_name="claim",
            name="person",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="registry.person",
            ),
        ),
        migrations.AlterField(
            model_name="claimline",
            name="claim",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="health_equity.claim",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                fields=("number",), name="health_equity_claim_number_once"
            ),
        ),
    ]
