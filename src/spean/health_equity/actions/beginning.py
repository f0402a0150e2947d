"""A visit begins: whoever asks for it, who pays is decided by the day on which the patient came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from spean.health_equity.actions.transport import bring_in_transport
from spean.health_equity.models import Visit
from spean.health_equity.queries import Patient
from spean.kernel import audit
from spean.kernel.access import Actor
from spean.kernel.actions import store_decision
from spean.kernel.errors import N_, SpeanError
from spean.locations import queries as locations
from spean.locations.queries import Facility
from spean.registry import queries as registry


class BeforeBirth(SpeanError):
    """Refuse care before the patient's birth or after their death, as recorded."""

    code = "health_equity.before_birth"
    message = N_(
        "By the record the patient was not alive on this day. Check the day and the patient."
    )
    field = "came_on"


@dataclass(frozen=True, slots=True)
class Came:
    """How a patient came: the day, the card or number shown, who referred them (a code).

    `source_key` and `diagnoses` are those of the report by which a visit begins without a person.
    """

    came_on: date
    card: str = ""
    referred_from: str = ""
    source_key: str | None = None
    diagnoses: Sequence[str] = ()


def lock_person(person_id: UUID) -> None:
    """Let nobody else begin a visit of the same person until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))", [f"health_equity.visit:{person_id}"]
        )


def begin_visit(found: Patient, place: Facility, came: Came, *, by: Actor) -> Visit:
    """Begin a visit of a person who is locked; the caller has checked the right.

    Raises BeforeBirth, UnknownFacility.
    """
    _require_alive(found.person_id, came.came_on)
    made = Visit(
        number=_number(came.came_on), facility=place, area=place.place.code,
        person_id=found.person_id, household_id=found.household_id, card=came.card.strip()[:30],
        came_on=came.came_on, opened_by=by.name, source_key=came.source_key,
        diagnoses=list(came.diagnoses),
        referred_from=locations.facility(came.referred_from, came.came_on)
        if came.referred_from else None,
    )  # fmt: skip
    if first := found.payer:
        made.scheme, made.group = str(first.scheme), str(first.group)
        made.cover = store_decision(first.decision, subject=made, by=by)
    made.save(force_insert=True)
    audit.write(by=by, action="health_equity.visit_opened", subject=made, area=made.area,
                scheme=made.scheme)  # fmt: skip
    bring_in_transport(made, by=by)
    return made


def _require_alive(person_id: UUID, day: date) -> None:
    person = registry.lived_on([person_id], on=day)[person_id].person
    if day < person.birth_date or (person.death_date is not None and day > person.death_date):
        raise BeforeBirth


def _number(on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('health_equity_visit_number')")
        return f"V{on:%y}-{cursor.fetchone()[0]:08d}"
