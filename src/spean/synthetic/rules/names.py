"""Names of invented people, in Khmer and in the Latin letters usual on identity cards.

A name is a number: its place among the spellings of a script. A person's Khmer and Latin name have
the same place; place 0 is no name; clerks' other spellings stand after the names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Pair = tuple[str, str]
FAMILY_STEEPNESS, GIVEN_STEEPNESS = 0.8, 0.6

# From the most common family names down; how common each is follows its place (Zipf).
FAMILY = """
សុខ Sok|ចាន់ Chan|ជា Chea|កែវ Keo|លី Ly|ហេង Heng|ប៊ុន Bun
មាស Meas|សេង Seng|ទេព Tep|អ៊ុក Uk|ឈុន Chhun|ស៊ឹម Sim|នួន Nuon
ប្រាក់ Prak|យឹម Yim|រស់ Ros|វង្ស Vong|ឡុង Long|ភួង Phuong
គង់ Kong|ម៉ៅ Mao|អ៊ុំ Um|តាំង Tang|ឈិន Chhin|ខៀវ Khiev|អ៊ិន In
ស៊ិន Sin|ហុង Hong|ឃុន Khun|ញ៉ែម Nhem|ពៅ Pov|ឡាយ Lay|សំ Sam
ហ៊ុន Hun|ងួន Nguon|ផន Phan|ទូច Touch|ឌី Dy|ម៉ម Mam|ឈឹម Chhim
ចេង Cheng|អេង Eng|វ៉ាន់ Van|យិន Yin|សាន San|ស៊ុន Sun|ឌួង Duong
ថាច់ Thach|ធីម Thim|ឃឹម Khim|លឹម Lim|តាន់ Tan|ង៉ែត Nget
ហួត Huot|ជួន Chuon|ស៊ូ Sou|ពេជ្រ Pich|ឡេង Leng|ប៉ែន Pen
ព្រំ Prum|អៀង Eang|សួន Suon|ឯក Ek|ហ៊ឹម Him|ឈួន Chhuon|ជឹម Chim
ថន Thon|រៀម Ream|ពុំ Pum|ស្រី Srey|ខាត់ Khat|ឡាំ Lam|នៅ Nov
មុំ Mom|ឆាយ Chhay|ម៉ក់ Mak|ប៊ូ Bou|ភន Phon|តូច Toch|ឆេង Chheng
សៀង Sieng|ហែម Hem|អ៊ូច Ouch|ឆោម Chhom|នី Ny|ស៊ន Son|កុយ Koy
ខុន Khon|ញឹម Nhim|ធន Thorn|ដួង Doung|ប៉ោ Pao|ភោគ Phok
យ៉ង់ Yong|រ៉េត Ret|វ៉ា Va|សោម Som|ហាក់ Hak|អាន An|គឹម Kim
ងិន Ngin|ជាម Cheam|ឈាង Chheang|ថៃ Thai|ទិត្យ Tith|នាក់ Neak
បូ Bo|ប៊ុត Buth|ពៀង Peang|ម៉េង Meng|យន់ Yon|រិន Rin|លាង Leang
វន Von|សយ Soy|ហោ Hor|អ៊ុយ Uy|ឆន Chhorn|កង Kang
"""
FIRST = """
សុ So|ស្រី Srey|ចាន់ Chan|វ៉ាន់ Van|ស៊ី Sy|សា Sa|ណា Na
ប៊ុន Bun|ធា Thea|ភា Phea|រ៉ា Ra|ម៉ា Ma|លី Ly|គឹម Kim|សេង Seng
ពិ Pi|វិ Vi|រ៉ាត Rath|រិទ្ធ Rith|កល Kal|សំ Sam|បូ Bo|មុនី Muny
សុវណ្ណ Sovann|វណ្ណ Vann|រតន Ratana|កុសល Kosal|ពេជ្រ Pich
ម៉េង Meng|ហេង Heng|ឡាយ Lay|ចិន្តា Chenda|ច័ន្ទ Chan
មករា Makara|មិនា Mina|សិរី Serey|សុភ Sophak|ធីតា Thida|ដា Da
ទី Ty
"""
SECOND = """
ភា phea|វណ្ណា vanna|រ៉ា ra|ណា na|ធី thy|ផល phal|ខា kha
ម៉ាលី maly|រិទ្ធ rith|វុធ vuth|លីន lin|នី ny|ម៉ី mey|ពៅ pov
មុំ mom|ឡា la|ភ័ក្ត្រ pheak|ដេត det|វី vy|កា ka|ខុម khom
គា kea|ចាន់ chan|ជាតិ cheat|ឈាង chheang|ញ៉ា nha|ដារ៉ា dara
ឌី dy|ណារិន narin|តា ta|ថន thorn|ទិត្យ tith|ធារិទ្ធ thearith
នាង neang|បូរ៉ា bora|ពិសី pisey|ភារម្យ phearom|មករា makara
យុទ្ធ yuth|រតនា ratana|រ៉ាត់ rath|លក្ខណ៍ leak|វិសាល visal
សក្តិ sak|សម្បត្តិ sambath|សិត seth|សុភាព sopheap|ហុង hong
ហ៊ាន hean|អូន oun|អែម em|កុសល kosal|គន្ធា kunthea
ចរិយា chakriya|ជីវ័ន chivorn|ដាវី davy|ណារ៉ុង narong|ទេវី tevy
និមល nimol|បុប្ផា bopha|ពន្លឺ ponleu|មនោ mono|យ៉ា ya
រចនា rachana|លាភ leap|វាសនា veasna|សុខា sokha|សុជាតា socheata
ហាន់ han|អារុណ arun
"""
# Parts of names given to one sex only; all other parts are given to both.
OF_WOMEN = frozenset(
    ["ស្រី", "ចិន្តា", "មិនា", "សិរី", "ធីតា", "ម៉ាលី", "នាង", "បុប្ផា", "ទេវី", "ដាវី", "រចនា", "គន្ធា", "និមល"]
)
OF_MEN = frozenset(
    ["ប៊ុន", "រិទ្ធ", "មុនី", "ផល", "វុធ", "ធារិទ្ធ", "យុទ្ធ", "វិសាល", "សក្តិ", "ណារ៉ុង", "ដារ៉ា", "បូរ៉ា"]
)
# How clerks spell one sound otherwise: in Latin letters, and in Khmer script.
LATIN_SLIPS = (
    ("ea", "ear"), ("ph", "p"), ("th", "t"), ("ch", "chh"), ("chh", "ch"), ("kh", "k"), ("ou", "u"),
    ("u", "ou"), ("y", "ey"), ("ey", "y"), ("eng", "aing"), ("ov", "au"), ("o", "or"),
    ("ra", "rah"), ("nn", "n"), ("v", "w"), ("k", "kh"), ("im", "eum"), ("ong", "ung"),
    ("a", "ar"), ("i", "e"), ("h", ""),
)  # fmt: skip
KHMER_SLIPS = (
    ("៉", ""), ("៊", ""), ("់", ""), ("ណ", "ន"), ("ន", "ណ"), ("ឡ", "ល"), ("ុ", "ូ"), ("ី", "ិ"), ("ិ", "ី"),
    ("្ណ", "ន"), ("ភ", "ផ"), ("ធ", "ថ"), ("ា", ""), ("ឌ", "ដ"), ("៍", ""), ("ឿ", "ៀ"), ("ើ", "ឺ"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Script:
    """All spellings of one script; the slips of name k are `count[k]`, from `first[k]` on."""

    texts: pa.StringArray
    first: Ints
    count: Ints

    def misspell(self, chance: np.random.Generator, name: Ints) -> Ints:
        """Give each name as another clerk might spell it; as it is where no slip fits."""
        pick = (chance.random(len(name)) * self.count[name]).astype(np.int64)
        return np.where(self.count[name] > 0, self.first[name] + pick, name)


@dataclass(frozen=True, slots=True)
class Names:
    """The spellings of both scripts, and the places of names, the most common first."""

    khmer: Script
    latin: Script
    family: Ints
    of_men: Ints
    of_women: Ints


@lru_cache(maxsize=1)
def names() -> Names:
    """Give all names there are."""
    family = _distinct(_pairs(FAMILY))
    given = [(pair, of) for pair, of in _given() if of]
    kept = set(_distinct([pair for pair, _ in given]))
    given = [(pair, of) for pair, of in dict(given).items() if pair in kept]
    pairs = [("", ""), *family, *(pair for pair, _ in given)]
    places = 1 + len(family) + np.arange(len(given))
    return Names(
        khmer=_script([khmer for khmer, _ in pairs], KHMER_SLIPS),
        latin=_script([latin for _, latin in pairs], LATIN_SLIPS),
        family=1 + np.arange(len(family)),
        of_men=places[np.array(["m" in of for _, of in given])],
        of_women=places[np.array(["w" in of for _, of in given])],
    )


def _pairs(text: str) -> list[Pair]:
    found = [one.split() for line in text.split("\n") for one in line.split("|") if one]
    return [(khmer, latin) for khmer, latin in found]


def _distinct(pairs: Sequence[Pair]) -> list[Pair]:
    """Leave out what is written in either script as a name before it."""
    seen: set[str] = set()
    kept = []
    for pair in pairs:
        if not seen.intersection(pair):
            kept.append(pair)
        seen.update(pair)
    return kept


def _given() -> list[tuple[Pair, str]]:
    """Give given names and whose they are ("mw" for both), the most common first.

    Those of one part, and each first part with each second; common parts make common names.
    """
    firsts, seconds = _pairs(FIRST), _pairs(SECOND)
    found = [(n, (k, latin.capitalize()), _of(k)) for n, (k, latin) in enumerate(seconds)]
    for one, (khmer, latin) in enumerate(firsts, 1):
        for other, (more, in_latin) in enumerate(seconds, 1):
            if khmer != more:
                pair = (khmer + more, latin + in_latin)
                found.append((one * other, pair, _of(khmer, more)))
    return [(pair, of) for _, pair, of in sorted(found)]


def _of(*parts: str) -> str:
    """Say whose a name is; "" where one part is a woman's and the other a man's."""
    men = "" if OF_WOMEN.intersection(parts) else "m"
    return men + ("" if OF_MEN.intersection(parts) else "w")


def _script(texts: list[str], slips: Sequence[tuple[str, str]]) -> Script:
    spellings, first, count = list(texts), [], []
    for text in texts:
        slipped = sorted({_slipped(text, *slip) for slip in slips} - {text})
        first.append(len(spellings))
        count.append(len(slipped))
        spellings += slipped
    return Script(pa.array(spellings, pa.string()), np.array(first), np.array(count))


def _slipped(text: str, old: str, new: str) -> str:
    """Put one spelling for another, once, and never in the first letter."""
    at = text.find(old, 1)
    return text[:at] + new + text[at + len(old) :] if at > 0 else text


@lru_cache(maxsize=8)
def _commonness(number: int, steepness: float) -> npt.NDArray[np.float64]:
    """Give the cumulative shares of names by their place (Zipf)."""
    share = 1 / np.arange(1, number + 1) ** steepness
    return np.asarray(np.cumsum(share) / share.sum())


def draw_family(chance: np.random.Generator, number: int) -> Ints:
    """Draw so many family names."""
    return _draw(chance, names().family, number, FAMILY_STEEPNESS)


def draw_given(chance: np.random.Generator, male: npt.NDArray[np.bool_]) -> Ints:
    """Draw given names for people of known sex."""
    men = _draw(chance, names().of_men, len(male), GIVEN_STEEPNESS)
    return np.where(male, men, _draw(chance, names().of_women, len(male), GIVEN_STEEPNESS))


def _draw(chance: np.random.Generator, listed: Ints, number: int, steepness: float) -> Ints:
    shares = _commonness(len(listed), steepness)
    return listed[np.minimum(np.searchsorted(shares, chance.random(number)), len(listed) - 1)]
