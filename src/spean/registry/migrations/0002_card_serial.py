"""The running number of equity cards: given once each, without gaps mattering, by any process."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE registry_card_serial AS bigint MINVALUE 1",
            "DROP SEQUENCE registry_card_serial",
        )
    ]
