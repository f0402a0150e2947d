"""Equity cards: issued one at a time to a household, revoked with a reason."""

from datetime import date, timedelta

from django.db import connection, transaction

from spean.kernel import access, audit, outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.periods import Period
from spean.registry.events import CardIssued, CardRevoked
from spean.registry.models import EquityCard, Household, Identifier
from spean.registry.queries import card_keys
from spean.registry.queries.cards import members_of
from spean.registry.rules import identifiers
from spean.registry.rules.card_token import CardToken, sign
from spean.registry.rules.cards import CATEGORIES

REPLACED = "replaced"


class CategoryUnknown(SpeanError):
    """Refuse a level that has no card."""

    code = "registry.card_category_unknown"
    message = N_("No card is issued for the level “%(category)s”.")
    field = "category"


class CardPeriodNotNow(SpeanError):
    """Refuse a card that does not hold on the day it is issued, or never expires."""

    code = "registry.card_period_not_now"
    message = N_("A card holds from today or before, until a day after today.")
    field = "valid"


class HouseholdHasNoMembers(SpeanError):
    """Refuse a card for a household in which nobody lives any more."""

    code = "registry.card_for_empty_household"
    message = N_("Nobody lives in this household any more: it can't be given a card.")


class CardAlreadyRevoked(Conflict):
    """Refuse to revoke twice; the first reason stays."""

    code = "registry.card_already_revoked"
    message = N_("This card was revoked on %(day)s because: %(reason)s")


class ReasonMissing(SpeanError):
    """Ask for the reason that the family will be told."""

    code = "registry.card_reason_missing"
    message = N_("Write the reason: the family will be told it.")
    field = "reason"


@transaction.atomic
def issue_card(
    *, household: Household, category: str, valid: Period, by: Actor, on: date
) -> EquityCard:
    """Give a household its card; the one it holds is revoked as replaced.

    Raises NotAllowed, CategoryUnknown, CardPeriodNotNow, HouseholdHasNoMembers, CardKeyMissing.
    """
    household = (
        Household.objects.select_for_update(of=("self",))
        .select_related("village")
        .get(pk=household.pk)
    )
    area = household.village.code
    access.require(by, "registry.issue_card", area=area)
    size = _checked_size(household, category, valid, on)
    assert valid.end is not None  # noqa: S101 - _checked_size refused it
    for earlier in household.cards.select_for_update().filter(
        revoked_on=None, start__lt=valid.end, end__gt=valid.start
    ):
        _revoke(earlier, reason=REPLACED, by=by, on=on)
    card = _make(household, category, valid, size, by=by)
    audit.write(
        by=by,
        action="registry.card_issued",
        subject=card,
        area=area,
        number=card.number,
        category=category,
        start=str(valid.start),
        end=str(valid.end),
    )
    outbox.announce(CardIssued(card.pk, household.pk, category, valid.start, valid.end))
    return card


@transaction.atomic
def revoke_card(*, card: EquityCard, reason: str, by: Actor, on: date) -> EquityCard:
    """Make a card void from this day on; it is refused online at once.

    Raises NotAllowed, ReasonMissing, CardAlreadyRevoked.
    """
    card = (
        EquityCard.objects.select_for_update(of=("self",))
        .select_related("household__village")
        .get(pk=card.pk)
    )
    access.require(by, "registry.revoke_card", area=card.household.village.code)
    if not reason.strip():
        raise ReasonMissing
    if card.revoked_on is not None:
        raise CardAlreadyRevoked(day=str(card.revoked_on), reason=card.revoked_because)
    _revoke(card, reason=reason.strip()[:200], by=by, on=on)
    return card


def _checked_size(household: Household, category: str, valid: Period, on: date) -> int:
    """Give the number of members, once nothing stands against a card."""
    if category not in CATEGORIES:
        raise CategoryUnknown(category=category)
    if valid.end is None or not valid.contains(on):
        raise CardPeriodNotNow
    size = len(members_of(household, on=on))
    if household.dissolved_on is not None or size == 0:
        raise HouseholdHasNoMembers
    return size


def _token(
    household: Household, number: str, category: str, valid: Period, serial: int, size: int
) -> str:
    assert valid.end is not None  # noqa: S101 - _checked_size refused it
    said = CardToken(
        number=number,
        category=category,
        valid_from=valid.start,
        valid_until=valid.end,
        household_size=size,
        village_code=household.village.code,
        serial=serial,
    )
    return sign(said, card_keys.signing_key())


def _make(
    household: Household, category: str, valid: Period, size: int, *, by: Actor
) -> EquityCard:
    assert valid.end is not None  # noqa: S101 - _checked_size refused it
    serial = _next_serial()
    number = identifiers.make_equity_card_number(household.village.code[:2], serial)
    card = EquityCard.objects.create(
        number=number,
        serial=serial,
        household=household,
        category=category,
        start=valid.start,
        end=valid.end,
        token=_token(household, number, category, valid, serial, size),
        issued_by=by.name,
    )
    Identifier.objects.create(
        kind=Identifier.Kind.EQUITY_CARD,
        value=number,
        household=household,
        start=valid.start,
        end=valid.end,
    )
    return card


def _revoke(card: EquityCard, *, reason: str, by: Actor, on: date) -> None:
    card.revoked_on, card.revoked_by, card.revoked_because = on, by.name, reason
    card.save(update_fields=["revoked_on", "revoked_by", "revoked_because"])
    last = max(on, card.start + timedelta(days=1))
    Identifier.objects.filter(
        kind=Identifier.Kind.EQUITY_CARD, value=card.number, end__gt=last
    ).update(end=last)
    audit.write(
        by=by,
        action="registry.card_revoked",
        subject=card,
        area=card.household.village.code,
        number=card.number,
        reason=reason,
    )
    outbox.announce(CardRevoked(card.pk, card.household_id, on))


def _next_serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registry_card_serial')")
        return int(cursor.fetchone()[0])
