"""Counts of a household's members on a day, for other modules' rules."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from spean.kernel.errors import NotFound
from spean.locations.queries import valid
from spean.registry.models import (
    FunctionAssessment,
    Household,
    HouseholdPast,
    Membership,
    PersonPast,
    Pregnancy,
)
from spean.registry.rules.facts import HouseholdFacts, MemberFacts
from spean.registry.rules.facts import household_facts as counted


def household_facts(household_id: UUID, *, on: date) -> HouseholdFacts:
    """Give the counts of the members on a day, as their facts were recorded for that day.

    It names nobody, so it takes no actor. Three queries. Raises NotFound.
    """
    members = list(
        Membership.objects.filter(valid(on), household=household_id)
        .select_related("person")
        .annotate(disabled=_on_day(FunctionAssessment, on, disabled=True))
        .annotate(pregnant=_on_day(Pregnancy, on))
    )
    past = {
        row.person_id: row
        for row in PersonPast.objects.filter(valid(on), person__in=[m.person_id for m in members])
    }
    people = [
        MemberFacts(
            sex=(past.get(member.person_id) or member.person).sex,
            birth_date=(past.get(member.person_id) or member.person).birth_date,
            relation=member.relation,
            disabled=member.disabled,
            pregnant=member.pregnant,
        )
        for member in members
    ]
    return counted(people, village=_village_code(household_id, on), on=on)


def _on_day(model: type[FunctionAssessment | Pregnancy], on: date, **conditions: object) -> Exists:
    return Exists(model.objects.filter(valid(on), person=OuterRef("person"), **conditions))


def _village_code(household_id: UUID, on: date) -> str:
    """Give the code of the village where the household was recorded on the day."""
    past = HouseholdPast.objects.filter(valid(on), household=OuterRef("pk"))
    code = (
        Household.objects.filter(pk=household_id)
        .values_list(Coalesce(Subquery(past.values("village__code")[:1]), "village__code"))
        .first()
    )
    if code is None:
        raise NotFound
    return str(code[0])
