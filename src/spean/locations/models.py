"""Where people live and where they are cared for: two trees that don't coincide, both dated."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from spean.kernel.models import Dated, DateRange
from spean.locations.rules import LATITUDES, LONGITUDES


class Level(models.TextChoices):
    """The four levels of the gazetteer."""

    PROVINCE = "province", _("Province")
    DISTRICT = "district", _("District")
    COMMUNE = "commune", _("Commune")
    VILLAGE = "village", _("Village")


class Named(models.Model):
    """A thing with an official name in Khmer and one in Latin letters."""

    name_km = models.CharField(_("Name in Khmer"), max_length=120)
    name_en = models.CharField(_("Name in Latin letters"), max_length=120)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "km").startswith("en") else self.name_km


CODE_LENGTH = {Level.PROVINCE: 2, Level.DISTRICT: 4, Level.COMMUNE: 6, Level.VILLAGE: 8}


class Place(Named, Dated):
    """A province, district, commune or village under its official code, while the code is valid."""

    code = models.CharField(_("Code"), max_length=8)
    level = models.CharField(_("Level"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    class Meta(Dated.Meta):
        verbose_name = _("Place")
        ordering: ClassVar[list[str]] = ["code"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                OpClass("code", name="text_pattern_ops"), name="locations_place_code_prefix"
            )
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="locations_place_code_once_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="locations_place_code_fits_level",
                condition=models.Q(
                    *(
                        Q(level=level, code__regex=rf"^\d{{{length}}}$")
                        for level, length in CODE_LENGTH.items()
                    ),
                    _connector=Q.OR,
                ),
            ),
            models.CheckConstraint(
                name="locations_place_only_provinces_have_no_parent",
                condition=Q(level=Level.PROVINCE, parent__isnull=True)
                | (~Q(level=Level.PROVINCE) & Q(parent__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_km}"

    @property
    def holders(self) -> "list[Place]":
        """The commune, district and province that hold it, nearest first (select the parents)."""
        found, place = [], self.parent
        while place is not None:
            found.append(place)
            place = place.parent
        return found

    @property
    def where(self) -> str:
        """The names of what holds it: "Nhang, Andoung Meas, Ratanak Kiri"."""
        return ", ".join(holder.name for holder in self.holders)


class Succession(models.Model):
    """One place's people and duties passing to another, by a dated act (merged communes)."""

    predecessor = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="precessions")
    day = models.DateField(_("From"))
    act = models.CharField(_("Legal act"), max_length=200)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="locations_succession_once"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("successor")),
                name="locations_succession_to_another",
            ),
        ]


class AreaClass(Dated):
    """Whether a place counts as Phnom Penh urban, other urban or rural, by a dated act."""

    class Kind(models.TextChoices):
        """The three classes that the rates of cash transfers distinguish."""

        PHNOM_PENH_URBAN = "phnom_penh_urban", _("Phnom Penh, urban")
        OTHER_URBAN = "other_urban", _("Other urban")
        RURAL = "rural", _("Rural")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="area_classes")
    kind = models.CharField(max_length=20, choices=Kind)
    act = models.CharField(_("Legal act"), max_length=200)

    class Meta(Dated.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="locations_areaclass_one_at_a_time",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class OperationalDistrict(Named, Dated):
    """An operational health district: its borders are not those of a district."""

    code = models.CharField(_("Code"), max_length=10, unique=True)
    province = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")

    class Meta(Dated.Meta):
        verbose_name = _("Operational district")


class Facility(Named, Dated):
    """A health post, health centre or hospital."""

    code = models.CharField(_("Code"), max_length=10, unique=True)
    operational_district = models.ForeignKey(
        OperationalDistrict, on_delete=models.PROTECT, related_name="facilities"
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="facilities",
        verbose_name=_("Village or commune"),
    )
    phone = models.CharField(_("Telephone"), max_length=16, blank=True, db_default="", default="")

    class Meta(Dated.Meta):
        verbose_name = _("Health facility")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="locations_facility_phone_with_country_code",
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{6,13}$"),
            ),
        ]


class FacilityLevel(Dated):
    """The level at which a facility works; each change is a legal act."""

    class Kind(models.TextChoices):
        """Minimum and complementary packages of activities (Ministry of Health)."""

        HEALTH_POST = "health_post", _("Health post")
        HEALTH_CENTRE = "health_centre", _("Health centre (minimum package)")
        CPA1 = "cpa1", _("Hospital, complementary package 1")
        CPA2 = "cpa2", _("Hospital, complementary package 2")
        CPA3 = "cpa3", _("Hospital, complementary package 3")
        NATIONAL = "national", _("National hospital")

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="levels")
    kind = models.CharField(max_length=20, choices=Kind)
    act = models.CharField(_("Legal act"), max_length=200)

    class Meta(Dated.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="locations_facilitylevel_one_at_a_time",
                expressions=[
                    ("facility", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Catchment(Dated):
    """A village (or whole commune) that a facility serves."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="catchments")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="catchments")

    class Meta(Dated.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="locations_catchment_once_at_a_time",
                expressions=[
                    ("facility", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class VillagePoint(models.Model):
    """Where a village is: the point that a drawn area is held against."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="point")
    latitude = models.FloatField()
    longitude = models.FloatField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="locations_villagepoint_in_cambodia",
                condition=Q(latitude__range=LATITUDES, longitude__range=LONGITUDES),
            )
        ]
