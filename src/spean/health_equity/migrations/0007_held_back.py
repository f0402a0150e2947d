"""What is held is said otherwise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Name the state anew; nothing changes in the database."""

    dependencies = [
        ("health_equity", "0006_facility_accounts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="adjudication",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("submitted", "To be judged"),
                    ("accepted", "Accepted"),
                    ("reduced", "Reduced"),
                    ("rejected", "Rejected"),
                    ("held", "Held back"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="claim",
            name="state",
            field=models.CharField(
                choices=[
                    ("submitted", "To be judged"),
                    ("accepted", "Accepted"),
                    ("reduced", "Reduced"),
                    ("rejected", "Rejected"),
                    ("held", "Held back"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="submitted",
                max_length=10,
            ),
        ),
    ]
