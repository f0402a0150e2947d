"""The telephone at which a facility is reached."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add it, empty where nobody has said it."""

    dependencies = [("locations", "0002_villagepoint")]
    operations = [
        migrations.AddField(
            "facility",
            "phone",
            models.CharField("Telephone", max_length=16, blank=True, db_default="", default=""),
        ),
        migrations.AddConstraint(
            "facility",
            models.CheckConstraint(
                name="locations_facility_phone_with_country_code",
                condition=models.Q(phone="") | models.Q(phone__regex=r"^\+[1-9][0-9]{6,13}$"),
            ),
        ),
    ]
