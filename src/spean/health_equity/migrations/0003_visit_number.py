"""Visits are numbered in the order in which they begin."""

from django.db import migrations


class Migration(migrations.Migration):
    """Add the sequence."""

    dependencies = [("health_equity", "0002_what_was_claimed_stands")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE health_equity_visit_number",
            "DROP SEQUENCE health_equity_visit_number",
        )
    ]
