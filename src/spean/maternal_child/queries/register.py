"""The delivery register of a facility: the births of a month there, or of the people it serves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.locations import queries as locations
from spean.maternal_child.models import Baby, Contact, ContactKind, Ending, Pregnancy
from spean.maternal_child.queries.records import VIEW
from spean.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Delivery:
    """One birth: the pregnancy, where the mother lived, contacts before it, and the babies."""

    birth: Pregnancy
    home: registry.Membership
    antenatal: int
    babies: Sequence[Baby]

    @property
    def weeks(self) -> int:
        """The completed weeks of the pregnancy at birth."""
        ended = self.birth.ended_on or self.birth.started_on
        return (ended - self.birth.started_on).days // 7


def deliveries(
    facility: locations.Facility, *, since: date, until: date, by: Actor, on: date
) -> list[Delivery]:
    """Give the births from `since` until before `until`, by day; reading them is audited.

    Those that name it; those that name none, of mothers who lived then in a village whose families
    go to the facility first, and in the actor's areas. Raises NotAllowed.
    """
    access.require(by, VIEW, area=facility.place.code)
    served = set(locations.served_first(facility, on))
    rows = list(_births(facility, served, since, until))
    last = until - timedelta(days=1)
    homes = registry.lived_on([one.person_id for one in rows], on=last)
    mine = access.areas(by, VIEW)
    found = [
        Delivery(one, homes[one.person_id], len(one.contacts.all()), list(one.babies.all()))
        for one in rows
        if one.facility_id == facility.pk
        or (
            access.lies_in(homes[one.person_id].household.village.code, mine)
            and homes[one.person_id].household.village.code in served
        )
    ]
    audit.read(by=by, action="maternal_child.read_register", subject=facility,
               area=facility.place.code, since=since.isoformat(), rows=len(found))  # fmt: skip
    return found


def _births(
    facility: locations.Facility, served: Collection[str], since: date, until: date
) -> QuerySet[Pregnancy]:
    """Give the births there, and those of who ever lived in these villages, with contacts."""
    lived = Q(facility=None, person__memberships__household__village__code__in=served)
    births = Pregnancy.objects.filter(
        Q(facility=facility) | lived, ending=Ending.BIRTH, ended_on__gte=since, ended_on__lt=until
    )
    antenatal = Contact.objects.filter(kind=ContactKind.ANTENATAL)
    return (
        Pregnancy.objects.filter(pk__in=births.values("pk"))
        .select_related("person")
        .prefetch_related(
            Prefetch("babies", Baby.objects.order_by("birth_order")),
            Prefetch("contacts", antenatal),
        )
        .order_by("ended_on", "pk")
    )
