"""One woman's or one child's record on one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.curves import Curves
from spean.kernel.errors import N_, NotFound, SpeanError
from spean.kernel.policy import DecisionRow, policy
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
    AWAITED,
    Awaited,
    Care,
    Evaluated,
    Line,
    Schedules,
    growth,
    history,
)
from spean.registry import queries as registry


class NoOpenPregnancy(SpeanError):
    """Ask for the pregnancy first."""

    code = "maternal_child.no_open_pregnancy"
    message = N_("No pregnancy of this woman is recorded. Record the pregnancy first.")
    field = "person"


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
    growth: Sequence["Grown"]
    charts: Sequence[Curves]


@dataclass(frozen=True, slots=True)
class Grown:
    """What was measured at a contact, and what it says of the child's growth."""

    contact: Contact
    measures: growth.Measures
    found: growth.Assessment

    def z(self, index: growth.Index) -> float | None:
        """Give a z-score, unless it is implausible."""
        score = self.found.scores[index]
        return None if score.flagged else score.z


def home_for(
    person_id: UUID, *, permission: str = VIEW, by: Actor, on: date
) -> registry.Membership:
    """Give where a person lives, if the actor may see that. Raises NotFound, NotAllowed."""
    found = registry.lived_on([person_id], on=on).get(person_id)
    if found is None:
        raise NotFound
    access.require(by, permission, area=found.household.village.code)
    return found


def pregnancy(pregnancy_id: UUID) -> Pregnancy:
    """Give a pregnancy's own row to who decides on access itself. Raises NotFound."""
    return only(Pregnancy.objects.select_related("person", "facility").filter(pk=pregnancy_id))


def open_pregnancy(person_id: UUID) -> UUID:
    """Give a woman's pregnancy that has not ended. Raises NoOpenPregnancy."""
    found = Pregnancy.objects.filter(person=person_id, ended_on__isnull=True).first()
    if found is None:
        raise NoOpenPregnancy
    return found.pk


def pregnancies_in(household: registry.Household) -> dict[UUID, list[Pregnancy]]:
    """Give the pregnancies of a household's members, the last first.

    The caller has already been allowed to see the household.
    """
    found: dict[UUID, list[Pregnancy]] = {}
    people = [one.person_id for one in registry.people_in([household.pk]).get(household.pk, [])]
    for one in Pregnancy.objects.filter(person__in=people).order_by("-started_on"):
        found.setdefault(one.person_id, []).append(one)
    return found


def born_lately(mine: Pregnancy, *, by: Actor, on: date) -> list[registry.Membership]:
    """Give the children of the mother's household who may be born of this pregnancy.

    Raises NotFound, NotAllowed.
    """
    home = home_for(mine.person_id, by=by, on=on)
    members = registry.people_in([home.household_id]).get(home.household_id, [])
    young = [one for one in members if one.person.birth_date > mine.started_on]
    born = Baby.objects.filter(person__in=[one.person_id for one in young])
    taken = set(born.values_list("person_id", flat=True))
    return [one for one in young if one.person_id not in taken]


def vaccines_due(home: registry.Membership, *, on: date) -> list[str]:
    """Give the vaccines that a child may get on a day."""
    schedules, facts = Schedules(on), child_facts([home])[home.person_id]
    forecast = history(
        facts.doses, born=facts.born, sex=facts.sex, on=on, programme=schedules.programme
    ).forecast
    now = {line.code for line in forecast if line.status in AWAITED}
    lines = schedules.programme.schedule.contacts
    return [vaccine for line in lines if line.code in now for vaccine in line.vaccines]


def advice_of(contact: Contact) -> list[DecisionRow]:
    """Give what follows from a contact, in the words of the table by which it was decided."""
    body = contact.decision.body
    fired = [one["name"] for one in body["criteria"]]
    if not fired:
        return []
    key = body["policies"][0]["key"]
    rows = {row.code: row for row in policy.decisions(key, on=contact.day).rows}
    return [rows[code] for code in fired if code in rows]


def mother(pregnancy_id: UUID, *, by: Actor, on: date) -> MotherRecord:
    """Give a pregnancy's record; reading it is audited. Raises NotFound, NotAllowed."""
    rows = Pregnancy.objects.select_related("person", "dating", "facility")
    found = only(rows.filter(pk=pregnancy_id))
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
    rows = Contact.objects.filter(person=person_id, pregnancy__isnull=True)
    contacts = list(rows.select_related("decision").order_by("-day"))
    grown = [
        _grown(one, home, on) for one in contacts if one.weight_g or one.length_mm or one.muac_mm
    ]
    return ChildRecord(
        home=home,
        birth=Baby.objects.filter(person=person_id).first(),
        contacts=contacts,
        growth=grown,
        charts=_charts(grown, home.person.sex, on),
        doses=[
            (dose, [one for one in judged.evaluated
                    if (one.dose.day, one.dose.vaccine) == (dose.day, dose.vaccine)])
            for dose in doses
        ],
        forecast=judged.forecast,
        awaited=schedules.child(facts),
        treatments=list(NutritionTreatment.objects.filter(person=person_id).order_by("-started_on")),
    )  # fmt: skip


def _grown(contact: Contact, home: registry.Membership, on: date) -> Grown:
    measures = growth.Measures(
        sex=home.person.sex,
        age_days=(contact.day - home.person.birth_date).days,
        weight_kg=contact.weight_kg,
        lenhei_cm=contact.length_cm,
        position={None: None, True: "l", False: "h"}[contact.lying],
        headc_cm=None if contact.head_mm is None else contact.head_mm / 10,
        muac_cm=None if contact.muac_mm is None else contact.muac_mm / 10,
        oedema=contact.oedema,
    )
    return Grown(contact, measures, growth.assess(measures, on=on))


def _charts(grown: Sequence[Grown], sex: str, on: date) -> list[Curves]:
    """Give the charts for which something was measured."""
    measured = [one.measures for one in grown]
    by = growth.cuts(on=on)
    return [
        growth.chart(index, sex=sex, measured=measured, by=by)
        for index in (growth.Index.WAZ, growth.Index.LAZ)
        if any(one.z(index) is not None for one in grown)
    ]


def contact(contact_id: UUID, *, by: Actor) -> Contact:
    """Give one contact with what follows; reading it is audited. Raises NotFound, NotAllowed."""
    rows = Contact.objects.select_related("person", "village", "decision", "pregnancy", "facility")
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
