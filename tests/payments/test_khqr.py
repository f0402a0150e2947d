"""The code by which one family is paid reads as the National Bank and EMVCo have it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from spean.payments.rules.khqr import NoCodeForThis, checksum, khqr

AT = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
# EMVCo's example of the merchant-presented mode; and one of a KHQR library in use.
EMVCO = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN"
    "5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.725303156550201623303041234"
    "0603***0708A60086670902ME91320016A0112233449988770708123456786304A13A"
)
MADE = (
    "00020101021229420013ishinvin@devb01090123456780208Dev Bank5204599953031165405100005802KH5909"
    "Ishin Vin6010Phnom Penh62680114INV-2022-12-250211855123456780310Ishin Shop070601234508"
    "07Payment64180002ZH0102文山0202金边9917001316935559673876304AE27"
)


def _code(**changed: object) -> str:
    given = {
        "account": "85512345678@demo", "name": "Sok Dara", "city": "Kampong Thom",
        "amount": Decimal(100_000), "bill": "P26-00001-0000001", "at": AT,
    }  # fmt: skip
    return khqr(**(given | changed))  # type: ignore[arg-type]


def _fields(text: str) -> dict[str, str]:
    """Read tags, lengths and values to the very end."""
    found = {}
    while text:
        tag, length = text[:2], int(text[2:4])
        found[tag] = text[4 : 4 + length]
        assert len(found[tag]) == length
        text = text[4 + length :]
    return found


@pytest.mark.parametrize("known", [EMVCO, MADE])
def test_the_checksum_is_that_of_known_codes(known: str) -> None:
    assert checksum(known[:-4]) == known[-4:]


def test_the_checksum_is_crc_16_ccitt_false() -> None:
    assert checksum("123456789") == "29B1"


def test_a_code_says_whom_to_pay_what_and_until_when() -> None:
    text = _code()
    fields = _fields(text)

    assert next(iter(fields)) == "00"
    assert list(fields)[-1] == "63"
    assert fields.pop("63") == checksum(text[:-4])
    assert _fields(fields.pop("29")) == {"00": "85512345678@demo"}
    assert _fields(fields.pop("62")) == {"01": "P26-00001-0000001"}
    assert _fields(fields.pop("99")) == {"00": "1793847600000", "01": "1793848500000"}
    assert fields == {
        "00": "01", "01": "12", "52": "5999", "53": "116", "54": "100000", "58": "KH",
        "59": "Sok Dara", "60": "Kampong Thom",
    }  # fmt: skip


def test_a_long_or_khmer_name_is_cut_by_characters() -> None:
    fields = _fields(_code(name="ក" * 30, city="Preah Sihanouk Province"))

    assert (fields["59"], fields["60"]) == ("ក" * 25, "Preah Sihanouk")


@pytest.mark.parametrize("wrong", [{"account": "8" * 33}, {"account": ""}, {"bill": "B" * 26}])
def test_what_a_code_can_not_name_in_full_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(NoCodeForThis):
        _code(**wrong)
