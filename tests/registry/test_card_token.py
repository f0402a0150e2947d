from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from spean.registry.rules import card_token
from spean.registry.rules.card_token import CardToken

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
KEYS = {"k1": KEY.public_key(), "k0": OTHER.public_key()}
CARD = CardToken(
    number="160000001296",
    category="poor_1",
    valid_from=date(2026, 11, 1),
    valid_until=date(2029, 11, 1),
    household_size=5,
    village_code="01020304",
    serial=12,
)
TEXT = card_token.sign(CARD, KEY)
IN_FORCE = date(2027, 1, 1)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 $%*+-./:=abcé០"


def test_a_signed_card_reads_back_the_same() -> None:
    assert card_token.read(TEXT, KEYS, IN_FORCE) == CARD
    assert card_token.read(f" {TEXT}\n", KEYS, IN_FORCE) == CARD


def test_a_token_is_short_and_stays_within_the_letters_of_an_alphanumeric_qr_code() -> None:
    assert len(TEXT) < 220
    assert set(TEXT) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 $%*+-./:")


def test_any_changed_character_is_refused() -> None:
    """Every place × every other letter: nothing else decodes to a card that somebody signed."""
    for place in range(len(TEXT)):
        for letter in LETTERS:
            if letter != TEXT[place]:
                changed = TEXT[:place] + letter + TEXT[place + 1 :]
                if changed.strip() != TEXT:
                    with pytest.raises(
                        (card_token.NotACard, card_token.UnknownVersion, card_token.Forged)
                    ):
                        card_token.read(changed, KEYS, IN_FORCE)


@given(st.text(max_size=200).map(lambda tail: f"SPN1:{tail}") | st.text(max_size=200))
def test_any_other_text_is_refused_by_name(text: str) -> None:
    with pytest.raises((card_token.NotACard, card_token.UnknownVersion, card_token.Forged)):
        card_token.read(text, KEYS, IN_FORCE)


@given(
    st.builds(
        CardToken,
        number=st.from_regex("[0-9]{12}", fullmatch=True).filter(str.isascii),
        category=st.sampled_from(["poor_1", "poor_2", "at_risk"]),
        valid_from=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        valid_until=st.dates(date(2100, 1, 2), date(2179, 1, 1)),
        household_size=st.integers(0, 255),
        village_code=st.from_regex("[0-9]{8}", fullmatch=True).filter(str.isascii),
        serial=st.integers(0, 2**32 - 1),
    )
)
def test_every_card_reads_back_the_same(card: CardToken) -> None:
    assert card_token.read_card_token(card_token.sign(card, OTHER), KEYS) == card


def test_a_card_holds_on_its_first_day_and_on_the_day_before_its_end() -> None:
    assert card_token.read(TEXT, KEYS, date(2026, 11, 1)) == CARD
    assert card_token.read(TEXT, KEYS, date(2029, 10, 31)) == CARD


def test_a_card_is_not_yet_valid_before_its_first_day() -> None:
    with pytest.raises(card_token.NotYetValid) as refused:
        card_token.read(TEXT, KEYS, date(2026, 10, 31))
    assert "2026-11-01" in str(refused.value)


def test_a_card_has_expired_on_its_end_and_says_its_last_day() -> None:
    with pytest.raises(card_token.Expired) as refused:
        card_token.read(TEXT, KEYS, date(2029, 11, 1))
    assert "2029-10-31" in str(refused.value)


def test_a_card_of_an_unpublished_key_is_refused() -> None:
    with pytest.raises(card_token.UnknownKey):
        card_token.read(TEXT, {"k0": OTHER.public_key()}, IN_FORCE)


def test_another_key_cannot_sign_under_a_published_keys_id() -> None:
    mine = card_token.sign(CARD, Ed25519PrivateKey.generate())
    data = card_token._decoded(mine)
    claimed = card_token._decoded(TEXT)[: card_token.KEY_ID_BYTES] + data[card_token.KEY_ID_BYTES :]
    text = card_token.PREFIX + card_token.base64.b32encode(claimed).decode().rstrip("=")
    with pytest.raises(card_token.BadSignature):
        card_token.read(text, KEYS, IN_FORCE)


def test_a_later_version_asks_for_a_newer_program() -> None:
    with pytest.raises(card_token.UnknownVersion):
        card_token.read(TEXT.replace("SPN1:", "SPN2:"), KEYS, IN_FORCE)


@pytest.mark.parametrize("text", ["", "160000001296", "https://example.org", "SPN1:", "SPN1:AAAA"])
def test_what_is_no_card_is_called_so(text: str) -> None:
    with pytest.raises(card_token.NotACard):
        card_token.read(text, KEYS, IN_FORCE)


def test_a_token_is_told_from_a_typed_number() -> None:
    assert card_token.looks_like_token(f"  {TEXT}")
    assert not card_token.looks_like_token("16 0000 0012 96")


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "12"},
        {"village_code": "1"},
        {"category": "rich"},
        {"valid_until": date(2026, 11, 1)},
        {"valid_from": date(1999, 1, 1)},
        {"serial": 2**32},
    ],
)
def test_a_token_that_cannot_be_written_is_never_signed(wrong: dict[str, object]) -> None:
    card = CardToken(**{name: getattr(CARD, name) for name in CardToken.__slots__} | wrong)
    with pytest.raises(ValueError):
        card_token.sign(card, KEY)


def test_the_key_id_is_the_thumbprint_of_the_example_of_rfc_8037() -> None:
    x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    key = card_token.PublicKey.from_public_bytes(card_token.base64.urlsafe_b64decode(x + "="))
    assert card_token.key_id(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert card_token.public_keys_jwks([key]) == {
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "x": x,
                "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                "use": "sig",
                "alg": "EdDSA",
            }
        ]
    }
