"""Who may already be recorded: shown before a person is entered a second time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.locations.models import Place
from spean.registry.models import DuplicatePair, Person
from spean.registry.queries.search import PersonHit, hits
from spean.registry.rules.names import name_similarity, search_keys
from spean.registry.rules.people import NewMember

ALIKE = 0.85
EXACT_DAYS = timedelta(days=31)
OTHER_DAYS = timedelta(days=2 * 366)
MOST = 10


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A likely record outside the actor's area: that there is one, and in which district."""

    district: str
    likeness: float


Likely = PersonHit | Elsewhere


def likely_duplicates(member: NewMember, *, village_code: str, by: Actor) -> list[Likely]:
    """Give the records that may be this person, the likest first.

    Within the actor's areas each is shown; of one elsewhere only the district is told.
    """
    people = {person.pk: person for person in _candidates(member)}
    scored = {pk: likeness(member, person) for pk, person in people.items()}
    likely = [people[pk] for pk, score in scored.items() if score >= ALIKE]
    found = [replace(hit, likeness=scored[hit.person_id]) for hit in hits(likely)]
    found.sort(key=lambda hit: -hit.likeness)
    return [_as_seen(hit, by) for hit in found[:MOST]]


def _candidates(member: NewMember) -> QuerySet[Person]:
    """Find those who hold one of the member's numbers, or are named and born alike."""
    numbers = Q(pk__in=[])
    for kind, value in member.identifiers.items():
        numbers |= Q(identifiers__kind=kind, identifiers__value=value, identifiers__withdrawn=False)
    named = Q(
        search_keys__contains=search_keys(*_names(member)),
        sex=member.sex,
        birth_date__range=(member.birth_date - OTHER_DAYS, member.birth_date + OTHER_DAYS),
    )
    return Person.objects.filter(numbers | named, merged_into=None).distinct()[:200]


def _names(member: NewMember | Person) -> tuple[str, str]:
    if member.family_name_km or member.given_name_km:
        return member.family_name_km, member.given_name_km
    return member.family_name_latin, member.given_name_latin


def likeness(member: NewMember, person: Person) -> float:
    """Give 0 to 1 for how likely a recorded person is the one to be entered.

    A number in common is certain. Else names as they sound count for seven tenths, birth dates for
    three; dates further apart than their precision allows rule it out.
    """
    held = {(number.kind, number.value) for number in person.identifiers.all()}
    if held & set(member.identifiers.items()):
        return 1.0
    if not born_alike(member, person):
        return 0.0
    apart = abs((member.birth_date - person.birth_date).days)
    closeness = 1.0 - apart / (OTHER_DAYS.days * 2)
    return 0.7 * _named_alike(member, person) + 0.3 * closeness


def born_alike(member: NewMember, person: Person) -> bool:
    """Say whether the birth dates may be one, as precisely as they are known."""
    exact = member.birth_date_precision == person.birth_date_precision == "exact"
    return abs(member.birth_date - person.birth_date) <= (EXACT_DAYS if exact else OTHER_DAYS)


def _named_alike(member: NewMember, person: Person) -> float:
    """Compare in the script that both have; else across scripts."""
    ours = " ".join(_names(member)).strip()
    theirs = " ".join(_names(person)).strip()
    return name_similarity(ours, theirs)


def _as_seen(hit: PersonHit, by: Actor) -> Likely:
    area = hit.village.code if hit.village else ""
    if any(access.allows(by, name, area=area) for name in ("registry.search", "registry.import")):
        return hit
    return Elsewhere(district=area[:4], likeness=hit.likeness)


def districts(found: Iterable[Likely]) -> dict[str, Place]:
    """Give the districts that are named instead of a record, by code."""
    codes = {one.district for one in found if isinstance(one, Elsewhere)}
    return {place.code: place for place in Place.objects.filter(code__in=codes, end=None)}


def duplicate_pairs(*, by: Actor, state: str = "open") -> QuerySet[DuplicatePair]:
    """Give the pairs of which both records, or one, are of the actor's areas; likest first."""
    rows = DuplicatePair.objects.filter(state=state).select_related("first", "second")
    homes = "first__memberships__household__village__code"
    return access.within(rows, by, "registry.merge_people", code=homes).distinct().order_by("-id")


def duplicate_pair(pair_id: UUID, *, by: Actor) -> DuplicatePair:
    """Give one pair of the actor's areas. Raises NotFound."""
    rows = DuplicatePair.objects.select_related("first", "second").filter(pk=pair_id)
    homes = "first__memberships__household__village__code"
    found = access.within(rows, by, "registry.merge_people", code=homes).first()
    if found is None:
        raise NotFound
    return found
