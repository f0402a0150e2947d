"""One woman's or one child's record on one page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.curves import Curves
from spean.kernel.errors import N_, NotFound, SpeanError
from spean.kernel.policy import DecisionRow, policy
from spean.kernel.rows import only
from spean.maternal_child.models import (
    STANDING,
    Baby,
    Contact,
    Contraindication,
    Dose,
    NutritionTreatment,
    Pregnancy,
)
from spean.maternal_child.queries.due import child_facts, mother_facts, written_twice
from spean.maternal_child.rules import (
    AWAITED,
    Awaited,
    Care,
    ChildFacts,
    Evaluated,
    History,
    Line,
    MotherFacts,
    Schedules,
    growth,
)
from spean.registry import queries as registry


class NoOpenPregnancy(SpeanError):
    """Ask for the pregnancy first."""

    code = "maternal_child.no_open_pregnancy"
    message = N_("No pregnancy of this woman is recorded. Record the pregnancy first.")
    field = "person"


VIEW = "maternal_child.view_record"


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
    contraindications: Sequence[Contraindication]
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
    """Give where a person lives, if the actor may see that. Raises NotFound, NotAllowed.

    Of a record that was merged into another one, the person whose record it is now.
    """
    person_id = registry.person_of(person_id)
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
    mine = Pregnancy.objects.filter(person__in=registry.records_of([person_id]))
    found = mine.filter(ended_on__isnull=True).first()
    if found is None:
        raise NoOpenPregnancy
    return found.pk


def pregnancies_in(household: registry.Household) -> dict[UUID, list[Pregnancy]]:
    """Give the pregnancies of a household's members, the last first.

    The caller has already been allowed to see the household.
    """
    found: dict[UUID, list[Pregnancy]] = {}
    members = registry.people_in([household.pk]).get(household.pk, [])
    records = registry.records_of(one.person_id for one in members)
    for one in Pregnancy.objects.filter(person__in=records).order_by("-started_on"):
        found.setdefault(records[one.person_id], []).append(one)
    return found


def born_lately(mine: Pregnancy, *, by: Actor, on: date) -> list[registry.Membership]:
    """Give the children of the mother's household who may be born of this pregnancy.

    Raises NotFound, NotAllowed.
    """
    home = home_for(mine.person_id, by=by, on=on)
    members = registry.people_in([home.household_id]).get(home.household_id, [])
    young = [one for one in members if one.person.birth_date > mine.started_on]
    records = registry.records_of(one.person_id for one in young)
    born = Baby.objects.filter(person__in=records).values_list("person_id", flat=True)
    taken = {records[one] for one in born if one is not None}
    return [one for one in young if one.person_id not in taken]


def vaccines_due(home: registry.Membership, *, on: date) -> list[str]:
    """Give the vaccines that a child may get on a day."""
    schedules, facts = Schedules(on), facts_of(home)
    forecast = schedules.history(facts).forecast
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
    asked = pregnancy(pregnancy_id)
    home = home_for(asked.person_id, by=by, on=on)
    records = registry.records_of([home.person_id])
    twice = written_twice(records) if len(records) > 1 else {}
    same = {*(one for one, other in twice.items() if other == twice.get(asked.pk, asked.pk))}
    rows = Pregnancy.objects.select_related("person", "dating", "facility")
    found = rows.get(pk=twice.get(asked.pk, asked.pk))
    audit.read(by=by, action="maternal_child.read_pregnancy", subject=found,
               area=home.household.village.code)  # fmt: skip
    schedules, facts = Schedules(on), mother_facts([found], twice)[found.pk]
    contacts = Contact.objects.filter(pregnancy__in={found.pk, *same})
    babies = Baby.objects.filter(pregnancy__in={found.pk, *same})
    return MotherRecord(
        home=home, pregnancy=found, awaited=schedules.mother(facts),
        contacts=list(contacts.select_related("decision").order_by("-day")),
        babies=list(babies.select_related("person").order_by("birth_order")),
        lines=_lines_of(found, facts, schedules),
    )  # fmt: skip


def _lines_of(found: Pregnancy, facts: MotherFacts, schedules: Schedules) -> dict[Care, list[Line]]:
    asked = {
        Care.ANTENATAL: (found.started_on, facts.antenatal),
        Care.ANTENATAL_WHO: (found.started_on, facts.antenatal),
    }
    if found.ended_on is not None:
        asked[Care.POSTNATAL] = (found.ended_on, facts.postnatal)
        asked[Care.FAMILY_PLANNING] = (found.ended_on, facts.planning)
    return {care: list(schedules.lines(care, *how)) for care, how in asked.items()}


def facts_of(home: registry.Membership) -> ChildFacts:
    """Give what was done for one child, under whichever of its records."""
    return child_facts([home], registry.records_of([home.person_id]))[home.person_id]


def child(person_id: UUID, *, by: Actor, on: date) -> ChildRecord:
    """Give a child's record; reading it is audited. Raises NotFound, NotAllowed."""
    home = home_for(person_id, by=by, on=on)
    audit.read(by=by, action="maternal_child.read_child", subject=home.person,
               area=home.household.village.code)  # fmt: skip
    records = registry.records_of([home.person_id])
    schedules, facts = Schedules(on), child_facts([home], records)[home.person_id]
    judged = schedules.history(facts)
    rows = Contact.objects.filter(person__in=records, pregnancy__isnull=True)
    contacts = list(rows.select_related("decision").order_by("-day"))
    grown = grown_of(contacts, home, on)
    treatments = NutritionTreatment.objects.filter(person__in=records)
    return ChildRecord(
        home=home,
        birth=Baby.objects.filter(person__in=records).first(),
        contacts=contacts,
        growth=grown,
        charts=charts_of(grown, home.person.sex, on),
        doses=worth_of(Dose.objects.filter(person__in=records).order_by("day", "pk"), judged),
        forecast=judged.forecast,
        awaited=schedules.child(facts),
        treatments=list(treatments.order_by("-started_on")),
        contraindications=list(
            Contraindication.objects.filter(person__in=records).order_by("-since", "pk")
        ),
    )


