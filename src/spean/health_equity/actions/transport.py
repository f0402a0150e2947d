"""A patient was brought: who pays for the trip is decided, and it is put among the services."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from spean.health_equity.models import (
    Claim,
    Document,
    Transport,
    Visit,
    VisitOutcome,
    VisitService,
)
from spean.health_equity.queries.grounds import grounds_of
from spean.health_equity.rules import covers, fee, payer
from spean.kernel import audit
from spean.kernel.access import Actor
from spean.kernel.actions import store_decision
from spean.kernel.policy import NotInForce, policy
from spean.locations import queries as locations

SERVICE, HOME = "transport", "health_equity.transport_home_days"
OVER_NIGHT = timedelta(days=1)  # who set out in the evening may be received the next day


@transaction.atomic
def note_transport(
    *, trip: UUID, referral: UUID, person_id: UUID, facility: str, km: int, cost: Decimal,
    by: Actor, on: date,
) -> Transport:  # fmt: skip
    """Keep a trip that was told, with who pays by the cover of its day; told twice, it stands.

    It is put among the services of the patient's open visit there, or of the one that ended of
    late and isn't claimed yet; else of the visit that begins by the next day. Raises
    UnknownFacility.
    """
    told = Transport.objects.filter(trip=trip).first()
    if told is not None:
        return told
    place = locations.facility(facility, on)
    made = Transport(trip=trip, referral=referral, person_id=person_id, facility=place,
                     area=place.place.code, on=on, km=km, cost=cost)  # fmt: skip
    _decide_payer(made, by)
    made.save(force_insert=True)
    audit.write(by=by, action="health_equity.transport_noted", subject=made, area=made.area,
                scheme=made.scheme, km=km)  # fmt: skip
    here = Visit.objects.select_for_update(of=("self",)).filter(person=person_id, facility=place)
    if visit := _open(here, on) or _just_over(here, on):
        _put_among_services(made, visit, by)
    return made


def _open(here: QuerySet[Visit], on: date) -> Visit | None:
    of_the_day = Q(source_key=None) | Q(came_on__range=(on, on + OVER_NIGHT))
    return here.filter(of_the_day, left_on=None).order_by("-came_on").first()


def _just_over(here: QuerySet[Visit], on: date) -> Visit | None:
    """Give the visit from which a patient is brought home: one that is claimed stands."""
    try:
        days = int(policy.value(HOME, on=on).value)
    except NotInForce:
        return None
    claimed = Claim.objects.exclude(state=Claim.State.WITHDRAWN).filter(visit=OuterRef("pk"))
    over = here.filter(left_on__range=(on - timedelta(days=days), on)).exclude(Exists(claimed))
    return over.exclude(outcome=VisitOutcome.MISTAKEN).order_by("-left_on", "-came_on").first()


def _decide_payer(made: Transport, by: Actor) -> None:
    """Say who pays: who covers the patient first, where that scheme pays for transport."""
    grounds = grounds_of([made.person_id])[made.person_id]
    first = payer(covers(grounds, on=made.on))
    if first is None:
        return
    made.cover = store_decision(first.decision, subject=made, by=by)
    level = locations.level_of(made.facility)
    rate = fee(first.scheme, SERVICE, level.kind if level else "", on=made.on)
    if rate is not None:
        made.scheme, made.group = str(first.scheme), str(first.group)
        made.fee = rate * made.km


def bring_in_transport(visit: Visit, *, by: Actor) -> None:
    """Put the trips that brought the patient among the services of the visit that begins."""
    waiting = Transport.objects.select_for_update().filter(
        person=visit.person_id, facility=visit.facility_id, visit=None,
        on__range=(visit.came_on - OVER_NIGHT, visit.came_on),
    )  # fmt: skip
    for trip in waiting:
        _put_among_services(trip, visit, by)


def _put_among_services(made: Transport, visit: Visit, by: Actor) -> None:
    """Add the km to what is recorded of the day; who has no cover is claimed from nobody."""
    day = max(made.on, visit.came_on)
    row, new = VisitService.objects.get_or_create(
        visit=visit, service=SERVICE, on=min(day, visit.left_on or day),
        defaults={"quantity": max(1, made.km), "given_by": by.name},
    )  # fmt: skip
    if not new:
        row.quantity += made.km
        row.save(update_fields=["quantity"])
    if visit.left_on and Document.RECEIPT not in visit.documents:
        # Nobody is at the counter any more: the trip on record, with its steps, is the receipt.
        visit.documents = sorted({*visit.documents, Document.RECEIPT})
        visit.save(update_fields=["documents"])
    made.visit = visit
    made.save(update_fields=["visit"])
    audit.write(by=by, action="health_equity.service_given", subject=visit, area=visit.area,
                service=SERVICE)  # fmt: skip
