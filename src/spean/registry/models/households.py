"""A household: people who live and eat together, where, and since when."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.kernel.models import Dated, DateRange
from spean.registry.models.people import Person

if TYPE_CHECKING:
    from spean.registry.models.identifiers import Identifier


class Relation(models.TextChoices):
    """Relation to the head of the household, as the census asks it."""

    HEAD = "head", _("Head of household")
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Son or daughter")
    CHILD_IN_LAW = "child_in_law", _("Son- or daughter-in-law")
    PARENT = "parent", _("Father or mother")
    PARENT_IN_LAW = "parent_in_law", _("Father- or mother-in-law")
    GRANDCHILD = "grandchild", _("Grandchild")
    SIBLING = "sibling", _("Brother or sister")
    OTHER_RELATIVE = "other_relative", _("Other relative")
    NOT_RELATED = "not_related", _("Not related")


class HouseholdFacts(models.Model):
    """What is recorded of a household and can change."""

    village = models.ForeignKey(
        "locations.Place", on_delete=models.PROTECT, related_name="+", verbose_name=_("Village")
    )
    address = models.CharField(_("House, street or landmark"), max_length=200, blank=True)
    phone = models.CharField(_("Phone"), max_length=16, blank=True)
    dissolved_on = models.DateField(_("Dissolved on"), null=True, blank=True)

    class Meta:
        abstract = True


class Household(HouseholdFacts):
    """A household, as recorded now. What was recorded until `since` stands in `HouseholdPast`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    since = models.DateField(_("Recorded so since"))
    registered_on = models.DateField(_("Registered on"))
    registered_by = models.CharField(max_length=150)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    members: "list[Membership]"
    numbers: "list[Identifier]"

    class Meta:
        verbose_name = _("Household")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="registry_household_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class HouseholdPast(HouseholdFacts, Dated):
    """What was recorded of a household for a time that is over."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="past")

    class Meta(Dated.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="registry_householdpast_one_at_a_time",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Membership(Dated):
    """A person living in a household for a time, in a relation to its head."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="memberships", db_index=False
    )
    relation = models.CharField(_("Relation to the head"), max_length=20, choices=Relation)

    class Meta(Dated.Meta):
        verbose_name = _("Member")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["person", "end", "household"], name="registry_membership_of_person"
            )
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="registry_membership_one_household_at_a_time",
                deferrable=models.Deferrable.DEFERRED,
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="registry_membership_one_head_at_a_time",
                deferrable=models.Deferrable.DEFERRED,
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
                condition=Q(relation=Relation.HEAD),
            ),
        ]