def grown_of(contacts: Iterable[Contact], home: registry.Membership, on: date) -> list[Grown]:
    """Give what each contact at which something was measured says of the child's growth."""
    return [
        _grown(one, home, on)
        for one in contacts
        if one.withdrawn_on is None and any((one.weight_g, one.length_mm, one.muac_mm))
    ]


def worth_of(doses: Iterable[Dose], judged: History) -> list[tuple[Dose, list[Evaluated]]]:
    """Give each dose with what it is worth; one that was withdrawn is worth nothing."""
    return [
        (dose, [one for one in judged.evaluated
                if (one.dose.day, one.dose.vaccine) == (dose.day, dose.vaccine)]
               if dose.withdrawn_on is None else [])
        for dose in doses
    ]  # fmt: skip


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


def charts_of(grown: Sequence[Grown], sex: str, on: date) -> list[Curves]:
    """Give the charts for which something was measured."""
    measured = [one.measures for one in grown]
    by = growth.cuts(on=on)
    return [
        growth.chart(index, sex=sex, measured=measured, by=by)
        for index in (growth.Index.WAZ, growth.Index.LAZ)
        if any(one.z(index) is not None for one in grown)
    ]


def standing_contacts(person_id: UUID, day: date) -> list[tuple[str, str, bool]]:
    """Give kind, place and whether somebody was vaccinated, of each contact that stands of a day.

    For what follows from a withdrawal alone: nobody is shown it.
    """
    rows = Contact.objects.filter(STANDING, person=person_id, day=day)
    given = Exists(Dose.objects.filter(STANDING, contact=OuterRef("pk")))
    return list(rows.annotate(vaccinated=given).values_list("kind", "place", "vaccinated"))


def contact(contact_id: UUID, *, by: Actor) -> Contact:
    """Give one contact with what follows; reading it is audited. Raises NotFound, NotAllowed."""
    rows = Contact.objects.select_related("person", "village", "decision", "pregnancy", "facility")
    found = only(rows.filter(pk=contact_id))
    access.require(by, VIEW, area=found.village.code)
    audit.read(by=by, action="maternal_child.read_contact", subject=found, area=found.village.code)
    return found
