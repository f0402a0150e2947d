"""What each scheme says of people, as other systems read it: one cover of a person by a scheme."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from spean.health_equity.models import Listing
from spean.health_equity.queries.cover import CHECK
from spean.health_equity.queries.grounds import grounds_of
from spean.health_equity.rules import Cover, covers
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.registry import queries as registry
from spean.registry.queries import Person


@dataclass(frozen=True, slots=True)
class Held:
    """A person's cover by a scheme on a day, with the scheme's own number, where it gave one."""

    person: Person
    area: str
    cover: Cover
    number: str


def covers_held(person_ids: Iterable[UUID], *, by: Actor, on: date) -> list[Held]:
    """Give the covers of those of the people who live in the actor's areas.

    Always in the same order: of each person the scheme that pays first is first. Who shows one
    calls `note_covers_read`. Three queries. Raises NotInForce before there were schemes.
    """
    homes = {
        person: home
        for person, home in sorted(registry.lived_on(person_ids, on=on).items())
        if access.allows(by, CHECK, area=home.household.village.code)
    }
    grounds, numbers = grounds_of(homes), _numbers(homes)
    return [
        Held(home.person, home.household.village.code, one, numbers.get((person, one.group), ""))
        for person, home in homes.items()
        for one in covers(grounds[person], on=on)
    ]


def _numbers(person_ids: Iterable[UUID]) -> Mapping[tuple[UUID, str], str]:
    """Give the number under which each person was last listed in a group."""
    rows = Listing.objects.filter(person__in=list(person_ids)).exclude(number="").order_by("start")
    return {(row.person_id, row.group): row.number for row in rows}


def has_scheme_number(number: str) -> Q:
    """Ask for the people whom a scheme listed under a number."""
    return Q(pk__in=Listing.objects.filter(number=number).exclude(number="").values("person"))


def note_covers_read(shown: Iterable[Held], *, by: Actor) -> None:
    """Leave an audit line for each of the people whose cover the actor was shown."""
    people = {one.person.pk: (one.person, one.area) for one in shown}
    audit.read_each(by=by, action="health_equity.cover_checked", subjects=people.values())
