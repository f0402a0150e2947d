"""Who is due for care in an area, defaulters first; read in eight queries whatever the size."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.maternal_child.models import (
    STANDING,
    Contact,
    ContactKind,
    Contraindication,
    Dose,
    Ending,
    Kind,
    Pregnancy,
)
from spean.maternal_child.rules import (
    Awaited,
    Barrier,
    Care,
    ChildFacts,
    Given,
    MotherFacts,
    Schedules,
    Status,
)
from spean.registry import queries as registry

VIEW = "maternal_child.view_due"
CHILD_DAYS = 5479  # the last day of the last line, HPV
NEWBORN_DAYS = 42
AFTER_BIRTH_DAYS = 456  # the last day of family planning after birth
Records = Mapping[UUID, UUID]  # each record, with the person or pregnancy that it is


@dataclass(frozen=True, slots=True)
class DuePerson:
    """A mother or child, where they live, and what is due, the most overdue first."""

    home: registry.Membership
    pregnancy_id: UUID | None
    awaited: list[Awaited]

    @property
    def overdue_since(self) -> date | None:
        """The last good day of what is overdue the longest; None where nothing is."""
        late = [one.line.overdue for one in self.awaited if one.line.status == Status.OVERDUE]
        return min(late, default=None)


def visit_kind_of(one: DuePerson, *, on: date) -> Kind:
    """Give as whom somebody who is due is visited."""
    if one.pregnancy_id is not None:
        before = any(line.care == Care.ANTENATAL for line in one.awaited)
        return Kind.PREGNANCY if before else Kind.AFTER_BIRTH
    newborn = (on - one.home.person.birth_date).days <= NEWBORN_DAYS
    return Kind.NEWBORN if newborn else Kind.CHILD


def due_in(area: str, *, by: Actor, on: date) -> list[DuePerson]:
    """Give who is due for care in an area on a day, who is overdue the longest first.

    Raises NotAllowed; the reading is audited.
    """
    access.require(by, VIEW, area=area)
    schedules, merged = Schedules(on), registry.merged_living_in(area)
    found = [*_mothers(area, merged, schedules, on), *_children(area, merged, schedules, on)]
    audit.read(by=by, action="maternal_child.read_due", subject=("list", "due"), area=area,
               rows=len(found))  # fmt: skip
    return sorted(found, key=_urgency)


def _urgency(one: DuePerson) -> tuple[bool, date, date]:
    since = one.overdue_since
    return since is None, since or date.max, one.awaited[0].line.due


def _mothers(area: str, merged: Records, schedules: Schedules, on: date) -> Iterable[DuePerson]:
    lives = Q(
        person__memberships__end__isnull=True, person__death_date=None,
        person__memberships__household__village__code__startswith=area,
    )  # fmt: skip
    recent = Q(ended_on__isnull=True) | Q(
        ending=Ending.BIRTH, ended_on__gte=on - timedelta(days=AFTER_BIRTH_DAYS)
    )
    rows = Pregnancy.objects.filter(lives | Q(person__in=merged), recent).order_by("started_on")
    twice = written_twice(merged)
    last = {merged.get(one.person_id, one.person_id): one for one in rows if one.pk not in twice}
    facts = mother_facts(last.values(), twice)
    homes = registry.lived_on(last, on=on)
    for person, pregnancy in last.items():
        home = homes[person]
        if home.person.death_date is None and (awaited := schedules.mother(facts[pregnancy.pk])):
            yield DuePerson(home, pregnancy.pk, awaited)


def written_twice(merged: Records) -> dict[UUID, UUID]:
    """Give the pregnancies that were written down under a second record of the same woman.

    Each with the one that it is: of those that overlap, one that ended, else the first begun.
    """
    rows = Pregnancy.objects.filter(person__in={*merged, *merged.values()}).order_by(
        F("ended_on").asc(nulls_last=True), "started_on", "pk"
    )
    found: dict[UUID, UUID] = {}
    kept: dict[UUID, list[Pregnancy]] = defaultdict(list)
    for one in rows:
        mine = kept[merged.get(one.person_id, one.person_id)]
        same = next((other for other in mine if _overlap(one, other)), None)
        if same is None:
            mine.append(one)
        else:
            found[one.pk] = same.pk
    return found


def _overlap(one: Pregnancy, other: Pregnancy) -> bool:
    return one.started_on < (other.ended_on or date.max) and other.started_on < (
        one.ended_on or date.max
    )


def _children(area: str, merged: Records, schedules: Schedules, on: date) -> Iterable[DuePerson]:
    homes = list(registry.living_in(area, born_since=on - timedelta(days=CHILD_DAYS)))
    facts = child_facts(homes, merged)
    for home in homes:
        if awaited := schedules.child(facts[home.person_id]):
            yield DuePerson(home, None, awaited)


def mother_facts(
    pregnancies: Collection[Pregnancy], twice: Records | None = None
) -> dict[UUID, MotherFacts]:
    """Give what was done in and after each pregnancy, in one query.

    `twice` are the pregnancies that are another one's second record.
    """
    twice = twice or {}
    done: dict[UUID, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    asked = {one.pk for one in pregnancies}
    asked |= {one for one, same in twice.items() if same in asked}
    rows = Contact.objects.filter(STANDING, pregnancy__in=asked)
    for contact in rows.only("pregnancy", "kind", "day", "topics", "treatments"):
        mine = done[twice.get(contact.pregnancy_id, contact.pregnancy_id)]  # type: ignore[arg-type]
        mine[contact.kind].append(contact.day)
        if "family_planning" in contact.topics or "contraceptive" in contact.treatments:
            mine["planning"].append(contact.day)
    return {
        one.pk: MotherFacts(
            one.started_on,
            one.ended_on,
            antenatal=done[one.pk][ContactKind.ANTENATAL],
            postnatal=done[one.pk][ContactKind.POSTNATAL],
            planning=done[one.pk]["planning"],
        )
        for one in pregnancies
    }


def child_facts(
    homes: Collection[registry.Membership], merged: Records | None = None
) -> dict[UUID, ChildFacts]:
    """Give what was done for each child, in three queries; `merged` are other records of them."""
    mine = {home.person_id: home.person_id for home in homes}
    mine |= {one: person for one, person in (merged or {}).items() if person in mine}
    done: dict[UUID, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    for contact in _contacts_of(mine):
        own = done[mine[contact.person_id]]
        if contact.kind == ContactKind.NEWBORN:
            own["postnatal"].append(contact.day)
        if contact.weight_g is not None:
            own["weighed"].append(contact.day)
        for treatment in contact.treatments:
            own[treatment].append(contact.day)
    doses, barriers = given_to(mine), barriers_of(mine)
    return {
        home.person_id: ChildFacts(
            home.person.birth_date,
            home.person.sex,
            doses=doses.get(home.person_id, ()),
            barriers=barriers.get(home.person_id, ()),
            **{
                name: done[home.person_id][name]
                for name in ("postnatal", "weighed", "vitamin_a", "deworming")
            },
        )
        for home in homes
    }


def _contacts_of(ids: Collection[UUID]) -> QuerySet[Contact]:
    rows = Contact.objects.filter(STANDING, person__in=ids, pregnancy__isnull=True)
    return rows.only("person", "kind", "day", "weight_g", "treatments")


def given_to(records: Records) -> dict[UUID, set[Given]]:
    """Give the doses of each child that were not withdrawn; one that two records hold, once."""
    found: dict[UUID, set[Given]] = defaultdict(set)
    rows = Dose.objects.filter(STANDING, person__in=records)
    for record, day, vaccine in rows.values_list("person_id", "day", "vaccine"):
        found[records[record]].add(Given(day, vaccine))
    return dict(found)


def barriers_of(records: Records) -> dict[UUID, list[Barrier]]:
    """Give what stands, or stood, against giving vaccines to each child."""
    found: dict[UUID, list[Barrier]] = defaultdict(list)
    for one in Contraindication.objects.filter(STANDING, person__in=records):
        barrier = Barrier(one.condition, one.since, one.until, one.vaccine)
        found[records[one.person_id]].append(barrier)
    return dict(found)
