"""Whole care records for other systems and for the printed card: one person's, an area's rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, When

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.rows import only
from spean.maternal_child.models import (
    Baby,
    Contact,
    Contraindication,
    Dose,
    Ending,
    HomeVisit,
    NutritionTreatment,
    Pregnancy,
    WithdrawnEnd,
    WithdrawnMeasure,
)
from spean.maternal_child.queries.due import Records, child_facts
from spean.maternal_child.queries.records import VIEW, Grown, grown_of, home_for, worth_of
from spean.maternal_child.rules import Evaluated, Line, Schedules
from spean.registry import queries as registry
from spean.registry.queries import Person

CHILD_DAYS = 5479  # the last day of the last line of the immunisation schedule
# Where a row says whose it is, for every kind of row that a care record holds.
WHOSE: tuple[tuple[type[Model], str], ...] = (
    (Contact, "person_id"), (Dose, "person_id"), (Pregnancy, "person_id"), (Baby, "person_id"),
    (NutritionTreatment, "person_id"), (Contraindication, "person_id"), (HomeVisit, "person_id"),
    (WithdrawnMeasure, "contact__person_id"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CareRecord:
    """Everything of one person, as mother and as child, under whichever of their records.

    Withdrawn rows are among it, marked. The forecast is empty of who is too old for a vaccine.
    """

    home: registry.Membership
    contacts: Sequence[Contact]
    growth: Sequence[Grown]
    withdrawn_measures: Sequence[WithdrawnMeasure]
    doses: Sequence[tuple[Dose, Sequence[Evaluated]]]
    forecast: Sequence[Line]
    pregnancies: Sequence[Pregnancy]
    birth: Baby | None
    treatments: Sequence[NutritionTreatment]
    contraindications: Sequence[Contraindication]
    visits: Sequence[HomeVisit]
    asked_on: date

    @property
    def person(self) -> Person:
        """The person as the registry knows them now."""
        return self.home.person


def care_record(person_id: UUID, *, by: Actor, on: date) -> CareRecord:
    """Give a person's whole care record; reading it is audited. Raises NotFound, NotAllowed."""
    home = home_for(person_id, by=by, on=on)
    audit.read(by=by, action="maternal_child.read_care", subject=home.person,
               area=home.household.village.code)  # fmt: skip
    records = registry.records_of([home.person_id])
    schedules, facts = Schedules(on), child_facts([home], records)[home.person_id]
    judged = schedules.history(facts)
    young = (on - home.person.birth_date).days <= CHILD_DAYS
    contacts = list(_of(Contact, records).select_related("decision").order_by("day", "pk"))
    return CareRecord(
        home=home,
        contacts=contacts,
        growth=grown_of([one for one in contacts if one.pregnancy_id is None], home, on),
        withdrawn_measures=list(
            WithdrawnMeasure.objects.filter(contact__in=contacts)
            .select_related("contact")
            .order_by("pk")
        ),
        doses=worth_of(_of(Dose, records).order_by("day", "pk"), judged),
        forecast=judged.forecast if young else (),
        pregnancies=list(
            _of(Pregnancy, records).prefetch_related("babies").order_by("started_on", "pk")
        ),
        birth=Baby.objects.filter(person__in=records).select_related("pregnancy").first(),
        treatments=list(_of(NutritionTreatment, records).order_by("started_on", "pk")),
        contraindications=list(_of(Contraindication, records).order_by("since", "pk")),
        visits=list(_of(HomeVisit, records).order_by("visited_on", "pk")),
        asked_on=on,
    )


def _of(model: Any, records: Records) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(person__in=records)
    return rows


def whose(row_id: UUID) -> UUID:
    """Give the person whom a row of a care record is about, to who checks the right.

    What is no such row is taken for the person's own id.
    """
    for model, field in WHOSE:
        found = model._default_manager.filter(pk=row_id).values_list(field, flat=True).first()
        if found is not None:
            return UUID(str(found))
    return row_id


