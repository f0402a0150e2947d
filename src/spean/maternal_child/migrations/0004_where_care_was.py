"""Care is recorded with the facility where it was, if that is known."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def _facility() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="locations.facility",
    )


class Migration(migrations.Migration):
    """Add the facility of births and contacts."""

    dependencies = [
        ("locations", "0002_villagepoint"),
        ("maternal_child", "0003_nothing_before_birth"),
    ]
    operations = [
        migrations.AddField("contact", "facility", _facility()),
        migrations.AddField("pregnancy", "facility", _facility()),
        migrations.AddConstraint(
            "contact",
            models.CheckConstraint(
                name="maternal_child_contact_facility_only_of_one",
                condition=Q(facility__isnull=True) | ~Q(place="home"),
            ),
        ),
        migrations.AddConstraint(
            "pregnancy",
            models.CheckConstraint(
                name="maternal_child_pregnancy_facility_only_of_one",
                condition=Q(facility__isnull=True) | Q(place__in=["health_centre", "hospital"]),
            ),
        ),
    ]
