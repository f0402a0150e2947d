"""Who is due for care in an area, defaulters first; read in six queries whatever the size."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.maternal_child.models import Contact, ContactKind, Dose, Ending, Pregnancy
from spean.maternal_child.rules import Awaited, ChildFacts, Given, MotherFacts, Schedules, Status
from spean.registry import queries as registry

VIEW = "maternal_child.view_due"
CHILD_DAYS = 5479  # the last day of the last line, HPV
AFTER_BIRTH_DAYS = 456  # the last day of family planning after birth


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


def due_in(area: str, *, by: Actor, on: date) -> list[DuePerson]:
    """Give who is due for care in an area on a day, who is overdue the longest first.

    Raises NotAllowed; the reading is audited.
    """
    access.require(by, VIEW, area=area)
    schedules = Schedules(on)
    found = [*_mothers(area, schedules, on), *_children(area, schedules, on)]
    audit.read(by=by, action="maternal_child.read_due", subject=("list", "due"), area=area,
               rows=len(found))  # fmt: skip
    return sorted(found, key=_urgency)


def _urgency(one: DuePerson) -> tuple[bool, date, date]:
    since = one.overdue_since
    return since is None, since or date.max, one.awaited[0].line.due


def _mothers(area: str, schedules: Schedules, on: date) -> Iterable[DuePerson]:
    lives = Q(
        person__memberships__end__isnull=True, person__death_date=None,
        person__memberships__household__village__code__startswith=area,
    )  # fmt: skip
    recent = Q(ended_on__isnull=True) | Q(
        ending=Ending.BIRTH, ended_on__gte=on - timedelta(days=AFTER_BIRTH_DAYS)
    )
    last: dict[UUID, Pregnancy] = {
        one.person_id: one for one in Pregnancy.objects.filter(lives, recent).order_by("started_on")
    }
    facts = mother_facts(last.values())
    homes = registry.lived_on(last, on=on)
    for person, pregnancy in last.items():
        if awaited := schedules.mother(facts[pregnancy.pk]):
            yield DuePerson(homes[person], pregnancy.pk, awaited)


def _children(area: str, schedules: Schedules, on: date) -> Iterable[DuePerson]:
    homes = list(registry.living_in(area, born_since=on - timedelta(days=CHILD_DAYS)))
    facts = child_facts(homes)
    for home in homes:
        if awaited := schedules.child(facts[home.person_id]):
            yield DuePerson(home, None, awaited)


def mother_facts(pregnancies: Collection[Pregnancy]) -> dict[UUID, MotherFacts]:
    """Give what was done in and after each pregnancy, in one query."""
    done: dict[UUID, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    rows = Contact.objects.filter(pregnancy__in=[one.pk for one in pregnancies])
    for contact in rows.only("pregnancy", "kind", "day", "topics", "treatments"):
        mine = done[contact.pregnancy_id]  # type: ignore[index]
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


def child_facts(homes: Collection[registry.Membership]) -> dict[UUID, ChildFacts]:
    """Give what was done for each child, in two queries."""
    ids = [home.person_id for home in homes]
    done: dict[UUID, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    for contact in _contacts_of(ids):
        mine = done[contact.person_id]
        if contact.kind == ContactKind.NEWBORN:
            mine["postnatal"].append(contact.day)
        if contact.weight_g is not None:
            mine["weighed"].append(contact.day)
        for treatment in contact.treatments:
            mine[treatment].append(contact.day)
    doses = given_to(ids)
    return {
        home.person_id: ChildFacts(
            home.person.birth_date,
            home.person.sex,
            doses=doses.get(home.person_id, ()),
            **{
                name: done[home.person_id][name]
                for name in ("postnatal", "weighed", "vitamin_a", "deworming")
            },
        )
        for home in homes
    }


def _contacts_of(ids: Collection[UUID]) -> QuerySet[Contact]:
    rows = Contact.objects.filter(person__in=ids, pregnancy__isnull=True)
    return rows.only("person", "kind", "day", "weight_g", "treatments")


def given_to(ids: Collection[UUID]) -> dict[UUID, list[Given]]:
    """Give the doses of each child that were not withdrawn."""
    found: dict[UUID, list[Given]] = defaultdict(list)
    rows = Dose.objects.filter(person__in=ids, withdrawn_on__isnull=True)
    for person, day, vaccine in rows.values_list("person_id", "day", "vaccine"):
        found[person].append(Given(day, vaccine))
    return dict(found)
