"""Names of invented people, in Khmer and in the Latin letters usual on identity cards."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Names = tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]

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


def _pairs(text: str) -> list[tuple[str, str]]:
    found = [tuple(one.split()) for line in text.split("\n") for one in line.split("|") if one]
    return [(khmer, latin) for khmer, latin in found]


@lru_cache(maxsize=1)
def family_names() -> Names:
    """Give all family names, in Khmer and in Latin letters."""
    return _columns(_pairs(FAMILY))


@lru_cache(maxsize=1)
def given_names() -> Names:
    """Give all given names: short ones of one part, and each first part with each second."""
    firsts, seconds = _pairs(FIRST), _pairs(SECOND)
    short = [(k, latin.capitalize()) for k, latin in seconds]
    long = [(a + b, la + lb) for a, la in firsts for b, lb in seconds if a != b]
    return _columns(short + long)


def _columns(pairs: list[tuple[str, str]]) -> Names:
    columns = list(zip(*pairs, strict=True))
    khmer, latin = (np.array(column, dtype=object) for column in columns)
    return khmer, latin


@lru_cache(maxsize=8)
def _commonness(number: int, steepness: float) -> npt.NDArray[np.float64]:
    """Give the cumulative shares of names by their place."""
    share = 1 / np.arange(1, number + 1) ** steepness
    return np.asarray(np.cumsum(share) / share.sum())


def draw(chance: np.random.Generator, names: Names, number: int, steepness: float) -> Ints:
    """Draw so many places in a list of names, the first ones most often."""
    return np.searchsorted(_commonness(len(names[0]), steepness), chance.random(number))


def misspell(name: str, *, khmer: bool, chance: np.random.Generator) -> str:
    """Give the name as another clerk might spell it; as it is where no slip fits."""
    slips = KHMER_SLIPS if khmer else LATIN_SLIPS
    fitting = [(a, b) for a, b in slips if a in name.lower()[1:] or (khmer and a in name[1:])]
    if not fitting:
        return name
    old, new = fitting[int(chance.integers(len(fitting)))]
    at = name.find(old, 1)
    return name[:at] + new + name[at + len(old) :] if at > 0 else name
