"""What is kept in store: items, and the batches in which they come."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id


class ItemKind(models.TextChoices):
    """What an item is."""

    MEDICINE = "medicine", _("Medicine")
    VACCINE = "vaccine", _("Vaccine")
    SUPPLY = "supply", _("Medical supply")


class Band(models.TextChoices):
    """At what temperature an item is kept; the degrees are policy (`supplies.cold_chain`)."""

    ROOM = "room", _("At room temperature")
    COOL = "cool", _("In the refrigerator")
    FROZEN = "frozen", _("In the freezer")


class Measure(models.TextChoices):
    """The unit in which an item is counted."""

    TABLET = "tablet", _("tablet or capsule")
    DOSE = "dose", _("dose")
    VIAL = "vial", _("vial or ampoule")
    BOTTLE = "bottle", _("bottle")
    SACHET = "sachet", _("sachet")
    TUBE = "tube", _("tube")
    PIECE = "piece", _("piece")


class Item(models.Model):
    """A medicine, vaccine or supply, counted in its measure, and how many make a pack.

    `vaccine` is what mothers' and children's records call it. Of a tracer, a stock-out is told
    first.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("Code"), max_length=20, unique=True)
    name_km = models.CharField(_("Name in Khmer"), max_length=120)
    name_en = models.CharField(_("Name in English"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=10, choices=ItemKind)
    measure = models.CharField(_("Counted in"), max_length=10, choices=Measure)
    pack = models.PositiveIntegerField(_("In a pack"), default=1)
    band = models.CharField(_("Kept"), max_length=10, choices=Band, default=Band.ROOM)
    tracer = models.BooleanField(_("Tracer"), default=False)
    vaccine = models.CharField(max_length=10, blank=True)
    source = models.CharField(_("Source"), max_length=200)

    class Meta:
        verbose_name = _("Item")
        ordering: ClassVar[list[str]] = ["code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="supplies_item_pack_holds_some", condition=Q(pack__gte=1)),
            models.CheckConstraint(
                name="supplies_item_only_vaccines_are_given_as_doses",
                condition=Q(vaccine="") | Q(kind=ItemKind.VACCINE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_km} ({self.name_en})"


class Batch(models.Model):
    """One batch of one item, as its maker printed it; usable through the day of its expiry."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="batches")
    number = models.CharField(_("Batch"), max_length=30)
    expiry = models.DateField(_("Expires on"))
    maker = models.CharField(_("Maker"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("Batch")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["item", "number"], name="supplies_batch_once"),
            models.CheckConstraint(name="supplies_batch_named", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return self.number
