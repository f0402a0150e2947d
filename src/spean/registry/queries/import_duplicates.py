"""Who of a whole file may already be recorded, found with two questions to the database.

The likeness is that of the clerk's form.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Q

from spean.kernel import access
from spean.kernel.access import Actor
from spean.registry.models import Person
from spean.registry.queries.duplicates import ALIKE, born_alike, likeness
from spean.registry.rules.names import search_keys
from spean.registry.rules.people import NewMember


def likely_duplicates_of(
    members: Mapping[int, NewMember], *, communes: Collection[str], by: Actor
) -> dict[int, Person]:
    """Give, for each row, the recorded person most like it, if one is like enough.

    Looks among those who live in the communes of the file, and those born on one of its days
    elsewhere in the actor's area.
    """
    if not members:
        return {}
    near = Q(birth_date__in={member.birth_date for member in members.values()})
    for commune in communes:
        near |= Q(memberships__household__village__code__startswith=commune)
    keys = {key for member in members.values() for key in _keys(member)}
    known = (
        access.within(
            Person.objects.filter(
                near, merged_into=None, death_date=None, search_keys__overlap=list(keys)
            ),
            by,
            "registry.import",
            code="memberships__household__village__code",
        )
        .distinct()
        .prefetch_related("identifiers")
    )
    by_key = _by_key(known)
    found = {row: _best(member, by_key) for row, member in members.items()}
    return {row: person for row, person in found.items() if person is not None}


def _keys(member: NewMember) -> list[str]:
    return search_keys(*_names(member))


def _names(member: NewMember) -> tuple[str, ...]:
    return (
        member.family_name_km,
        member.given_name_km,
        member.family_name_latin,
        member.given_name_latin,
    )


def _by_key(people: Iterable[Person]) -> dict[tuple[str, str], list[Person]]:
    found: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in people:
        for key in person.search_keys:
            found[person.sex, key].append(person)
    return found


def _best(member: NewMember, by_key: Mapping[tuple[str, str], list[Person]]) -> Person | None:
    near = {
        person.pk: person
        for key in _keys(member)
        for person in by_key.get((member.sex, key), ())
        if born_alike(member, person)
    }
    alike = [(likeness(member, person), person) for person in near.values()]
    best = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= ALIKE else None
