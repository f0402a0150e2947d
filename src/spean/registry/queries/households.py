"""Reads of households as they are now."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.registry.models import Household, Identifier, Membership
from spean.registry.models.households import Relation

MEMBERS = "members"
IN_ORDER = Case(
    *(When(relation=relation, then=Value(n)) for n, relation in enumerate(Relation.values)),
    output_field=IntegerField(),
)


def current_members() -> QuerySet[Membership]:
    """Give the open memberships with their people, the head first, then by relation and age."""
    return (
        Membership.objects.filter(end__isnull=True)
        .select_related("person")
        .order_by(IN_ORDER, "person__birth_date", "person_id")
    )


def household(household_id: UUID, *, by: Actor, log_read: bool = True) -> Household:
    """Give a household with its village and, as `members`, its open memberships in order.

    Each member's person carries `numbers`, their identifiers. Six queries whatever the size.
    Raises NotFound; NotAllowed outside the actor's area.
    """
    numbers = Identifier.objects.filter(withdrawn=False).order_by("kind")
    members = current_members().prefetch_related(
        Prefetch("person__identifiers", numbers, to_attr="numbers")
    )
    found = (
        Household.objects.select_related("village")
        .prefetch_related(Prefetch("memberships", members, to_attr=MEMBERS))
        .filter(pk=household_id)
        .first()
    )
    if found is None:
        raise NotFound
    access.require(by, "registry.view_household", area=found.village.code)
    if log_read:
        audit.read(by=by, action="registry.read_household", subject=found, area=found.village.code)
    return found


def household_for(household_id: UUID) -> Household:
    """Give a household's own row to a module that decides on access itself. Raises NotFound."""
    found = Household.objects.select_related("village").filter(pk=household_id).first()
    if found is None:
        raise NotFound
    return found


def households(*, by: Actor, area: str = "", dissolved: bool = False) -> QuerySet[Household]:
    """Give the households that the actor may see, in an area, newest first."""
    rows = Household.objects.select_related("village").filter(village__code__startswith=area)
    if not dissolved:
        rows = rows.filter(Q(dissolved_on__isnull=True))
    return access.within(rows, by, "registry.view_household").order_by("-id")


def people_in(household_ids: Iterable[UUID]) -> dict[UUID, list[Membership]]:
    """Give the members of each household, the head first, in one query (for lists).

    The caller has already been allowed to see these households.
    """
    found: dict[UUID, list[Membership]] = defaultdict(list)
    for member in current_members().filter(household__in=set(household_ids)):
        found[member.household_id].append(member)
    return dict(found)
