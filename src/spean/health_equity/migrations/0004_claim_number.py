"""Claims are numbered in the order in which they are submitted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the sequence, and an index for what waits."""

    dependencies = [("health_equity", "0003_visit_number")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE health_equity_claim_number",
            "DROP SEQUENCE health_equity_claim_number",
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                fields=["number"],
                condition=models.Q(state="submitted"),
                name="health_equity_claim_waiting",
            ),
        ),
    ]
