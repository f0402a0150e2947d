"""Who lives in a household from a day on, and in what relation to its head."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Max
from django.db.models.functions import Greatest

from spean.kernel.errors import N_, SpeanError
from spean.registry.actions.checking import HeadsNotOne, NotAnAnswer
from spean.registry.actions.journal import Journal
from spean.registry.actions.versions import require_not_before
from spean.registry.models import Household, Membership, Person
from spean.registry.models.households import Relation


class RelationsIncomplete(SpeanError):
    """Ask for the relation of every member, and of nobody else."""

    code = "registry.relations_incomplete"
    message = N_("Give the relation to the head for every member of the household, and only them.")
    field = "relations"


class NotAMember(SpeanError):
    """Refuse a change to the membership of somebody who is not a member."""

    code = "registry.not_a_member"
    message = N_("This person is not a member of the household. Look at the household again.")
    field = "person"


class HouseholdWithoutHead(SpeanError):
    """Refuse what would leave members without a head."""

    code = "registry.household_without_head"
    message = N_(
        "This would leave a household without a head, or with two, on %(day)s. "
        "Name the head with the change, or change the head first."
    )
    field = "relations"


def members_of(household: Household) -> list[Membership]:
    """Give the household's open memberships."""
    rows = Membership.objects.filter(household=household, end__isnull=True)
    return list(rows.select_related("person").order_by("start", "id"))


def composition_of(members: Iterable[Membership]) -> dict[str, str]:
    """Give who the members are, as a proposer sees it."""
    return {f"member.{member.person_id}": member.relation for member in members}


def member(household: Household, person_id: UUID) -> Membership:
    """Give the open membership of a person in the household. Raises NotAMember."""
    for found in members_of(household):
        if found.person_id == person_id:
            return found
    raise NotAMember


def require_latest(household: Household, day: date) -> None:
    """Refuse a day before the last on which somebody joined, left or changed relation."""
    last = Membership.objects.filter(household=household).aggregate(
        day=Max(Greatest("start", "end"))
    )
    require_not_before(day, last["day"])


def join(
    journal: Journal, household: Household, person: Person, relation: str, day: date
) -> Membership:
    """Let a person live in the household from the day on."""
    return journal.create(
        Membership(household=household, person=person, relation=relation, start=day)
    )


def leave(journal: Journal, membership: Membership, day: date) -> None:
    """Let a membership end on the day; one that began that day never was."""
    if membership.start == day:
        journal.delete(membership)
    else:
        journal.update(membership, end=day)


def relate(
    journal: Journal, members: Iterable[Membership], relations: Mapping[UUID, str], day: date
) -> None:
    """Give members other relations to the head from the day on."""
    for row in members:
        relation = relations.get(row.person_id, row.relation)
        if relation == row.relation:
            continue
        if row.start == day:
            journal.update(row, relation=relation)
            continue
        household, person = row.household, row.person
        journal.update(row, end=day)
        join(journal, household, person, relation, day)


def check_relations(
    people: Iterable[UUID], relations: Mapping[UUID, str], field: str = "relations"
) -> None:
    """Refuse relations that leave somebody out, name a stranger, or have no one head."""
    if set(relations) != set(people):
        raise RelationsIncomplete
    if not set(relations.values()) <= set(Relation.values):
        raise NotAnAnswer(answers=", ".join(Relation.values))
    if list(relations.values()).count(Relation.HEAD) != 1:
        raise HeadsNotOne


def check_heads(household_ids: Iterable[UUID]) -> None:
    """Refuse a state of households in which on some day members have no head, or two."""
    rows = list(Membership.objects.filter(household__in=set(household_ids)))
    for household in {row.household_id for row in rows}:
        _check_heads([row for row in rows if row.household_id == household])


def _check_heads(rows: Sequence[Membership]) -> None:
    for day in {row.start for row in rows} | {row.end for row in rows if row.end}:
        living = [r for r in rows if r.start <= day and (r.end is None or r.end > day)]
        heads = [r for r in living if r.relation == Relation.HEAD]
        if living and len(heads) != 1:
            raise HouseholdWithoutHead(day=day.isoformat())
