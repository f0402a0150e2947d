"""One woman's or one child's record on one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.kernel.rows import only
from spean.maternal_child.models import (
    Baby,
    Contact,
    Death,
    Dose,
    NutritionTreatment,
    Pregnancy,
)
from spean.maternal_child.queries.due import child_facts, mother_facts
from spean.maternal_child.rules import (
    Awaited,
    Care,
    Evaluated,
    Line,
    Schedules,
    history,
)
from spean.registry import queries as registry

VIEW, DEATHS = "maternal_child.view_record", "maternal_child.view_deaths"


@dataclass(frozen=True, slots=True)
class MotherRecord:
    """A pregnancy with its contacts and babies, and the lines of each schedule."""

    home: registry.Membership
    pregnancy: Pregnancy
    contacts: Sequence[Contact]
    babies: Sequence[Baby]
    awaited: Sequence[Awaited]
    lines: dict[Care, list[Line]]

    def weeks_on(self, day: date) -> int:
        """Give the completed weeks of the pregnancy on a day."""
        return (day - self.pregnancy.started_on).days // 7


@dataclass(frozen=True, slots=True)
class ChildRecord:
    """A child with its contacts, doses, what each is worth, what is due and what comes next."""

    home: registry.Membership
    birth: Baby | None
    contacts: Sequence[Contact]
    doses: Sequence[tuple[Dose, Sequence[Evaluated]]]
    forecast: Sequence[Line]
    awaited: Sequence[Awaited]
    treatments: Sequence[NutritionTreatment]


def home_for(
    person_id: UUID, *, permission: str = VIEW, by: Actor, on: date
) -> registry.Membership:
    """Give where a person lives, if the actor may see that. Raises NotFound, NotAllowed."""
    found = registry.lived_on([person_id], on=on).get(person_id)
    if found is None:
        raise NotFound
    access.require(by, permission, area=found.household.village.code)
    return found


def pregnancies_of(person_id: UUID, *, by: Actor, on: date) -> QuerySet[Pregnancy]:
    """Give a woman's pregnancies in care, the last first. Raises NotFound, NotAllowed."""
    home_for(person_id, by=by, on=on)
    return Pregnancy.objects.filter(person=person_id).order_by("-started_on")


def mother(pregnancy_id: UUID, *, by: Actor, on: date) -> MotherRecord:
    """Give a pregnancy's record; reading it is audited. Raises NotFound, NotAllowed."""
    found = only(Pregnancy.objects.select_related("person", "dating").filter(pk=pregnancy_id))
    home = home_for(found.person_id, by=by, on=on)
    audit.read(by=by, action="maternal_child.read_pregnancy", subject=found,
               area=home.household.village.code)  # fmt: skip
    schedules, facts = Schedules(on), mother_facts([found])[found.pk]
    asked = {
        Care.ANTENATAL: (found.started_on, facts.antenatal),
        Care.ANTENATAL_WHO: (found.started_on, facts.antenatal),
    }
    if found.ended_on is not None:
        asked[Care.POSTNATAL] = (found.ended_on, facts.postnatal)
        asked[Care.FAMILY_PLANNING] = (found.ended_on, facts.planning)
    return MotherRecord(
        home=home, pregnancy=found, awaited=schedules.mother(facts),
        contacts=list(found.contacts.select_related("decision").order_by("-day")),
        babies=list(found.babies.select_related("person").order_by("birth_order")),
        lines={care: list(schedules.lines(care, *how)) for care, how in asked.items()},
    )  # fmt: skip


def child(person_id: UUID, *, by: Actor, on: date) -> ChildRecord:
    """Give a child's record; reading it is audited. Raises NotFound, NotAllowed."""
    home = home_for(person_id, by=by, on=on)
    audit.read(by=by, action="maternal_child.read_child", subject=home.person,
               area=home.household.village.code)  # fmt: skip
    schedules, facts = Schedules(on), child_facts([home])[person_id]
    judged = history(
        facts.doses, born=facts.born, sex=facts.sex, on=on, programme=schedules.programme
    )
    doses = Dose.objects.filter(person=person_id, withdrawn_on__isnull=True).order_by("day", "pk")
    return ChildRecord(
        home=home,
        birth=Baby.objects.filter(person=person_id).first(),
        contacts=list(
            Contact.objects.filter(person=person_id, pregnancy__isnull=True)
            .select_related("decision").order_by("-day")
        ),
        doses=[
            (dose, [one for one in judged.evaluated
                    if (one.dose.day, one.dose.vaccine) == (dose.day, dose.vaccine)])
            for dose in doses
        ],
        forecast=judged.forecast,
        awaited=schedules.child(facts),
        treatments=list(NutritionTreatment.objects.filter(person=person_id).order_by("-started_on")),
    )  # fmt: skip


def contact(contact_id: UUID, *, by: Actor) -> Contact:
    """Give one contact with what follows; reading it is audited. Raises NotFound, NotAllowed."""
    rows = Contact.objects.select_related("person", "village", "decision", "pregnancy")
    found = only(rows.filter(pk=contact_id))
    access.require(by, VIEW, area=found.village.code)
    audit.read(by=by, action="maternal_child.read_contact", subject=found, area=found.village.code)
    return found


def deaths(*, by: Actor) -> QuerySet[Death]:
    """Give the deaths of the actor's areas, those waiting for their review first."""
    rows = Death.objects.select_related("person", "village", "change")
    return access.within(rows, by, DEATHS).order_by("-id")


def death(death_id: UUID, *, by: Actor) -> Death:
    """Give one death; reading it is audited. Raises NotFound, NotAllowed."""
    found = only(Death.objects.select_related("person", "village", "change").filter(pk=death_id))
    access.require(by, DEATHS, area=found.village.code)
    audit.read(by=by, action="maternal_child.read_death", subject=found, area=found.village.code)
    return found
