import io
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.kernel.periods import Period
from spean.registry import actions, queries
from spean.registry.actions.cards import (
    CardAlreadyRevoked,
    CardPeriodNotNow,
    CategoryUnknown,
    HouseholdHasNoMembers,
    ReasonMissing,
)
from spean.registry.models import EquityCard, Household, Identifier
from spean.registry.queries import card_keys
from spean.registry.rules.card_token import read_card_token
from spean.registry.rules.cards import Outcome
from spean.registry.rules.identifiers import make_equity_card_number

TODAY = date(2026, 11, 23)
VALID = Period(TODAY, date(2029, 11, 23))


pytestmark = pytest.mark.usefixtures("own_keys")


@pytest.fixture
def nurse(actor: Callable[..., Actor]) -> Actor:
    return actor("health_worker", "1601", Purpose.CARE)


def test_a_card_has_a_number_a_signed_token_and_an_identifier(card: EquityCard) -> None:
    said = read_card_token(card.token, card_keys.public_keys())

    assert card.number.startswith("16")
    assert (said.number, said.category, said.household_size) == (card.number, "poor_1", 2)
    assert (said.valid_from, said.valid_until) == (VALID.start, VALID.end)
    kept = Identifier.objects.get(kind="equity_card")
    assert (kept.value, kept.household_id) == (card.number, card.household_id)


def test_a_new_card_replaces_the_one_before(card: EquityCard, system: Actor) -> None:
    later = TODAY + timedelta(days=400)

    newer = actions.issue_card(
        household=card.household,
        category="poor_2",
        valid=Period(later, date(2030, 1, 1)),
        by=system,
        on=later,
    )

    card.refresh_from_db()
    assert (card.revoked_on, card.revoked_because) == (later, "replaced")
    assert Identifier.objects.get(value=card.number).end == later
    assert newer.revoked_on is None
    assert AuditEntry.objects.filter(action="registry.card_revoked").count() == 1


