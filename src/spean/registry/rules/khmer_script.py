"""Khmer script in Latin letters, near enough to how Cambodians spell their names.

The consonants' two series, the vowels and the signs follow the UNGEGN romanisation of Khmer (1972),
without its diacritics and with the choices usual on identity cards (ុ o/u, ៅ ov, ែវ eo).
"""

import re
from dataclasses import dataclass

COENG, BANTOC, SILENT, SAMYOK = "\u17d2", "\u17cb", "\u17cd", "\u17d0"
NIKAHIT, REAHMUK, YUUKALEAPINTU = "\u17c6", "\u17c7", "\u17c8"
TO_FIRST, TO_SECOND = "\u17c9", "\u17ca"

# The 35 consonants from U+1780 in order: letters, then the series.
_CONSONANTS = (
    "k1 kh1 k2 kh2 ng2 ch1 chh1 ch2 chh2 nh2 d1 th1 d2 th2 n1 t1 th1 t2 th2 n2 "
    "b1 ph1 p2 ph2 m2 y2 r2 l2 v2 s1 s2 s1 h1 l1 1"
)
LETTERS = {chr(0x1780 + n): c[:-1] for n, c in enumerate(_CONSONANTS.split())}
SERIES = {chr(0x1780 + n): int(c[-1]) for n, c in enumerate(_CONSONANTS.split())}
_SONORANTS = frozenset("ងញណនមយរលវឡ")
_LIQUIDS = frozenset("មរលវ")
_INDEPENDENT = dict(zip(
    map(chr, range(0x17A3, 0x17B4)),
    (
        "a", "a", "i", "ei", "o", "ok", "u", "ov", "ri", "rue", "li", "lue", "ae", "ai", "ao",
        "ao", "au",
    ),
    strict=True,
))  # fmt: skip
# Dependent vowels from U+17B6 in order: in the first series, in the second.
_VOWELS = dict(zip(
    map(chr, range(0x17B6, 0x17C6)),
    (
        ("a", "ea"), ("e", "i"), ("ei", "i"), ("oe", "i"), ("eu", "eu"), ("o", "u"), ("o", "u"),
        ("uo", "uo"), ("aeu", "eu"), ("oeu", "oeu"), ("ie", "ie"), ("e", "e"), ("ae", "e"),
        ("ai", "ey"), ("o", "o"), ("ao", "ov"),
    ),
    strict=True,
))  # fmt: skip
_FINALS = {"kh": "k", "chh": "ch", "ph": "p", "b": "p", "d": "t"}
_BORROWED = {"hv": "f", "hk": "g", "hs": "z", "hp": "p"}

_CLUSTER = re.compile(
    "([\u1780-\u17b3])([\u17c9\u17ca]?)((?:\u17d2[\u1780-\u17a2])*)([\u17c9\u17ca]?)"
    "([\u17b6-\u17c5]?)([\u17c6-\u17c8\u17cb-\u17d1\u17dd]*)"
)
_RESPELLINGS = (
    ("[\u200b-\u200d\u2060\ufeff]", ""),
    ("\u17c1\u17b8", "\u17be"),
    ("\u17c1\u17b6", "\u17c4"),
    ("([សហអ])\u17bb(?=[\u17b7-\u17ba\u17be\u17d0])", "\\1\u17ca"),
    ("([ងញមយរវប])\u17bb(?=[\u17b7-\u17ba\u17be\u17d0])", "\\1\u17c9"),
    ("\u17b6\u17c6(?=ង)", "\u17b6"),
)


@dataclass
class _Cluster:
    """A consonant or independent vowel with all that is written on, under and around it."""

    base: str
    below: str
    shift: str
    vowel: str
    signs: str

    @property
    def is_bare(self) -> bool:
        voiced = {SAMYOK, NIKAHIT, REAHMUK, YUUKALEAPINTU}
        return self.base in LETTERS and not self.vowel and not voiced & set(self.signs)

    @property
    def series(self) -> int:
        if self.shift:
            return 1 if self.shift == TO_FIRST else 2
        strong = [c for c in self.base + self.below if c not in _SONORANTS]
        return SERIES.get(strong[-1] if strong else self.base, 1)

    @property
    def onset(self) -> str:
        if self.base in _INDEPENDENT:
            return ""
        first = LETTERS[self.base]
        if self.shift == TO_FIRST and first == "b":
            first = "p"
        for second in (LETTERS[c] for c in self.below):
            first = _joined(_FINALS.get(first, first) if first in "bd" else first, second)
        return first

    @property
    def final(self) -> str:
        first = LETTERS[self.base]
        first = _FINALS.get(first, first)
        second = LETTERS[self.below[0]] if self.below else ""
        return second if first == "t" and second == "th" else first


