"""At the counter: who a patient is, and whether somebody pays for their care today."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import Model, Q

from spean.health_equity.models import Listing
from spean.health_equity.queries.grounds import grounds_of
from spean.health_equity.rules import Cover, Finding, covers, finding, payer
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.locations.queries import Place
from spean.registry import queries as registry
from spean.registry.queries import CardCheck, CardStatus, Household, Membership

CHECK = "health_equity.check_cover"
SALT, HANDLE_SECONDS = "health_equity.patient", 12 * 3600
MOST = 20


class PatientGone(SpeanError):
    """Refuse a patient whom nobody looked up, or whose look-up is too old."""

    code = "health_equity.patient_gone"
    message = N_("Look the patient up again, by card, number or name, and go on from there.")
    field = "patient"


@dataclass(frozen=True, slots=True)
class Patient:
    """One person as the counter sees them, with what each scheme says of the day.

    `handle` stands for the person in what follows: it was given to this user, for this day's work.
    """

    handle: str
    person_id: UUID
    household_id: UUID
    name_km: str
    name_en: str
    sex: str
    birth_date: date
    village: Place
    covers: tuple[Cover, ...]
    finding: Finding

    @property
    def payer(self) -> Cover | None:
        """The scheme that pays first, if one does."""
        return payer(self.covers)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a look-up gives: the card, where one was shown, and the people."""

    card: CardStatus | None
    patients: tuple[Patient, ...]


@transaction.atomic(savepoint=False)  # its audit lines in one commit: each waits for the disk
def look_up(text: str, *, by: Actor, on: date) -> Answer:
    """Find who stands at the counter, by a card's code or number, a scheme's number, or a name.

    A scanned card names its family wherever it lives; all else finds people of the actor's areas.
    Each look-up is an audit line. Raises NotAllowed.
    """
    shown = registry.check_card(text, by=by, on=on) if _may_be_card(text) else None
    if shown is not None and shown.home is not None:
        card, members = shown.status, _named(shown, shown.home, by=by)
    else:
        card, members = None, _found(text, by=by, on=on)
    holds = None if card is None else card.covered
    return Answer(card, tuple(_patients(members, by=by, on=on, card_holds=holds)))


def _may_be_card(text: str) -> bool:
    plain = text.strip()
    return plain[:4].upper() == "SPN1" or sum(char.isdigit() for char in plain) >= 12


def _named(shown: CardCheck, home: Household, *, by: Actor) -> Sequence[Membership]:
    """Give the members whom the check of a card named; a number typed elsewhere names nobody."""
    if not shown.status.members and not access.allows(by, CHECK, area=home.village.code):
        return ()
    for member in shown.members:
        member.household = home
    return shown.members


def _found(text: str, *, by: Actor, on: date) -> list[Membership]:
    """Give the people of the actor's areas with this name, number, telephone, or scheme number."""
    listed = Listing.objects.filter(Q(end=None) | Q(end__gt=on), number=text.strip())
    ids = [*listed.values_list("person_id", flat=True)] if text.strip() else []
    ids += [found.pk for found in registry.people_found(text, by=by, limit=MOST)]
    homes = registry.lived_on(ids, on=on)
    return [
        homes[one]
        for one in dict.fromkeys(ids)
        if one in homes and access.allows(by, CHECK, area=homes[one].household.village.code)
    ]


def _patients(
    members: Sequence[Membership], *, by: Actor, on: date, card_holds: bool | None
) -> list[Patient]:
    """Say what each scheme says of each; one audit line a person, one statement a finding."""
    grounds = grounds_of(member.person_id for member in members)
    seen: defaultdict[Finding, list[tuple[Model, str]]] = defaultdict(list)
    shown = []
    for member in members:
        person, home = member.person, member.household
        found = tuple(covers(grounds[person.pk], on=on))
        shown.append(Patient(
            handle=handle_of(person.pk, by=by), person_id=person.pk, household_id=home.pk,
            name_km=person.name_km, name_en=person.name_en, sex=person.sex,
            birth_date=person.birth_date, village=home.village, covers=found,
            finding=finding(found, card_holds=card_holds),
        ))  # fmt: skip
        seen[shown[-1].finding].append((person, home.village.code))
    for what, subjects in seen.items():
        audit.read_each(
            by=by, action="health_equity.cover_checked", subjects=subjects, finding=what
        )
    return shown


def handle_of(person_id: UUID, *, by: Actor) -> str:
    """Give what stands for a patient whom this user has looked up."""
    return signing.dumps([str(person_id), by.name], salt=SALT)


def person_of(handle: str, *, by: Actor) -> UUID:
    """Give the patient for whom a handle stands. Raises PatientGone."""
    try:
        person, user = signing.loads(handle, salt=SALT, max_age=HANDLE_SECONDS)
    except signing.BadSignature as error:
        raise PatientGone from error
    if user != by.name:
        raise PatientGone
    return UUID(person)


def patient(handle: str, *, by: Actor, on: date) -> Patient:
    """Give a patient who was looked up, with the cover of a day. Raises PatientGone."""
    return patient_of(person_of(handle, by=by), by=by, on=on)


def patient_of(person_id: UUID, *, by: Actor, on: date) -> Patient:
    """Give a person as a patient to who has checked the right. Raises PatientGone."""
    member = registry.lived_on([person_id], on=on).get(person_id)
    if member is None:
        raise PatientGone
    return _patients([member], by=by, on=on, card_holds=None)[0]