def test_a_card_replaced_on_its_first_day_still_has_a_day(card: EquityCard, system: Actor) -> None:
    actions.issue_card(
        household=card.household, category="poor_2", valid=VALID, by=system, on=TODAY
    )

    assert Identifier.objects.get(value=card.number).end == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("category", "valid", "refusal"),
    [
        ("rich", VALID, CategoryUnknown),
        ("poor_1", Period(TODAY + timedelta(days=1), date(2029, 1, 1)), CardPeriodNotNow),
        ("poor_1", Period(date(2020, 1, 1), TODAY), CardPeriodNotNow),
        ("poor_1", Period(TODAY), CardPeriodNotNow),
    ],
)
def test_a_card_that_makes_no_sense_is_refused(
    family: Household, system: Actor, category: str, valid: Period, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        actions.issue_card(household=family, category=category, valid=valid, by=system, on=TODAY)


def test_a_dissolved_household_gets_no_card(family: Household, system: Actor) -> None:
    Household.objects.update(dissolved_on=TODAY)

    with pytest.raises(HouseholdHasNoMembers):
        actions.issue_card(household=family, category="poor_1", valid=VALID, by=system, on=TODAY)


ROLES: dict[str, tuple[bool, bool, bool]] = {
    # role: may issue, may revoke, may print (in its own area, for targeting)
    "district_officer": (True, True, True),
    "commune_clerk": (False, False, True),
    "commune_council": (False, False, False),
    "village_representative": (False, False, False),
    "health_worker": (False, False, False),
    "analyst": (False, False, False),
    "auditor": (False, False, False),
    "administrator": (False, False, False),
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_with_a_card_what_the_table_says(
    role: str, card: EquityCard, actor: Callable[..., Actor]
) -> None:
    by = actor(role, "1601", Purpose.TARGETING)
    attempts: list[Callable[[], object]] = [
        lambda: actions.issue_card(
            household=card.household, category="poor_1", valid=VALID, by=by, on=TODAY
        ),
        lambda: actions.revoke_card(
            card=EquityCard.objects.get(revoked_on=None), reason="Moved up", by=by, on=TODAY
        ),
        lambda: queries.card_pdf(card, by=by, on=TODAY),
    ]

    assert tuple(_allowed(attempt) for attempt in attempts) == ROLES[role]


def _allowed(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except NotAllowed:
        return False
    return True


def test_an_officer_of_another_district_touches_no_card(
    card: EquityCard, actor: Callable[..., Actor]
) -> None:
    stranger = actor("district_officer", "1602", Purpose.TARGETING)

    with pytest.raises(NotAllowed):
        actions.revoke_card(card=card, reason="x", by=stranger, on=TODAY)
    with pytest.raises(NotAllowed):
        queries.card(card.number, by=stranger)


def test_a_card_is_revoked_once_and_with_a_reason(card: EquityCard, system: Actor) -> None:
    with pytest.raises(ReasonMissing):
        actions.revoke_card(card=card, reason="  ", by=system, on=TODAY)

    actions.revoke_card(card=card, reason="Not poor", by=system, on=TODAY)

    with pytest.raises(CardAlreadyRevoked):
        actions.revoke_card(card=card, reason="Again", by=system, on=TODAY)


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        (VALID.start - timedelta(days=1), Outcome.NOT_YET),
        (VALID.start, Outcome.COVERED),
        (date(2029, 11, 22), Outcome.COVERED),
        (date(2029, 11, 23), Outcome.EXPIRED),
    ],
)
def test_a_card_covers_from_its_first_day_to_its_last(
    card: EquityCard, nurse: Actor, on: date, outcome: Outcome
) -> None:
    assert queries.card_status(card.number, by=nurse, on=on).outcome is outcome
    assert queries.card_status(card.token, by=nurse, on=on).outcome is outcome


def test_a_check_shows_names_and_ages_and_nothing_else(card: EquityCard, nurse: Actor) -> None:
    status = queries.card_status(card.token, by=nurse, on=TODAY)

    assert (status.covered, status.level, status.household_size) == (True, "Poor level 1", 2)
    assert [(m.name_en, m.age) for m in status.members] == [("Sok Dara", 38), ("Sok Bopha", 11)]
    assert status.last_day == date(2029, 11, 22)


def test_a_typed_number_of_another_area_names_nobody(
    card: EquityCard, actor: Callable[..., Actor]
) -> None:
    elsewhere = actor("health_worker", "1602", Purpose.CARE)

    typed = queries.card_status(card.number, by=elsewhere, on=TODAY)
    scanned = queries.card_status(card.token, by=elsewhere, on=TODAY)

    assert (typed.covered, typed.members) == (True, ())
    assert len(scanned.members) == 2


def test_khmer_digits_and_spaces_in_a_number_are_read(card: EquityCard, nurse: Actor) -> None:
    khmer = card.number.translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩"))

    assert queries.card_status(f" {khmer[:6]} {khmer[6:]} ", by=nurse, on=TODAY).covered


def test_a_scanner_that_types_small_letters_is_understood(card: EquityCard, nurse: Actor) -> None:
    assert queries.card_status(card.token.lower(), by=nurse, on=TODAY).covered


def test_a_wrong_digit_is_told_from_an_unknown_card(card: EquityCard, nurse: Actor) -> None:
    wrong = card.number[:-1] + str((int(card.number[-1]) + 1) % 10)

    assert queries.card_status(wrong, by=nurse, on=TODAY).outcome is Outcome.WRONG_NUMBER
    never_issued = make_equity_card_number("16", 99_999_999)
    assert queries.card_status(never_issued, by=nurse, on=TODAY).outcome is Outcome.UNKNOWN


def test_a_token_signed_by_another_key_is_forged(
    card: EquityCard, nurse: Actor, tmp_path: Path, settings: Any
) -> None:
    settings.CARD_KEYS = tmp_path / "other"
    card_keys.signing_key()

    assert queries.card_status(card.token, by=nurse, on=TODAY).outcome is Outcome.FORGED


def test_a_token_with_one_letter_changed_is_not_covered(card: EquityCard, nurse: Actor) -> None:
    at = len(card.token) // 2
    other = "A" if card.token[at] != "A" else "B"
    changed = card.token[:at] + other + card.token[at + 1 :]

    assert queries.card_status(changed, by=nurse, on=TODAY).outcome is Outcome.FORGED


@pytest.mark.parametrize(
    "text", ["SPN1:", "SPN9:ABC", "SPN1:" + "A" * 2000, "\0", "' OR 1=1", "💳"]
)
def test_what_is_no_card_is_answered_calmly(nurse: Actor, text: str) -> None:
    outcome = queries.card_status(text, by=nurse, on=TODAY).outcome

    assert outcome in {Outcome.UNREADABLE, Outcome.WRONG_NUMBER, Outcome.FORGED}


def test_a_revoked_card_is_refused_online_though_its_signature_holds(
    card: EquityCard, nurse: Actor, system: Actor
) -> None:
    actions.revoke_card(card=card, reason="Not poor", by=system, on=TODAY)

    status = queries.card_status(card.token, by=nurse, on=TODAY)

    assert (status.outcome, status.members) == (Outcome.REVOKED, ())


def test_a_replaced_card_names_the_newer_only_at_home(
    card: EquityCard, nurse: Actor, system: Actor, actor: Callable[..., Actor]
) -> None:
    newer = actions.issue_card(
        household=card.household, category="poor_2", valid=VALID, by=system, on=TODAY
    )
    elsewhere = actor("health_worker", "1602", Purpose.CARE)

    assert queries.card_status(card.number, by=nurse, on=TODAY).newer_number == newer.number
    far = queries.card_status(card.number, by=elsewhere, on=TODAY)
    assert (far.outcome, far.newer_number) == (Outcome.REPLACED, "")


def test_a_card_of_a_household_that_is_gone_covers_nobody(card: EquityCard, nurse: Actor) -> None:
    Household.objects.update(dissolved_on=TODAY)

    status = queries.card_status(card.number, by=nurse, on=TODAY)

    assert status.outcome is Outcome.HOUSEHOLD_GONE


def test_every_check_is_an_audit_line(card: EquityCard, nurse: Actor) -> None:
    queries.card_status(card.number, by=nurse, on=TODAY)
    queries.card_status("123", by=nurse, on=TODAY)

    lines = AuditEntry.objects.filter(action="registry.card_checked", kind="read").order_by("id")
    assert [line.detail["outcome"] for line in lines] == ["covered", "wrong_number"]
    assert lines[0].subject_id == str(card.pk)


def test_who_may_check_no_card_is_refused(card: EquityCard, actor: Callable[..., Actor]) -> None:
    with pytest.raises(NotAllowed):
        queries.card_status(
            card.number, by=actor("commune_clerk", "160101", Purpose.CARE), on=TODAY
        )


def test_a_retired_key_still_verifies_its_cards(
    card: EquityCard, nurse: Actor, system: Actor
) -> None:
    call_command("card_keys", "make", "key-2", stdout=io.StringIO())
    call_command("card_keys", "retire", "key-1", stdout=io.StringIO())

    newer = actions.issue_card(
        household=card.household, category="poor_1", valid=VALID, by=system, on=TODAY
    )

    assert len(queries.published_keys()["keys"]) == 2
    assert queries.card_status(newer.token, by=nurse, on=TODAY).covered
    assert queries.card_status(card.token, by=nurse, on=TODAY).outcome is Outcome.REPLACED
    with pytest.raises(CommandError):
        call_command("card_keys", "retire", "key-1")


def test_production_never_makes_a_key_by_itself(
    family: Household, system: Actor, settings: Any
) -> None:
    settings.PRODUCTION = True

    with pytest.raises(card_keys.CardKeyMissing):
        actions.issue_card(household=family, category="poor_1", valid=VALID, by=system, on=TODAY)

    assert not EquityCard.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_issuances_at_once_leave_one_good_card(family: Household, system: Actor) -> None:
    start = threading.Barrier(2)
    made: list[EquityCard] = []

    def issue() -> None:
        try:
            start.wait(timeout=10)
            made.append(
                actions.issue_card(
                    household=family, category="poor_1", valid=VALID, by=system, on=TODAY
                )
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=issue) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert len({card.number for card in made}) == 2
    assert EquityCard.objects.filter(household=family, revoked_on=None).count() == 1
