"""Names made comparable: Khmer and Latin, in any order, in any of the usual spellings."""

import re
import unicodedata
from difflib import SequenceMatcher
from typing import Final

from spean.kernel.errors import N_, SpeanError
from spean.registry.rules.khmer_script import romanise

MAX_LENGTH: Final = 100
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_KHMER_RUN = re.compile("[\u1780-\u17d3\u17dd]+")
_KHMER_NAME = re.compile("[\u1780-\u17b3][\u1780-\u17d3\u17dd \\-]*")
_UNDECOMPOSED = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


class NameTooLong(SpeanError):
    """Refuse a name that no card could hold."""

    code = "registry.name_too_long"
    message = N_("A name has at most %(longest)s characters. Shorten it as on the identity card.")


class NameHasDigits(SpeanError):
    """Refuse a digit in a name."""

    code = "registry.name_has_digits"
    message = N_("A name has no digits. Remove the digits from the name.")


class NameHasOddCharacters(SpeanError):
    """Refuse control characters, which come from a bad copy or paste."""

    code = "registry.name_has_odd_characters"
    message = N_("The name holds characters that can't be seen. Delete the name and type it again.")


class NameNotKhmer(SpeanError):
    """Refuse other letters where Khmer ones are asked for."""

    code = "registry.name_not_khmer"
    message = N_("Write this name in Khmer letters only.")


class NameNotLatin(SpeanError):
    """Refuse other letters where Latin ones are asked for."""

    code = "registry.name_not_latin"
    message = N_("Write this name in Latin letters only, as on the identity card.")


class NameMissing(SpeanError):
    """Refuse a person without any name."""

    code = "registry.name_missing"
    message = N_("Give the person's name, in Khmer or in Latin letters.")


