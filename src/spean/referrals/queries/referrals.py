"""One referral with all that happened to it; those that are open, the latest first; what waits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.kernel.home import HomeItem
from spean.kernel.rows import only
from spean.locations import queries as locations
from spean.locations.queries import Facility
from spean.referrals.models import Feedback, Referral
from spean.referrals.queries.access import DISPATCH, RECEIVE, REQUEST, VIEW, require_either, seen
from spean.referrals.queries.records import with_all
from spean.referrals.rules import OPEN, Taken, Urgency, Waits, moments_of, taken, waits
from spean.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Shown:
    """A referral with what it waits for (None once it is over) and the legs that are over."""

    referral: Referral
    waits: Waits | None
    legs: Sequence[Taken]


def referrals(*, by: Actor, open_only: bool = False) -> QuerySet[Referral]:
    """Give the referrals from or to the actor's areas, the newest first."""
    rows = seen(Referral.objects.all(), by)
    if open_only:
        rows = rows.filter(state__in=OPEN)
    return rows.select_related("person", "village", "to_facility", "from_facility").order_by("-id")


def referral(referral_id: UUID, *, by: Actor, now: datetime) -> Shown:
    """Give one referral; reading it is audited. Raises NotFound, NotAllowed, NotInForce."""
    found = only(with_all(Referral.objects.filter(pk=referral_id)))
    require_either(found, VIEW, by=by)
    audit.read(by=by, action="referrals.read", subject=found, area=found.from_area)
    return shown(found, now=now)


def shown(found: Referral, *, now: datetime) -> Shown:
    """Say what a referral waits for and how long each leg took. Raises NotInForce."""
    moments = moments_of((step.kind, step.at) for step in found.steps.all())
    on, urgency = day_of(found.requested_at), Urgency(found.urgency)
    late = None
    if found.state in OPEN:
        late = waits(urgency, moments, transport=found.transport, now=now, on=on)
    return Shown(found, late, taken(urgency, moments, noticed_at=found.noticed_at, on=on))


def open_by_lateness(*, by: Actor, now: datetime) -> list[Shown]:
    """Give the open referrals of the actor's areas, the latest first. Three queries."""
    rows = referrals(by=by, open_only=True).prefetch_related("steps")
    found = [shown(one, now=now) for one in rows]
    return sorted(found, key=lambda one: -one.waits.minutes if one.waits else 0)


def of_household(household_id: UUID, *, by: Actor) -> QuerySet[Referral]:
    """Give the referrals of a household's people that the actor sees, the newest first."""
    return referrals(by=by).filter(household=household_id)


def day_of(moment: datetime) -> date:
    """Give the day of a moment, at Phnom Penh's clock."""
    return timezone.localtime(moment).date()


def home_for(person_id: UUID, *, by: Actor, on: date) -> registry.Membership:
    """Give where a person lives to who may refer them. Raises NotFound, NotAllowed."""
    found = registry.lived_on([person_id], on=on).get(person_id)
    if found is None:
        raise NotFound
    access.require(by, REQUEST, area=found.household.village.code)
    return found


def facilities_to(*, on: date, but: Facility | None = None) -> list[Facility]:
    """Give the facilities to which somebody may be referred, by code."""
    return [one for one in locations.facilities(on) if but is None or one.pk != but.pk]


def nearest_care(village: str, *, on: date) -> Facility | None:
    """Give the facility to which a village's patients go first."""
    return locations.facility_of(village, on)


def unread_feedback(*, by: Actor) -> QuerySet[Feedback]:
    """Give the feedback to what the actor's areas sent that nobody there has read, newest first."""
    sent = access.within(Referral.objects.all(), by, REQUEST, code="from_area")
    rows = Feedback.objects.filter(read_at__isnull=True, referral__in=sent)
    return rows.select_related("referral__person").order_by("-id")


def waiting_for(*, by: Actor, on: date) -> Iterator[HomeItem]:
    """Give a line for each kind of work: to send vehicles, to accept patients, to read feedback."""
    end = timezone.make_aware(datetime.combine(on, time.max))
    address = reverse("referrals:referrals")
    opened = Referral.objects.filter(requested_at__lte=end)
    if access.areas(by, DISPATCH):
        rows = opened.filter(transport=True, state__in=("requested", "accepted"))
        yield HomeItem(
            _("Patients who wait for a vehicle"), seen(rows, by, DISPATCH).count(), address, True
        )
    if access.areas(by, RECEIVE):
        rows = access.within(opened.filter(state="requested"), by, RECEIVE, code="to_area")
        yield HomeItem(_("Referrals to accept"), rows.count(), address, True)
    if access.areas(by, REQUEST):
        unread = unread_feedback(by=by).count()
        yield HomeItem(_("Feedback to read"), unread, reverse("referrals:feedback_to_read"))
