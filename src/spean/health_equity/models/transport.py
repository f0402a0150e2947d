"""What it cost to bring a patient, and who pays."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from spean.health_equity.models.visits import Visit
from spean.health_equity.models.words import GroupName, SchemeName
from spean.kernel.ids import new_id


class Transport(models.Model):
    """One trip of a patient to care or home from it, as it was told (`trip`), and who pays for it.

    `scheme`, `group` and `cover` are of the day of the trip; empty where nobody pays. `fee` is what
    the scheme pays the facility for the km. `visit` is the visit whose services it was put among,
    once there is one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trip = models.UUIDField(unique=True)
    referral = models.UUIDField()
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="transports"
    )
    facility = models.ForeignKey("locations.Facility", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=8)
    on = models.DateField()
    km = models.PositiveSmallIntegerField()
    cost = models.DecimalField(max_digits=12, decimal_places=0)
    scheme = models.CharField(max_length=25, choices=SchemeName, blank=True)
    group = models.CharField(max_length=25, choices=GroupName, blank=True)
    cover = models.ForeignKey(
        "kernel.StoredDecision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fee = models.DecimalField(max_digits=12, decimal_places=0, default=0)
    visit = models.ForeignKey(
        Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="transports"
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "on"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="health_equity_transport_paid_by_decision",
                condition=Q(scheme="", group="", fee=0)
                | (~Q(scheme="") & ~Q(group="") & Q(cover__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.on}"
