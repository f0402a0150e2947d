"""The evidence of the household in one comparison: who else lives there, the telephone, the place.

They are one comparison because they hang together: a household registered again agrees in all of
them at once, and of its members' pairs still only one in a few is one person. So no level of it
may say more than "these two are of one household" (`crossed`).
"""

from splink import comparison_level_library as cll

from spean.registry.rules.evidence import OTHER
from spean.registry.rules.linkage.comparisons import Compared, Level, Named, when
from spean.registry.rules.linkage.measures import Measures

# In a household registered again, each member meets so many who are somebody else.
CROSSED = 3.3
# The chance that the others of two unrelated households share three signs, two, or one.
SIGNS_BY_CHANCE = {3: 1e-8, 2: 4e-6, 1: 1.5e-3}


def household(measures: Measures) -> Compared:
    """Compare households: shared members first, then the telephone, then how near they are."""
    village, commune = measures.village, measures.commune
    district, province = measures.district, measures.province
    chance = SIGNS_BY_CHANCE
    levels = (
        ("two or more shared members", _shared(3), 0.52, chance[3]),
        ("a shared member, same province",
         cll.And(_shared(2), _in("province")), 0.05, chance[2] * province),
        ("a shared member", _shared(2), 0.01, chance[2]),
        ("same telephone", when("phone_l = phone_r"), 0.02, measures.phone),
        ("perhaps a shared member, same village",
         cll.And(_shared(1), _in("village")), 0.04, chance[1] * village),
        ("perhaps a shared member, same province",
         cll.And(_shared(1), _in("province")), 0.03, chance[1] * province),
        ("same village", _in("village"), 0.05, village),
        ("same commune", _in("commune"), 0.04, commune - village),
        ("same district", _in("district"), 0.09, district - commune),
        ("same province", _in("province"), 0.17, province - district),
        (OTHER, cll.ElseLevel(), 0.01, 1 - province),
    )  # fmt: skip
    return Compared(
        "household",
        when("village_l IS NULL OR village_r IS NULL"),
        tuple(
            Named(name, condition, m, max(u, 1e-12) + CROSSED * measures.prior * m)
            for name, condition, m, u in levels
        ),
    )


def _in(area: str) -> Level:
    return when(f"{area}_l = {area}_r")


def _shared(signs: int) -> Level:
    """Tell whether the other members of both households share so many signs."""
    return cll.ArrayIntersectLevel("others", signs)
