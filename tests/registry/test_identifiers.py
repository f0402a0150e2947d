import pytest
from hypothesis import given
from hypothesis import strategies as st

from spean.kernel.errors import SpeanError
from spean.registry.rules import identifiers
from spean.registry.rules.identifiers import IdentifierKind

cards = st.builds(
    identifiers.make_equity_card_number,
    st.integers(1, 25).map(lambda n: f"{n:02d}"),
    st.integers(1, 99_999_999),
).map(lambda number: ("equity_card", number))
health_ids = st.integers(1, 999_999_999).map(
    lambda serial: ("health_id", identifiers.make_health_id(serial))
)
ours = cards | health_ids


@given(ours)
def test_a_number_that_we_made_passes_its_check(made: tuple[str, str]) -> None:
    kind, number = made
    assert identifiers.check(kind, number) == number
    assert identifiers.check(kind, identifiers.display(kind, number)) == number


@given(ours)
def test_every_single_wrong_digit_is_found(made: tuple[str, str]) -> None:
    kind, number = made
    for place, right in enumerate(number):
        for digit in "0123456789":
            if digit != right:
                wrong = number[:place] + digit + number[place + 1 :]
                with pytest.raises(identifiers.IdentifierWrongCheckDigit):
                    identifiers.check(kind, wrong)


@given(ours)
def test_every_swap_of_neighbours_is_found(made: tuple[str, str]) -> None:
    kind, number = made
    for place in range(len(number) - 1):
        a, b = number[place : place + 2]
        if a != b:
            wrong = number[:place] + b + a + number[place + 2 :]
            with pytest.raises(identifiers.IdentifierWrongCheckDigit):
                identifiers.check(kind, wrong)


def test_a_card_number_starts_with_its_province() -> None:
    number = identifiers.make_equity_card_number("01", 12)
    assert number.startswith("0100000012")
    assert len(number) == 12


@pytest.mark.parametrize(("province", "serial"), [("1", 1), ("០១", 1), ("01", 0), ("01", 10**8)])
def test_a_card_number_is_never_made_of_what_it_cannot_hold(province: str, serial: int) -> None:
    with pytest.raises(identifiers.SerialUsedUp):
        identifiers.make_equity_card_number(province, serial)


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        ("national_id", "០១០ ១២៣ ៤៥៦", "010123456"),
        ("national_id", "010-123-456", "010123456"),
        ("national_id", " 010\u200b123\u00a0456 ", "010123456"),
        ("personal_code", "1234 567 890", "1234567890"),
        ("birth_certificate", "១២៣ / ២០១៩", "123/2019"),
        ("birth_certificate", "0012–45/19", "0012-45/19"),
    ],
)
def test_khmer_digits_blanks_and_dashes_are_read(kind: str, text: str, stored: str) -> None:
    assert identifiers.check(kind, text) == stored


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        ("national_id", "01012345", identifiers.IdentifierWrongLength),
        ("national_id", "", identifiers.IdentifierWrongLength),
        ("national_id", "0101234567", identifiers.IdentifierWrongLength),
        ("national_id", "01012345O", identifiers.IdentifierWrongCharacters),
        ("personal_code", "123456789", identifiers.IdentifierWrongLength),
        ("birth_certificate", "", identifiers.CertificateNumberWrong),
        ("birth_certificate", "//", identifiers.CertificateNumberWrong),
        ("birth_certificate", "1" * 41, identifiers.CertificateNumberWrong),
        ("birth_certificate", "12 ABC", identifiers.CertificateNumberWrong),
        ("equity_card", "1600000012", identifiers.IdentifierWrongLength),
        ("equity_card", "160000001200", identifiers.IdentifierWrongCheckDigit),
        ("health_id", "1" * 11, identifiers.IdentifierWrongCheckDigit),
        ("passport", "N1", identifiers.NoSuchIdentifierKind),
    ],
)
def test_a_wrong_number_is_refused_by_name(kind: str, text: str, error: type[SpeanError]) -> None:
    with pytest.raises(error):
        identifiers.check(kind, text)


def test_the_three_errors_say_different_things_and_what_to_do() -> None:
    texts = {
        str(identifiers.IdentifierWrongLength(wanted=12, given=3)),
        str(identifiers.IdentifierWrongCharacters()),
        str(identifiers.IdentifierWrongCheckDigit()),
    }
    assert len(texts) == 3
    assert all(text.endswith("Read the number again.") for text in texts)


def test_only_the_equity_card_belongs_to_a_household() -> None:
    household = [kind for kind in IdentifierKind if identifiers.holder(kind) == "household"]
    assert household == ["equity_card"]


def test_a_number_is_shown_in_groups() -> None:
    assert identifiers.display("national_id", "010123456") == "010 123 456"
    assert identifiers.display("equity_card", "160000001296") == "16 0000 0012 96"
    assert identifiers.display("birth_certificate", "123/2019") == "123/2019"


def test_health_ids_and_card_numbers_are_never_taken_for_one_another() -> None:
    with pytest.raises(identifiers.IdentifierWrongLength):
        identifiers.check("health_id", identifiers.make_equity_card_number("16", 5))