def contacts_on_record(*, by: Actor) -> QuerySet[Contact]:
    """Give the contacts of the people whom the actor may see; `note_care_read` goes with it."""
    return _seen(Contact.objects.select_related("person__merged_into", "village"), by)


def contact_of(person_id: UUID, day: date, *, by: Actor) -> UUID | None:
    """Give the contact of a person on a day that stands, if the actor sees one."""
    mine = registry.records_of([registry.person_of(person_id)])
    rows = contacts_on_record(by=by).filter(person__in=mine, day=day, withdrawn_on__isnull=True)
    return rows.values_list("pk", flat=True).order_by("pk").first()


def deliveries_on_record(*, by: Actor) -> QuerySet[Pregnancy]:
    """Give the pregnancies of the same people that ended by a birth, also by a withdrawn one.

    `delivered_on`, `delivered_at` and `delivered_by` (day, place, attendant) are what is on record
    of the birth; `withdrawn_on` is None where it stands.
    """
    born = Q(ending=Ending.BIRTH)
    withdrawn = WithdrawnEnd.objects.filter(pregnancy=OuterRef("pk"), ending=Ending.BIRTH)
    last = withdrawn.order_by("-changed_at")
    said = {"delivered_on": ("ended_on", "day"), "delivered_at": ("place", "place"),
            "delivered_by": ("attendant", "attendant")}  # fmt: skip
    rows = Pregnancy.objects.filter(born | Exists(withdrawn)).annotate(
        withdrawn_on=Case(When(born, then=None), default=Subquery(last.values("withdrawn_on")[:1])),
        **{
            name: Case(When(born, then=F(now)), default=Subquery(last.values(then)[:1]))
            for name, (now, then) in said.items()
        },
    )
    return _seen(rows.select_related("person__merged_into"), by)


def doses_on_record(*, by: Actor) -> QuerySet[Dose]:
    """Give the doses of the same people."""
    return _seen(Dose.objects.select_related("person__merged_into"), by)


def _seen(rows: QuerySet[Any], by: Actor) -> QuerySet[Any]:
    """Keep the rows of people whom the actor sees; of records merged twice over as well."""
    seen = registry.seen_people(by, VIEW).values("pk")
    merged = Q(person__merged_into__in=seen) | Q(person__merged_into__merged_into__in=seen)
    return rows.filter(Q(person__in=seen) | merged)


def note_care_read(rows: Collection[Any], *, by: Actor) -> None:
    """Leave an audit line for each row, which the actor was shown."""
    villages = registry.villages_of(person_now(row.person).pk for row in rows)
    shown = [(row, villages.get(person_now(row.person).pk, "")) for row in rows]
    audit.read_each(by=by, action="maternal_child.read_care", subjects=shown)


def person_now(person: Person) -> Person:
    """Give the person whose record this is, if it was merged into another one."""
    while person.merged_into is not None:
        person = person.merged_into
    return person


def row_on_record(rows: QuerySet[Any], row_id: UUID, *, by: Actor) -> Any:
    """Give one of some rows of care records; reading it is audited. Raises NotFound, NotAllowed."""
    known = rows.model._default_manager.select_related("person__merged_into").filter(pk=row_id)
    person = person_now(only(known).person)
    area = registry.villages_of([person.pk]).get(person.pk, "")
    access.require(by, VIEW, area=area)
    row = only(rows.filter(pk=row_id))
    audit.read(by=by, action="maternal_child.read_care", subject=row, area=area)
    return row


def worth_among(doses: Sequence[Dose], *, on: date) -> dict[UUID, Sequence[Evaluated]]:
    """Give what each of some doses is worth, in a few queries for all of them."""
    homes = registry.lived_on({person_now(dose.person).pk for dose in doses}, on=on)
    records = registry.records_of(homes)
    facts = child_facts(list(homes.values()), records)
    schedules = Schedules(on)
    judged = {person: schedules.history(one) for person, one in facts.items()}
    return {
        dose.pk: said
        for one in doses
        for dose, said in worth_of([one], judged[records[one.person_id]])
    }
