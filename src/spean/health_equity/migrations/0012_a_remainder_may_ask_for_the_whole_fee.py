"""A remainder that another system sends may ask for the whole fee: the rules take off the rest."""

from django.db import migrations, models
from django.db.models import Q

NAME = "health_equity_claim_remainder_is_part"


class Migration(migrations.Migration):
    """Hold that a remainder says what all may pay, however much it asks for."""

    dependencies = [("health_equity", "0011_never_more_than_the_fee")]
    operations = [
        migrations.RemoveConstraint("claim", NAME),
        migrations.AddConstraint(
            "claim",
            models.CheckConstraint(
                name=NAME,
                condition=Q(remainder_of__isnull=True, whole__isnull=True)
                | Q(remainder_of__isnull=False, whole__gte=0),
            ),
        ),
    ]