def _tidy(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def _check_any_name(text: str) -> str:
    """Refuse what no script's names hold, and give the name tidied."""
    if any(unicodedata.category(c) == "Cc" for c in text.strip()):
        raise NameHasOddCharacters
    name = _tidy(text)
    if any(unicodedata.category(c) in ("Cf", "Co", "Cn", "Cs") for c in name):
        raise NameHasOddCharacters
    if len(name) > MAX_LENGTH:
        raise NameTooLong(longest=MAX_LENGTH)
    if any(unicodedata.category(c).startswith("N") for c in name):
        raise NameHasDigits
    return name


def check_khmer_name(text: str) -> str:
    """Give the name tidied (NFC, single spaces); "" stays "".

    Raises NameNotKhmer, NameTooLong, NameHasDigits, NameHasOddCharacters.
    """
    name = _check_any_name(text)
    if name and not _KHMER_NAME.fullmatch(name):
        raise NameNotKhmer
    return name


def check_latin_name(text: str) -> str:
    """Give the name tidied (NFC, single spaces); "" stays "".

    Raises NameNotLatin, NameTooLong, NameHasDigits, NameHasOddCharacters.
    """
    name = _check_any_name(text)
    letters = re.sub("['’. -]", "", name)
    is_latin = all(
        unicodedata.name(c, "").startswith("LATIN ") or unicodedata.combining(c) for c in letters
    )
    if name and not (letters and name[0].isalpha() and is_latin):
        raise NameNotLatin
    return name


def check_has_name(*names: str) -> None:
    """Refuse a person of whom no name is given in either script."""
    if not any(name.strip() for name in names):
        raise NameMissing


def fold(text: str) -> str:
    """Give lower-case ASCII words of a Khmer or Latin text; Khmer is romanised."""
    text = _KHMER_RUN.sub(lambda run: f" {romanise(run[0])} ", _tidy(text))
    text = unicodedata.normalize("NFKD", text.casefold().translate(_UNDECOMPOSED))
    text = "".join(str(unicodedata.digit(c, "")) or c for c in text)
    text = re.sub("['’`ʼ]", "", "".join(c for c in text if not unicodedata.combining(c)))
    return " ".join(re.sub("[^a-z0-9]+", " ", text).split())


_SOUNDS = re.compile("chh|ch|j|ng|nh|gn|nY|kh|th|ph|bh|dh|gh|sh|rh|lh|mh|vh|[bcdfgklmnpqrstvwxzh]")
_CODES = {
    "chh": "C", "ch": "C", "j": "C", "ng": "G", "nh": "N", "gn": "N", "nY": "N", "ph": "P",
    "f": "P", "t": "T", "th": "T", "d": "T", "dh": "T", "c": "K", "q": "K", "g": "K", "gh": "K",
    "x": "S", "z": "S", "w": "V",
}  # fmt: skip


def _skeleton(word: str) -> str:
    """Give consonants as capital codes and vowels as they are, silent letters gone."""
    word = re.sub("(?<![ei])y(?=[aeiou])", "Y", word)
    word = _SOUNDS.sub(lambda s: _CODES.get(s[0], s[0][0].upper()), word)
    word = re.sub("(?<=[A-Z])H", "", word)
    word = re.sub("(?<=[aeiouy])[RH](?![aeiouy])|(?<=[A-Z])R$", "", word)
    word = re.sub("(?<=[aeiouy])V(?![aeiouy])", "u", word)
    word = re.sub("(?<=[aeiouy])B(?![aeiouyRL])", "P", word)
    return re.sub(r"([A-Z])\1+", r"\1", word)


def _first_vowel(vowels: str, next_sound: str) -> str:
    """Give i for front vowels, o for the others; "ea" is front only before n and ng."""
    if vowels in ("ea", "eaa") and next_sound not in ("N", "G"):
        return "o"
    return "i" if set(vowels) & set("eiy") else "o"


def _last_vowel(vowels: str) -> str:
    if vowels[-1] in "ou":
        return "w" if vowels[0] in "ei" or vowels.startswith("ae") else "u"
    return "a" if vowels[-1] == "a" else "i"


def sound_key(token: str) -> str:
    """Give one coarse key for the usual spellings of one name: Sok, Sokh and សុខ are all SoK.

    The key is the consonants' skeleton and the class of the last vowel, and in short names that of
    the first too; Khmer vowels are spelt too variously to be worth more.
    """
    return _sound_of(fold(token))


def _sound_of(folded: str) -> str:
    skeleton = _skeleton(re.sub("[^a-z]", "", folded))
    consonants = re.sub("[a-z]", "", skeleton)
    last = re.search("[a-z]+$", skeleton)
    end = _last_vowel(last[0]) if last else ""
    first = re.search("([a-z]+)([A-Z])", skeleton)
    if not first:
        return consonants + end
    vowel = _first_vowel(first[1], first[2])
    if skeleton[0].islower():
        return (vowel if len(consonants) < 3 else "o") + consonants + end
    if len(consonants) < 3:
        return consonants[: first.start()] + vowel + consonants[first.start() :] + end
    return consonants + end


def search_text(*names: str) -> str:
    """Give the names' ASCII words, each once, for a trigram index of any locale."""
    return " ".join(dict.fromkeys(word for name in names for word in fold(name).split()))


def search_keys(*names: str) -> list[str]:
    """Give the sorted sound keys of all words of the names, for an index over an array."""
    words = {word for name in names for word in fold(name).split()}
    return sorted({_sound_of(word) for word in words} - {""})


def query_keys(text: str) -> list[str]:
    """Give the sound keys to look for when somebody types this name."""
    return search_keys(text)


def _word_similarity(a: str, b: str) -> float:
    if a == b:
        return 1.0
    alike = SequenceMatcher(None, min(a, b), max(a, b), autojunk=False).ratio()
    key = sound_key(a)
    if key and key == sound_key(b):
        return 0.85 + 0.15 * alike
    return 0.8 * alike


def name_similarity(a: str, b: str) -> float:
    """Tell from 0 to 1 how alike two names are, whatever their script and the order of their words.

    Words are paired best first; an unpaired word counts against. Words written together match too.
    """
    words_a, words_b = sorted((fold(a).split(), fold(b).split()))
    if not words_a or not words_b:
        return 0.0
    pairs = [
        (_word_similarity(x, y), i, j) for i, x in enumerate(words_a) for j, y in enumerate(words_b)
    ]
    pairs.sort(reverse=True)
    total, used_a, used_b = 0.0, set[int](), set[int]()
    for alike, i, j in pairs:
        if i not in used_a and j not in used_b:
            total += alike
            used_a.add(i)
            used_b.add(j)
    aligned = 2 * total / (len(words_a) + len(words_b))
    return max(aligned, _word_similarity("".join(words_a), "".join(words_b)))