def _joined(first: str, second: str) -> str:
    if first + second in _BORROWED:
        return _BORROWED[first + second]
    if second.startswith(first) and len(second) > 1:
        return second
    return first + second


def _clusters(word: str) -> list[_Cluster]:
    for pattern, spelling in _RESPELLINGS:
        word = re.sub(pattern, spelling, word)
    found: list[_Cluster] = []
    for base, shift, below, later_shift, vowel, signs in _CLUSTER.findall(word):
        cluster = _Cluster(base, below.replace(COENG, ""), shift or later_shift, vowel, signs)
        if SILENT in signs and not cluster.below:
            continue
        if SILENT in signs:
            cluster.below, cluster.vowel = cluster.below[:-1], ""
        found.append(cluster)
    if len(found) > 1:
        _hush_last_short_vowel(found[-1])
    return found


def _hush_last_short_vowel(last: _Cluster) -> None:
    """Drop the last vowel of words such as សម្បត្តិ and ធាតុ, which is written, not said."""
    if last.vowel in ("\u17b7", "\u17bb") and not last.signs and (last.below or last.base == "ត"):
        last.vowel = ""


def _closes(clusters: list[_Cluster], place: int) -> bool:
    """Tell whether a bare consonant ends the syllable before it: so-van, veas-na, ko-sal."""
    cluster, is_last = clusters[place], place + 1 == len(clusters)
    if not cluster.is_bare or cluster.shift:
        return False
    if BANTOC in cluster.signs:
        return True
    if not is_last and cluster.below[-1:] in _LIQUIDS and cluster.base not in "ងញណនម":
        return False
    run = 0
    while place + run < len(clusters) and clusters[place + run].is_bare:
        run += 1
    return run % 2 == 1


def _inherent(cluster: _Cluster, after: _Cluster | None) -> str:
    """Give the unwritten vowel: short a before a stacked consonant (វណ្ណ), unless nasal (ភិរម្យ)."""
    if cluster.series == 1:
        return "a"
    return "a" if after and after.below and after.base not in "ងមយ" else "o"


def _vowel(cluster: _Cluster, before: _Cluster | None, after: _Cluster | None) -> str:
    signs = cluster.signs
    if cluster.base in _INDEPENDENT:
        sound = _INDEPENDENT[cluster.base]
    elif cluster.vowel == "\u17b6":
        follows = before and before.series == 1 and cluster.base in _SONORANTS
        sound = "a" if cluster.series == 1 or (follows and not cluster.below) else "ea"
        if sound == "ea" and after and BANTOC in after.signs and after.base in "ងញនណម":
            sound = "oa"
    elif cluster.vowel:
        sound = _VOWELS[cluster.vowel][cluster.series - 1]
    elif SAMYOK in signs:
        sound = "e" if cluster.series == 2 and after and after.base == "យ" else "a"
    elif NIKAHIT in signs:
        sound = "a" if cluster.series == 1 else "o"
    elif REAHMUK in signs or YUUKALEAPINTU in signs:
        sound = "a"
    else:
        sound = _inherent(cluster, after)
    ends = (("m", NIKAHIT), ("h", REAHMUK), ("k", YUUKALEAPINTU))
    return sound + "".join(letter for letter, sign in ends if sign in signs)


def _word(word: str) -> str:
    clusters = _clusters(word)
    spelt: list[str] = []
    is_open = False
    for place, cluster in enumerate(clusters):
        if is_open and _closes(clusters, place):
            spelt.append(cluster.final)
            is_open = False
            continue
        before = clusters[place - 1] if place else None
        after = clusters[place + 1] if place + 1 < len(clusters) else None
        spelt.append(cluster.onset + _vowel(cluster, before, after))
        is_open = not {NIKAHIT, REAHMUK, YUUKALEAPINTU} & set(cluster.signs)
    return "".join(spelt).replace("aev", "eo")


def romanise(khmer: str) -> str:
    """Spell Khmer words in lower-case Latin letters; whatever isn't Khmer script is left out."""
    return " ".join(filter(None, map(_word, khmer.split())))
