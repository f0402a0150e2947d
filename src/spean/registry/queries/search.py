"""Finding people by what someone can say of them: a name as it sounds, a number, a phone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.digits import latin_digits
from spean.locations.queries import Place
from spean.registry.models import Household, Identifier, Membership, Person
from spean.registry.rules.names import fold, search_keys, sound_key

PERMISSION = "registry.search"
ALIKE_ENOUGH = 0.45  # of a word's trigrams, for a spelling that no sound key catches
FEWEST_LETTERS = 2
AFTER_LETTERS = "{"  # the first character after the letters that a folded name has
MOST = 500  # bearers of one name that are compared with what was asked
_NUMBER = re.compile(r"[\d\s/+-]{5,}")


@dataclass(frozen=True, slots=True)
class PersonHit:
    """One person found: enough to tell them from their namesakes, and where they live."""

    person_id: UUID
    name_km: str
    name_latin: str
    sex: str
    birth_date: date
    birth_date_precision: str
    household_id: UUID | None
    village: Place | None
    likeness: float

    @property
    def name_en(self) -> str:
        """The name for a reader of English."""
        return self.name_latin or self.name_km


def find_people(text: str, *, by: Actor, limit: int = 20) -> list[PersonHit]:
    """Find people of the actor's areas by name (either script, any order, as it sounds, the last
    word as far as it is typed), by a number, or by a phone; the likest first. At most four queries.
    """
    return hits(people_found(text, by=by, limit=limit))


def people_found(text: str, *, by: Actor, limit: int = 20) -> list[Person]:
    """Find people as `find_people` does, without their homes."""
    text = latin_digits(text).strip()
    if len(text) < FEWEST_LETTERS or not access.areas(by, PERMISSION):
        return []
    if _NUMBER.fullmatch(text):
        return list(_by_number(text, by)[:limit])
    return _by_name(text, by, limit)


def _by_number(text: str, by: Actor) -> QuerySet[Person]:
    digits = re.sub(r"\D", "", text)
    phones = {"+" + digits, "+855" + digits.removeprefix("855").removeprefix("0")}
    numbers = Identifier.objects.filter(value__in={digits, text}, withdrawn=False)
    homes = Household.objects.filter(phone__in=phones).values("pk")
    at_home = Membership.objects.filter(end=None).values("person")
    found = Person.objects.filter(phone__in=phones).values("pk").union(
        numbers.exclude(person=None).values("person"),
        at_home.filter(household__in=numbers.exclude(household=None).values("household")),
        at_home.filter(household__in=homes),
    )  # fmt: skip
    return seen_people(by, PERMISSION).filter(pk__in=found).order_by("id")


def _by_name(text: str, by: Actor, limit: int) -> list[Person]:
    plain = fold(text)
    if not plain:
        return []
    rows = seen_people(by, PERMISSION)
    return (
        _likest(rows.filter(whole(plain)), plain, limit)
        or _likest(rows.filter(sounding(plain)), plain, limit)
        or list(spelled_alike(rows, plain)[:limit])
    )


def _likest(rows: QuerySet[Person], plain: str, limit: int) -> list[Person]:
    """Give the likest of some people; of the thousands who bear a common name in a nation, only
    the first are compared.
    """
    named = Person.objects.filter(pk__in=rows.values("pk")[:MOST])
    ranked = named.annotate(likeness=TrigramSimilarity("search_text", plain))
    return list(ranked.order_by("-likeness", "id")[:limit])


def whole(plain: str) -> Q:
    """Ask for a name as it is typed, from its first word on, or for every word as it sounds: both
    are quick by index. The beginning of a word within a name is not (`sounding`).
    """
    named = Q(search_text__gte=plain, search_text__lt=plain + AFTER_LETTERS)
    if sound_key(plain.split()[-1]):
        named |= Q(search_keys__contains=search_keys(plain))
    return named


def spelled_alike(rows: QuerySet[Person], plain: str) -> QuerySet[Person]:
    """Keep those of whom a word of the name is spelled alike, the likest first."""
    alike = rows.filter(search_text__trigram_word_similar=plain).annotate(
        likeness=TrigramWordSimilarity(plain, "search_text")
    )
    return alike.filter(likeness__gte=ALIKE_ENOUGH).order_by("-likeness", "id")


def sounding(plain: str) -> Q:
    """Ask for every word as it sounds; or for all but the last so, and for that one's beginning."""
    *whole, last = plain.split()
    named = Q(search_text__regex=rf"\m{last}")
    if keys := search_keys(*whole):
        named &= Q(search_keys__contains=keys)
    if sound_key(last):
        named |= Q(search_keys__contains=search_keys(plain))
    return named


def seen_people(by: Actor, permission: str) -> QuerySet[Person]:
    """Give the people who live in the actor's areas for the permission, or lived there last."""
    homes = access.within(last_homes(), by, permission, code="household__village__code")
    return Person.objects.filter(Exists(homes), merged_into=None)


def last_homes() -> QuerySet[Membership]:
    """Give, of the outer query's person, the membership that is open, else the one that ended last.

    Of two that ended on one day, both.
    """
    later = Membership.objects.filter(
        Q(end=None) | Q(end__gt=OuterRef("end")), person=OuterRef("person")
    )
    return Membership.objects.filter(Q(end=None) | ~Exists(later), person=OuterRef("pk"))


def hits(people: Iterable[Person]) -> list[PersonHit]:
    """Give people with their homes, in one query."""
    listed = list(people)
    homes = {
        home.person_id: home.household
        for home in Membership.objects.filter(person__in=listed)
        .select_related("household__village")
        .order_by("person_id", F("end").desc(nulls_first=True), "-start")
        .distinct("person_id")
    }
    return [hit(person, homes.get(person.pk)) for person in listed]


def hit(person: Person, home: "Membership | object | None") -> PersonHit:
    """Give one person as a search shows them."""
    return PersonHit(
        person_id=person.pk,
        name_km=person.name_km,
        name_latin=person.name_latin,
        sex=person.sex,
        birth_date=person.birth_date,
        birth_date_precision=person.birth_date_precision,
        household_id=getattr(home, "pk", None),
        village=getattr(home, "village", None),
        likeness=float(getattr(person, "likeness", 1.0)),
    )
