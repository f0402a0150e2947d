"""Trips that brought patients, and who pays for them."""

import django.db.models.deletion
from django.db import migrations, models

import spean.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("health_equity", "0008_what_was_claimed_is_compared"),
        ("kernel", "0003_long_work"),
        ("locations", "0002_villagepoint"),
        ("registry", "0005_first_load_and_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Transport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=spean.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("trip", models.UUIDField(unique=True)),
                ("referral", models.UUIDField()),
                ("area", models.CharField(max_length=8)),
                ("on", models.DateField()),
                ("km", models.PositiveSmallIntegerField()),
                ("cost", models.DecimalField(decimal_places=0, max_digits=12)),
                (
                    "scheme",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hef", "Health Equity Fund"),
                            ("workers", "Social security of workers"),
                            ("civil_servants", "Social security of civil servants"),
                            ("former_civil_servants", "Social security of former civil servants"),
                            ("veterans", "Social security of veterans"),
                            ("exemption", "Exempted from fees"),
                        ],
                        max_length=25,
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("poor_1", "Poor level 1"),
                            ("poor_2", "Poor level 2"),
                            ("at_risk", "At risk"),
                            ("post_identified", "Found poor at the facility"),
                            ("informal_worker", "Worker without an employer"),
                            ("tourism_worker", "Worker in tourism or entertainment"),
                            ("worker", "Worker"),
                            ("self_employed", "Self-employed"),
                            ("civil_servant", "Civil servant"),
                            ("former_civil_servant", "Former civil servant"),
                            ("veteran", "Veteran"),
                            ("exempted", "Exempted by the health centre committee"),
                        ],
                        max_length=25,
                    ),
                ),
                ("fee", models.DecimalField(decimal_places=0, default=0, max_digits=12)),
                (
                    "cover",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.storeddecision",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="locations.facility",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transports",
                        to="registry.person",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transports",
                        to="health_equity.visit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "on"], name="health_equi_person__32e030_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fee", 0), ("group", ""), ("scheme", "")),
                            models.Q(
                                models.Q(("scheme", ""), _negated=True),
                                models.Q(("group", ""), _negated=True),
                                ("cover__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="health_equity_transport_paid_by_decision",
                    )
                ],
            },
        ),
    ]
