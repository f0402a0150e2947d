"""A household enters the registry."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction

from spean.kernel import access, audit, outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NN_, Conflict, SpeanError
from spean.locations import queries as locations
from spean.locations.queries import Level, Place
from spean.registry.actions.checking import (
    ELSEWHERE,
    HeadsNotOne,
    IdentifierTaken,
    NoMembers,
    Notes,
    Problems,
    checked_members,
)
from spean.registry.actions.duplicates import note_pairs
from spean.registry.actions.people_rows import Rows, rows_of
from spean.registry.events import HouseholdRegistered
from spean.registry.models import (
    FunctionAssessment,
    Household,
    Identifier,
    Membership,
    Person,
    Pregnancy,
)
from spean.registry.models.households import Relation
from spean.registry.queries import duplicates
from spean.registry.queries.duplicates import Likely
from spean.registry.rules.people import NewMember, check_phone


class NotAVillage(SpeanError):
    """Refuse a place that is not a village."""

    code = "registry.not_a_village"
    message = N_("Choose a village: %(place)s is not one.")
    field = "village"


class AddressTooLong(SpeanError):
    """Refuse an address that no page can show."""

    code = "registry.address_too_long"
    message = N_("An address has at most %(longest)s characters. Shorten it.")
    field = "address"


class LikelyDuplicates(Conflict):
    """Ask whether a person about to be recorded is one who already is.

    `candidates` maps the member's index to the likely records of the same person; `extra` is what
    the API says of them.
    """

    code = "registry.likely_duplicates"
    message, many = NN_(
        "%(count)s person may already be in the registry. Look at the records shown; if it "
        "is somebody else, say so and send again.",
        "%(count)s people may already be in the registry. Look at the records shown; if "
        "they are other people, say so and send again.",
    )
    field = "members"

    def __init__(self, candidates: dict[int, list[Any]]) -> None:
        self.candidates = candidates
        self.extra: dict[str, Any] = {}
        super().__init__(count=len(candidates), candidates=candidates)


@transaction.atomic
def register_household(
    *,
    village: Place,
    address: str,
    phone: str,
    members: Sequence[NewMember],
    by: Actor,
    on: date,
    not_duplicates: bool = False,
) -> Household:
    """Record a household, its members and what is said of them, from the day on.

    Raises NotAllowed; Problems with everything that is wrong at once; LikelyDuplicates unless
    the actor has said that these are other people: then the pairs are kept for the district.
    """
    access.require(by, "registry.register_household", area=village.code)
    home, clean = _checked(village, address, phone, members, by, on)
    likely = likely_among(clean, village_code=village.code, by=by)
    if likely and not not_duplicates:
        raise LikelyDuplicates(likely)
    return record_household(
        village=village, home=home, members=clean, by=by, on=on,
        not_duplicates=not_duplicates, likely=likely,
    )  # fmt: skip


def record_household(
    *,
    village: Place,
    home: Mapping[str, str],
    members: Sequence[NewMember],
    by: Actor,
    on: date,
    not_duplicates: bool,
    likely: Mapping[int, Sequence[Likely]] = MappingProxyType({}),
) -> Household:
    """Write a household already checked, for an actor already allowed; in a transaction.

    `likely` maps a member's index to the records that may be the same person.
    """
    household = Household.objects.create(
        village=village, since=on, registered_on=on, registered_by=by.name, **home
    )
    rows = Rows()
    for member in members:
        rows_of(member, household, on, rows)
    save(rows)
    note_pairs(rows.people, likely)
    audit.write(
        by=by, action="registry.register_household", subject=household, area=village.code,
        people=[str(person.pk) for person in rows.people], not_duplicates=not_duplicates,
    )  # fmt: skip
    outbox.announce(HouseholdRegistered(household=household.pk, village=village.code, day=on))
    return household


def _checked(
    village: Place, address: str, phone: str, members: Sequence[NewMember], by: Actor, on: date
) -> tuple[dict[str, str], list[NewMember]]:
    notes = Notes()
    try:
        check_village(village, on)
    except SpeanError as error:
        notes.add(None, "village", error)
    home = {
        "address": notes.read(None, "address", check_address, address),
        "phone": notes.read(None, "phone", check_phone, phone),
    }
    if not members:
        notes.add(None, "members", NoMembers())
    heads = [n for n, member in enumerate(members) if member.relation == Relation.HEAD]
    if members and not heads:
        notes.add(0, "relation", HeadsNotOne())
    for extra in heads[1:]:
        notes.add(extra, "relation", HeadsNotOne())
    clean = checked_members(members, by=by, on=on, notes=notes)
    notes.raise_any()
    return home, clean


def check_village(village: Place, on: date) -> None:
    """Refuse a place that is no village, or no longer one on the day (naming its successors)."""
    if village.level != Level.VILLAGE:
        raise NotAVillage(place=locations.in_both_languages(village))
    if locations.place(village.code, on).pk != village.pk:
        raise NotAVillage(place=locations.in_both_languages(village))


def check_address(text: str) -> str:
    """Give an address in single spaces. Raises AddressTooLong."""
    tidy = " ".join(text.split())
    longest = Household._meta.get_field("address").max_length
    if longest is not None and len(tidy) > longest:
        raise AddressTooLong(longest=longest)
    return tidy


def likely_among(
    members: Sequence[NewMember], *, village_code: str, by: Actor
) -> dict[int, list[Likely]]:
    """Give, by the member's index, the records that may be the same person."""
    return {
        n: hits
        for n, member in enumerate(members)
        if (hits := duplicates.likely_duplicates(member, village_code=village_code, by=by))
    }


def refuse_duplicates(members: Sequence[NewMember], *, village_code: str, by: Actor) -> None:
    """Raise LikelyDuplicates if any of the members may already be recorded."""
    if likely := likely_among(members, village_code=village_code, by=by):
        raise LikelyDuplicates(likely)


def save(rows: Rows) -> None:
    """Save the rows; a number that another clerk recorded this moment is refused as taken."""
    Person.objects.bulk_create(rows.people)
    Membership.objects.bulk_create(rows.memberships)
    try:
        with transaction.atomic():
            Identifier.objects.bulk_create(rows.identifiers)
    except IntegrityError as error:
        raise Problems.of(None, "identifiers", IdentifierTaken(holder=ELSEWHERE)) from error
    FunctionAssessment.objects.bulk_create(rows.functions)
    Pregnancy.objects.bulk_create(rows.pregnancies)
