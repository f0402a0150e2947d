"""A person: who they are now, who they were recorded to be before, and dated facts about them."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.kernel.models import Dated, DateRange

if TYPE_CHECKING:
    from datetime import datetime

    from spean.registry.models.households import Membership
    from spean.registry.models.identifiers import Identifier


class Sex(models.TextChoices):
    """Sex as recorded on civil documents."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class BirthDatePrecision(models.TextChoices):
    """How much of the birth date is known."""

    EXACT = "exact", _("Exact")
    MONTH = "month", _("Month and year known")
    YEAR = "year", _("Only the year known")
    ESTIMATED = "estimated", _("Estimated from the age")


class PersonFacts(models.Model):
    """What is recorded of a person and can be corrected."""

    family_name_km = models.CharField(_("Family name in Khmer"), max_length=100, blank=True)
    given_name_km = models.CharField(_("Given name in Khmer"), max_length=100, blank=True)
    family_name_latin = models.CharField(
        _("Family name in Latin letters"), max_length=100, blank=True
    )
    given_name_latin = models.CharField(
        _("Given name in Latin letters"), max_length=100, blank=True
    )
    sex = models.CharField(_("Sex"), max_length=6, choices=Sex)
    birth_date = models.DateField(_("Date of birth"))
    birth_date_precision = models.CharField(
        _("How well the date of birth is known"),
        max_length=10,
        choices=BirthDatePrecision,
        default=BirthDatePrecision.EXACT,
    )
    death_date = models.DateField(_("Date of death"), null=True, blank=True)
    phone = models.CharField(_("Phone"), max_length=16, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_km

    @property
    def name_km(self) -> str:
        """The name as Khmer writes it, family name first; the Latin one where there is none."""
        return f"{self.family_name_km} {self.given_name_km}".strip() or self.name_latin

    @property
    def name_latin(self) -> str:
        """The name in Latin letters, family name first, as on the national identity card."""
        return f"{self.family_name_latin} {self.given_name_latin}".strip()

    @property
    def name_en(self) -> str:
        """The name for a reader of English; the Khmer one where there is no other."""
        return self.name_latin or self.name_km


class Person(PersonFacts):
    """A person, as recorded now. What was recorded until `since` stands in `PersonPast`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    since = models.DateField(_("Recorded so since"))
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    search_text = models.TextField(editable=False, db_collation="C")
    search_keys = ArrayField(models.TextField(), editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    numbers: "list[Identifier]"
    homes: "list[Membership]"
    recorded_at: "datetime"

    class Meta:
        verbose_name = _("Person")
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["search_keys"], name="registry_person_keys"),
            GinIndex(
                fields=["search_text"], opclasses=["gin_trgm_ops"], name="registry_person_text"
            ),
            models.Index(fields=["search_text"], name="registry_person_begins"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="registry_person_phone"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="registry_person_has_a_name",
                condition=~Q(
                    given_name_km="", given_name_latin="", family_name_km="", family_name_latin=""
                ),
            ),
            models.CheckConstraint(
                name="registry_person_known_sex", condition=Q(sex__in=Sex.values)
            ),
            models.CheckConstraint(
                name="registry_person_dies_after_birth",
                condition=Q(death_date__isnull=True) | Q(death_date__gte=F("birth_date")),
            ),
            models.CheckConstraint(
                name="registry_person_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
            ),
        ]


class PersonPast(PersonFacts, Dated):
    """What was recorded of a person for a time that is over."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="past")

    class Meta(Dated.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="registry_personpast_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Pregnancy(Dated):
    """A pregnancy, from the day it was known until the day it ended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pregnancies")
    expected_on = models.DateField(_("Expected date of delivery"), null=True, blank=True)

    class Meta(Dated.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="registry_pregnancy_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Difficulty(models.IntegerChoices):
    """The four answers of the Washington Group short set."""

    NONE = 1, _("No difficulty")
    SOME = 2, _("Some difficulty")
    A_LOT = 3, _("A lot of difficulty")
    CANNOT = 4, _("Cannot do it at all")


class FunctionAssessment(Dated):
    """Answers to the Washington Group short set on functioning, valid until asked again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="functions")
    seeing = models.PositiveSmallIntegerField(_("Seeing"), choices=Difficulty)
    hearing = models.PositiveSmallIntegerField(_("Hearing"), choices=Difficulty)
    walking = models.PositiveSmallIntegerField(_("Walking"), choices=Difficulty)
    remembering = models.PositiveSmallIntegerField(_("Remembering"), choices=Difficulty)
    self_care = models.PositiveSmallIntegerField(_("Self-care"), choices=Difficulty)
    communicating = models.PositiveSmallIntegerField(_("Communicating"), choices=Difficulty)
    disabled = models.GeneratedField(
        expression=Q(seeing__gte=3)  # type: ignore[arg-type]
        | Q(hearing__gte=3)
        | Q(walking__gte=3)
        | Q(remembering__gte=3)
        | Q(self_care__gte=3)
        | Q(communicating__gte=3),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta(Dated.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="registry_functionassessment_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]
