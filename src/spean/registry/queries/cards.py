"""Equity cards: one by its number, those of a household, and what a check of one finds."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NotAllowed, NotFound, SpeanError
from spean.kernel.periods import age_on
from spean.registry.models import EquityCard, Household, Membership
from spean.registry.queries.card_keys import public_keys
from spean.registry.rules import card_token, identifiers
from spean.registry.rules.cards import ADVICE, CATEGORIES, TITLES, Outcome

REPLACED = "replaced"
LONGEST_TEXT = 1000


class CardUnknown(NotFound):
    """Say that no card has this number."""

    code = "registry.card_unknown"
    message = N_("No card has the number %(number)s. Read it again from the card.")
    field = "number"


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """What is shown of a member so that the person can be recognised, and nothing else."""

    name_km: str
    name_en: str
    age: int


@dataclass(frozen=True, slots=True)
class CardStatus:
    """What a check finds, in words that say what to do (msgids: `title`, `advice`, `level`)."""

    outcome: Outcome
    on: date
    number: str = ""
    category: str = ""
    start: date | None = None
    end: date | None = None
    household_size: int = 0
    members: tuple[MemberSeen, ...] = ()
    revoked_on: date | None = None
    newer_number: str = ""

    @property
    def covered(self) -> bool:
        """Say whether the card is good on the day."""
        return self.outcome is Outcome.COVERED

    @property
    def title(self) -> str:
        """Give the finding in a word or two."""
        return TITLES[self.outcome]

    @property
    def advice(self) -> str:
        """Say what to do now."""
        return ADVICE[self.outcome]

    @property
    def level(self) -> str:
        """Name the poverty level on the card."""
        return CATEGORIES.get(self.category, "")

    @property
    def last_day(self) -> date | None:
        """Give the last day on which the card is good."""
        return date.fromordinal(self.end.toordinal() - 1) if self.end else None


def card(number: str, *, by: Actor) -> EquityCard:
    """Give a card by its number; reading it is audited.

    Raises CardUnknown, NotAllowed (also for a card of another area).
    """
    found = _card(number)
    area = found.household.village.code
    access.require(by, "registry.view_household", area=area)
    audit.read(by=by, action="registry.card_read", subject=found, area=area, number=found.number)
    return found


def household_of_card(number: str) -> Household:
    """Give the household to which a card was given, valid or not, with its village.

    For a module that decides on access itself. Raises CardUnknown.
    """
    return _card(number).household


def _card(number: str) -> EquityCard:
    try:
        plain = identifiers.check_equity_card_number(number)
    except SpeanError as error:
        raise CardUnknown(number=number[:20]) from error
    found = _cards().filter(number=plain).first()
    if found is None:
        raise CardUnknown(number=plain)
    return found


def cards_of(household: Household, *, by: Actor) -> QuerySet[EquityCard]:
    """Give a household's cards, the newest first."""
    access.require(by, "registry.view_household", area=household.village.code)
    return household.cards.order_by("-serial")


