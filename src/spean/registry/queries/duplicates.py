"""Who may already be recorded: shown before a person is entered a second time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.locations.queries import Place
from spean.registry.models import DuplicatePair, Identifier, Person
from spean.registry.queries.search import PersonHit, hits, seen_people
from spean.registry.rules.names import name_similarity, search_keys
from spean.registry.rules.people import NewMember

ALIKE = 0.85
EXACT_DAYS = timedelta(days=31)
OTHER_DAYS = timedelta(days=2 * 366)
MOST = 10
LOOKED_AT = 200


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


def _candidates(member: NewMember) -> list[Person]:
    """Find those who hold one of the member's numbers, and those named and born alike."""
    unmerged = Person.objects.filter(merged_into=None).prefetch_related(
        Prefetch("identifiers", Identifier.objects.filter(withdrawn=False))
    )
    numbers = Q(pk__in=[])
    for kind, value in member.identifiers.items():
        numbers |= Q(kind=kind, value=value)
    held = Identifier.objects.filter(numbers, withdrawn=False).values("person")
    named = Q(pk__in=[])
    for name in _names(member):
        if keys := search_keys(name):
            named |= Q(search_keys__contains=keys)
    alike = unmerged.filter(named, _born(member), sex=member.sex).order_by("id")
    return [*unmerged.filter(pk__in=held), *alike[:LOOKED_AT]]


def _born(member: NewMember) -> Q:
    """Ask for a birth date that may be the member's (see `born_alike`)."""

    def within(span: timedelta) -> Q:
        return Q(birth_date__range=(member.birth_date - span, member.birth_date + span))

    if member.birth_date_precision != "exact":
        return within(OTHER_DAYS)
    return within(EXACT_DAYS) | (within(OTHER_DAYS) & ~Q(birth_date_precision="exact"))


def _names(member: NewMember | Person) -> tuple[str, str]:
    """Give the name in Khmer and the name in Latin letters; "" for one that is not given."""
    return (
        f"{member.family_name_km} {member.given_name_km}".strip(),
        f"{member.family_name_latin} {member.given_name_latin}".strip(),
    )


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
    """Compare in the scripts that both have; else across scripts."""
    ours, theirs = _names(member), _names(person)
    shared = [(a, b) for a, b in zip(ours, theirs, strict=True) if a and b]
    pairs = shared or [(a, b) for a in ours for b in theirs if a and b]
    return max(name_similarity(a, b) for a, b in pairs)


def _as_seen(hit: PersonHit, by: Actor) -> Likely:
    area = hit.village.code if hit.village else ""
    if any(access.allows(by, name, area=area) for name in ("registry.search", "registry.import")):
        return hit
    return Elsewhere(district=area[:4], likeness=hit.likeness)


def districts(found: Iterable[Likely]) -> dict[str, Place]:
    """Give the districts that are named instead of a record, by code."""
    codes = {one.district for one in found if isinstance(one, Elsewhere)}
    return {place.code: place for place in Place.objects.filter(code__in=codes, end=None)}


def people_as_seen(people: Iterable[Person], *, by: Actor) -> dict[UUID, Likely]:
    """Give recorded people by id, each as the actor may see them."""
    return {hit.person_id: _as_seen(hit, by) for hit in hits({p.pk: p for p in people}.values())}


def duplicate_pairs(*, by: Actor, state: str = "open") -> QuerySet[DuplicatePair]:
    """Give the pairs of which both records, or one, are of the actor's areas; newest first."""
    return _pairs(by).filter(state=state).order_by("-id")


def duplicate_pair(pair_id: UUID, *, by: Actor) -> DuplicatePair:
    """Give one pair of the actor's areas. Raises NotFound."""
    found = _pairs(by).filter(pk=pair_id).first()
    if found is None:
        raise NotFound
    return found


def _pairs(by: Actor) -> QuerySet[DuplicatePair]:
    mine = seen_people(by, "registry.merge_people").values("pk")
    rows = DuplicatePair.objects.select_related("first", "second")
    return rows.filter(Q(first__in=mine) | Q(second__in=mine))
