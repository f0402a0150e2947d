"""Reads of home visits: those made, and those due."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.kernel.home import HomeItem
from spean.maternal_child.models import STANDING, HomeVisit
from spean.maternal_child.rules import TERM_DAYS, DueVisit, VisitKind, visits_to
from spean.registry import queries as registry

VIEW = "maternal_child.view_visits"
YOUNGEST_DAYS = 60


@dataclass(frozen=True, slots=True)
class VisitDue:
    """Whom to visit, where, and which line of the schedule asks for it."""

    household_id: UUID
    person_id: UUID
    village_id: int
    visit: DueVisit


def visits(*, by: Actor, household_id: UUID | None = None) -> QuerySet[HomeVisit]:
    """Give the visits of the actor's areas, newest first, each with its person and village."""
    rows = HomeVisit.objects.select_related("person", "village")
    if household_id is not None:
        rows = rows.filter(household=household_id)
    return access.within(rows, by, VIEW).order_by("-visited_on", "-id")


def visit(visit_id: UUID, *, by: Actor) -> HomeVisit:
    """Give one visit with its decision; reading it is audited. Raises NotFound, NotAllowed."""
    rows = HomeVisit.objects.select_related("person", "village", "household", "decision")
    found = rows.filter(pk=visit_id).first()
    if found is None:
        raise NotFound
    access.require(by, VIEW, area=found.village.code)
    audit.read(by=by, action="maternal_child.read_visit", subject=found, area=found.village.code)
    return found


def visits_due(*, area: str = "", by: Actor, on: date) -> list[VisitDue]:
    """Give the visits that are to be made in an area on a day: pregnancies and newborns.

    Three queries. Raises NotAllowed.
    """
    access.require(by, VIEW, area=area)
    known = registry.pregnancies_and_births(
        area, born_since=on - timedelta(days=YOUNGEST_DAYS), on=on
    )
    made = _made(one.person_id for one in known)
    return [
        VisitDue(one.household_id, one.person_id, one.village_id, due)
        for one in known
        for kind, since in _reasons(one)
        for due in visits_to(kind, since=since, done=made[one.person_id, kind], on=on)
    ]


def waiting_for(*, by: Actor, on: date) -> Iterator[HomeItem]:
    """Give one line for the visits to make, to who may make them."""
    if held := access.areas(by, "maternal_child.record_visit"):
        due = [one for area in held for one in visits_due(area=area, by=by, on=on)]
        late = any(one.visit.due < on for one in due)
        yield HomeItem(_("Visits to make"), len(due), reverse("maternal_child:visits"), late)


def _reasons(one: registry.MotherOrChild) -> Iterable[tuple[VisitKind, date]]:
    if one.expected_on is not None:
        yield VisitKind.PREGNANCY, one.expected_on - timedelta(days=TERM_DAYS)
    elif one.pregnant_since is not None:
        yield VisitKind.PREGNANCY, one.pregnant_since
    else:
        yield VisitKind.NEWBORN, one.birth_date


def _made(people: Iterable[UUID]) -> dict[tuple[UUID, str], list[date]]:
    """Give the days on which each person was met, by the kind of visit."""
    rows = HomeVisit.objects.filter(STANDING, person__in=set(people), met=True)
    found: dict[tuple[UUID, str], list[date]] = defaultdict(list)
    for person, kind, day in rows.values_list("person_id", "kind", "visited_on"):
        found[person, kind].append(day)
    return found