def members_of(household: Household, *, on: date) -> list[Membership]:
    """Give the household's members on a day, the head first, then the eldest first."""
    head_first = Case(
        When(relation="head", then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return list(
        Membership.objects.filter(Q(end__isnull=True) | Q(end__gt=on), start__lte=on)
        .filter(household=household)
        .select_related("person")
        .order_by(head_first, "person__birth_date", "person_id")
    )


@dataclass(frozen=True, slots=True)
class CardCheck:
    """What a check of a card finds, and the family to which it was given (None if to none)."""

    status: CardStatus
    home: Household | None = None
    members: tuple[Membership, ...] = ()


def card_status(text_or_number: str, *, by: Actor, on: date) -> CardStatus:
    """Say whether a card covers its family on a day, from its QR code's text or its number.

    Whoever holds the code, signed, sees whom the card names, wherever it comes from; a typed
    number names people only in the actor's own areas, since numbers can be guessed. Every check is
    an audit line. Raises NotAllowed for who may check no card at all.
    """
    return check_card(text_or_number, by=by, on=on).status


def check_card(text_or_number: str, *, by: Actor, on: date) -> CardCheck:
    """Check a card as `card_status` does; give its family too, with its village and members.

    For a module that decides itself who may see the family. Raises NotAllowed.
    """
    if not access.areas(by, "registry.check_card"):
        raise NotAllowed(permission="registry.check_card", area="")
    text = text_or_number.strip()[:LONGEST_TEXT]
    scanned = card_token.looks_like_token(text.upper())
    found, status = _from_token(text, on) if scanned else _from_number(text, on)
    if found is None:
        shown = status or CardStatus(Outcome.UNKNOWN, on)
        _note_check(
            by, shown, ("registry.equitycard", hashlib.sha256(text.encode()).hexdigest()[:40])
        )
        return CardCheck(shown)
    area = found.household.village.code
    at_home = access.allows(by, "registry.check_card", area=area)
    members = members_of(found.household, on=on)
    shown = _describe(found, members, on=on, with_names=scanned or at_home, with_newer=at_home)
    _note_check(by, shown, found, area)
    return CardCheck(shown, found.household, tuple(members))


def _from_token(text: str, on: date) -> tuple[EquityCard | None, CardStatus | None]:
    try:
        facts = card_token.read_card_token(text.upper(), public_keys())
    except card_token.Forged:
        return None, CardStatus(Outcome.FORGED, on)
    except SpeanError:
        return None, CardStatus(Outcome.UNREADABLE, on)
    found = _cards().filter(number=facts.number).first()
    return found, CardStatus(Outcome.UNKNOWN, on, number=facts.number)


def _from_number(text: str, on: date) -> tuple[EquityCard | None, CardStatus | None]:
    try:
        number = identifiers.check_equity_card_number(text)
    except SpeanError:
        return None, CardStatus(Outcome.WRONG_NUMBER, on)
    return _cards().filter(number=number).first(), CardStatus(Outcome.UNKNOWN, on, number=number)


def _describe(
    card: EquityCard, members: list[Membership], *, on: date, with_names: bool, with_newer: bool
) -> CardStatus:
    outcome = card_outcome(card, on=on)
    newer = ""
    if outcome is Outcome.REPLACED and with_newer:
        latest = (
            card.household.cards.filter(revoked_on=None, end__gt=on).order_by("-serial").first()
        )
        newer = latest.number if latest else ""
    named = with_names and outcome is Outcome.COVERED
    return CardStatus(
        outcome=outcome,
        on=on,
        number=card.number,
        category=card.category,
        start=card.start,
        end=card.end,
        household_size=len(members),
        members=tuple(_seen(member, on) for member in members) if named else (),
        revoked_on=card.revoked_on,
        newer_number=newer,
    )


def card_outcome(card: EquityCard, *, on: date) -> Outcome:
    """Find what holds first: a revocation speaks louder than a date."""
    if card.revoked_on is not None and card.revoked_on <= on:
        return Outcome.REPLACED if card.revoked_because == REPLACED else Outcome.REVOKED
    if card.household.dissolved_on is not None and card.household.dissolved_on <= on:
        return Outcome.HOUSEHOLD_GONE
    if on < card.start:
        return Outcome.NOT_YET
    return Outcome.COVERED if card.end is not None and on < card.end else Outcome.EXPIRED


def _seen(member: Membership, on: date) -> MemberSeen:
    person = member.person
    return MemberSeen(person.name_km, person.name_en, age_on(person.birth_date, on))


def _note_check(
    by: Actor, shown: CardStatus, subject: EquityCard | tuple[str, str], area: str = ""
) -> None:
    audit.read(
        by=by,
        action="registry.card_checked",
        subject=subject,
        area=area,
        outcome=shown.outcome,
        number=shown.number,
        named=len(shown.members),
    )


def _cards() -> QuerySet[EquityCard]:
    return EquityCard.objects.select_related("household__village")
