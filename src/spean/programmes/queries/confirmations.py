"""What facilities and schools confirmed, and the families for whom they can."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.kernel.rows import only
from spean.programmes.models import Confirmation, Cycle
from spean.programmes.queries.cycles import VIEW as VIEW_CYCLES
from spean.programmes.rules import Happened, ages_for_school
from spean.registry import queries as registry

SCHOLARSHIP = "scholarship"
CONFIRM = "programmes.confirm"  # something, somewhere; for what, RIGHTS say
RIGHTS = {
    "maternal_grant": "programmes.confirm_contact",
    SCHOLARSHIP: "programmes.confirm_school",
    "base_support": "programmes.confirm_base_support",
}
# What a cycle pays: what it took, and once a kind what stands on its first day.
IN_CYCLE = """
SELECT id, household_id, village, kind, "on", amount FROM programmes_confirmation
WHERE cycle_id = %(cycle)s AND withdrawn_on IS NULL
UNION ALL
SELECT * FROM (
    SELECT DISTINCT ON (household_id, kind) id, household_id, village, kind, "on", amount
    FROM programmes_confirmation
    WHERE programme = %(programme)s AND "on" <= %(start)s AND until > %(start)s
      AND withdrawn_on IS NULL AND amount > 0
    ORDER BY household_id, kind, "on" DESC
) standing
"""
SUMMED = f"""
SELECT household_id, min(village) AS village, sum(amount) AS amount,
       jsonb_build_object('confirmed', jsonb_agg(jsonb_build_object(
           'kind', kind, 'on', "on", 'amount', amount) ORDER BY "on", id)) AS decision
FROM ({IN_CYCLE}) due {{where}} GROUP BY household_id
"""


def may_confirm(by: Actor) -> list[str]:
    """Give the programmes for which the actor may confirm something somewhere."""
    return [programme for programme, right in RIGHTS.items() if access.areas(by, right)]


@dataclass(frozen=True, slots=True)
class Family:
    """A family at the counter: its members, and what was confirmed for a programme before."""

    household_id: UUID
    village: str
    members: Sequence[registry.Membership]
    confirmed: QuerySet[Confirmation]


def household_of_card(programme: str, number: str, *, by: Actor) -> UUID:
    """Give the household of a card, to who may confirm for it.

    Raises NotFound, NotAllowed, CardUnknown.
    """
    home = registry.household_of_card(number)
    access.require(by, _right(programme), area=home.village.code)
    return home.pk


def family_of(programme: str, household_id: UUID, *, by: Actor, on: date) -> Family:
    """Give a family for which something may be confirmed; the reading is recorded.

    Raises NotFound, NotAllowed.
    """
    home = registry.household_for(household_id)
    area = home.village.code
    access.require(by, _right(programme), area=area)
    audit.read(by=by, action=_right(programme), subject=home, area=area)
    members = registry.members_of(home, on=on)
    return Family(home.pk, area, members, confirmed_for(programme, household_id))


def _right(programme: str) -> str:
    if programme not in RIGHTS:
        raise NotFound
    return RIGHTS[programme]


def confirmed_for(programme: str, household_id: UUID) -> QuerySet[Confirmation]:
    """List what was confirmed for a household, the newest first, to who checks the right."""
    rows = Confirmation.objects.filter(programme=programme, household=household_id)
    return rows.select_related("person", "cycle").order_by("-on", "-id")


def awaited(household_id: UUID, *, by: Actor) -> QuerySet[Confirmation]:
    """List what was confirmed for a household that no cycle has paid yet, the oldest first.

    What stands, the confidential support alone, is not among it. The reading is recorded. Raises
    NotFound, NotAllowed.
    """
    home = registry.household_for(household_id)
    access.require(by, VIEW_CYCLES, area=home.village.code)
    audit.read(by=by, action="programmes.view_awaited", subject=home, area=home.village.code)
    rows = Confirmation.objects.filter(
        household=household_id, cycle=None, until=None, withdrawn_on=None, amount__gt=0
    )
    return rows.order_by("on", "id")


def confirmation_for(confirmation_id: UUID, *, lock: bool = False) -> Confirmation:
    """Give one confirmation to who checks the right, locked until the transaction ends if asked."""
    return only(Confirmation.objects.filter(pk=confirmation_id), lock=lock)


def confirmation(confirmation_id: UUID, *, by: Actor) -> Confirmation:
    """Give one confirmation to who may confirm the like. Raises NotFound, NotAllowed."""
    found = confirmation_for(confirmation_id)
    access.require(by, RIGHTS[found.programme], area=found.village)
    return found


def confirmed_on(programme: str, person_id: UUID, day: date) -> list[Confirmation]:
    """Give what is confirmed for a person on a day, and not withdrawn, to who checks the right."""
    rows = Confirmation.objects.filter(programme=programme, person=person_id, on=day)
    return list(rows.filter(withdrawn_on=None))


def paid_for(programme: str, person_id: UUID | None, household_id: UUID) -> list[Happened]:
    """Give what a programme pays, or will, for a person, or for a household where none is named."""
    rows = Confirmation.objects.filter(programme=programme, amount__gt=0, withdrawn_on=None)
    whose = {"person": person_id} if person_id else {"person": None, "household": household_id}
    return [Happened(kind, on) for kind, on in rows.filter(**whose).values_list("kind", "on")]


def paid_in(cycle: Cycle, household_id: UUID) -> tuple[Decimal, dict[str, Any]]:
    """Give what a cycle pays a household for what is confirmed and not withdrawn, and why."""
    with connection.cursor() as cursor:
        cursor.execute(SUMMED.format(where="WHERE household_id = %(household)s"), {
            "cycle": cycle.pk, "programme": cycle.programme, "start": cycle.start,
            "household": household_id,
        })  # fmt: skip
        found = cursor.fetchone()
    return (found[2], found[3]) if found else (Decimal(0), {})


@dataclass(frozen=True, slots=True)
class Pupil:
    """A child of age for school, of a family on the scholarship's list."""

    person_id: UUID
    name: str
    latin_name: str
    birth_date: date
    card: str


PUPILS = f"""
SELECT person.id,
       concat_ws(' ', person.family_name_km, person.given_name_km),
       concat_ws(' ', person.family_name_latin, person.given_name_latin),
       person.birth_date, coalesce(payee.card, '')
FROM programmes_enrolment enrolment
JOIN registry_membership member ON member.household_id = enrolment.household_id
 AND member."end" IS NULL
JOIN registry_person person ON person.id = member.person_id
 AND person.birth_date > %(from)s AND person.birth_date <= %(until)s
JOIN ({registry.PAYEES}) payee ON payee.household = enrolment.household_id
WHERE enrolment.programme = %(programme)s AND enrolment.state IN ('candidate', 'enrolled')
  AND starts_with(enrolment.village, %(area)s)
ORDER BY enrolment.village, payee.card, person.birth_date, person.id
"""


def pupils(area: str, *, by: Actor, on: date) -> list[Pupil]:
    """List the children of age for school in an area, of families on the scholarship's list.

    The reading is recorded. Raises NotAllowed.
    """
    access.require(by, RIGHTS[SCHOLARSHIP], area=area)
    audit.read(by=by, action=RIGHTS[SCHOLARSHIP], subject=("programme", SCHOLARSHIP), area=area)
    youngest, eldest = ages_for_school(on)
    with connection.cursor() as cursor:
        cursor.execute(PUPILS, {
            "programme": SCHOLARSHIP, "area": area, "day": on, "from": eldest, "until": youngest,
        })  # fmt: skip
        return [Pupil(*row) for row in cursor.fetchall()]
