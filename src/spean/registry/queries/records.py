"""Whole records of people for other systems: one by its id, and those that a search describes."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.digits import latin_digits
from spean.kernel.errors import NotFound
from spean.registry.models import (
    ChangeRequest,
    EquityCard,
    Household,
    Identifier,
    Membership,
    Person,
)
from spean.registry.queries.people import villages_of
from spean.registry.queries.search import (
    FEWEST_LETTERS,
    PERMISSION,
    last_homes,
    seen_people,
    sounding,
    spelled_alike,
    whole,
)
from spean.registry.rules.identifiers import IdentifierKind, normalise
from spean.registry.rules.names import fold

VIEW = "registry.view_household"
CHANGED = (ChangeRequest.State.APPLIED, ChangeRequest.State.REVERSED)


def person_on_record(person_id: UUID, *, by: Actor) -> Person:
    """Give a person's whole record (see `people_on_record`); reading is audited.

    One whose record was merged into another's is given too, where that other lives in the actor's
    areas. Raises NotFound; NotAllowed outside the actor's areas.
    """
    found = _with_record(Person.objects.filter(pk=person_id)).first()
    if found is None:
        raise NotFound
    kept = found
    while kept.merged_into is not None:
        kept = kept.merged_into
    area = villages_of([kept.pk]).get(kept.pk, "")
    access.require(by, VIEW, area=area)
    audit.read(by=by, action="registry.read_person", subject=found, area=area)
    return found


def people_on_record(*, by: Actor) -> QuerySet[Person]:
    """Give the people whom the actor may both find and see, each with their record.

    It is: `numbers` (identifiers), `homes` (memberships, the last first, with household, its
    `numbers`, village and what holds it), `merged`, and `recorded_at`, when what is said of them
    or of a household of theirs was last changed. Who shows a record calls `note_people_read`.
    """
    return _with_record(_found_and_seen(by))


def note_people_read(people: Iterable[Person], *, by: Actor) -> None:
    """Leave an audit line for each of the people, whose records the actor was shown."""
    shown = [(person, home(person).village.code) for person in people]
    audit.read_each(by=by, action="registry.read_person", subjects=shown)


def home(person: Person) -> Household:
    """Give where a person lives, or lived last, by the record that one of these queries gave."""
    return person.homes[0].household


def _found_and_seen(by: Actor) -> QuerySet[Person]:
    rows = seen_people(by, PERMISSION)
    if access.areas(by, PERMISSION) == access.areas(by, VIEW):
        return rows
    return rows.filter(pk__in=seen_people(by, VIEW).values("pk"))


def _with_record(rows: QuerySet[Person]) -> QuerySet[Person]:
    kept = Identifier.objects.filter(withdrawn=False).order_by("kind", "start")
    homes = (
        Membership.objects.select_related("household__village__parent__parent__parent")
        .prefetch_related(Prefetch("household__identifiers", kept, to_attr="numbers"))
        .order_by(F("end").desc(nulls_first=True), "-start")
    )
    of_each: list[Any] = [
        Prefetch("identifiers", kept, to_attr="numbers"),
        Prefetch("memberships", homes, to_attr="homes"),
    ]
    more: dict[str, Any] = {"recorded_at": _recorded_at()}
    return rows.annotate(**more).prefetch_related(*of_each, "merged")


def _recorded_at() -> Greatest:
    """Give when a change was last applied or undone, or a card issued; else the registration."""
    households = Membership.objects.filter(person=OuterRef(OuterRef("pk"))).values("household")
    changes = ChangeRequest.objects.filter(state__in=CHANGED).annotate(
        at=Greatest("decided_at", "reversed_at")
    )
    own = changes.filter(Q(person=OuterRef("pk")) | Q(person=OuterRef("merged_into")))
    shared = changes.filter(household__in=households)
    cards = EquityCard.objects.filter(household__in=households).order_by("-issued_at")
    return Greatest(
        "created_at",
        *(Subquery(rows.order_by("-at").values("at")[:1]) for rows in (own, shared)),
        Subquery(cards.values("issued_at")[:1]),
    )


def is_named(text: str, *, by: Actor) -> Q:
    """Ask for a name in either script: whole or as it sounds, by index; where nobody has it so, by
    the beginning of a word; else as it is spelled. The counter's search goes the same way.
    """
    plain = fold(latin_digits(text))
    if len(plain) < FEWEST_LETTERS:
        return Q(pk__in=[])
    rows = _found_and_seen(by)
    for named in (whole(plain), sounding(plain)):
        if rows.filter(named).exists():
            return named
    return Q(pk__in=spelled_alike(rows, plain).values("pk"))


def holds_number(number: str, kind: str = "") -> Q:
    """Ask for a number of a person or of their household, of one kind or of any."""
    kinds = [k.value for k in IdentifierKind if kind in ("", k.value)]
    held = Q(pk__in=[])
    for one in kinds:
        held |= Q(kind=one, value=normalise(one, number))
    numbers = Identifier.objects.filter(held, withdrawn=False)
    at_home = Membership.objects.filter(household__in=numbers.values("household"), end=None)
    people = numbers.exclude(person=None).values("person")
    return Q(pk__in=people) | Q(pk__in=at_home.values("person"))


def lives_in(codes: Iterable[str], *, by: Actor) -> Q:
    """Ask for who lives, or lived last, in one of some places that are the actor's."""
    mine = access.areas(by, PERMISSION)
    there = Q(pk__in=[])
    for code in codes:
        if access.lies_in(code, mine) or any(area.startswith(code) for area in mine):
            there |= Q(household__village__code__startswith=code)
    return Q(Exists(last_homes().filter(there)))
