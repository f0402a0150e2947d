"""What a snapshot says of places: SQL that other modules' statements build on."""

from collections.abc import Iterable

# One row a village valid on {on}: id, code, and its kind of area, its own or the nearest holder's.
VILLAGES = """
    SELECT village.id, village.code,
           (SELECT class.kind
            FROM locations_areaclass class JOIN locations_place place ON place.id = class.place_id
            WHERE place.code IN (village.code, left(village.code, 6), left(village.code, 4),
                                 left(village.code, 2))
              AND class.start <= {on} AND (class."end" IS NULL OR class."end" > {on})
            ORDER BY length(place.code) DESC LIMIT 1) AS area_class
    FROM locations_place village WHERE village.level = 'village'
"""


def lying_in(places: Iterable[str]) -> str:
    """Write the test that a row's `village` lies in one of some places, of any level, as SQL.

    One look-up for each length of code, however many places there are. Raises ValueError for what
    is no code: it is written into the statement.
    """
    by_length: dict[int, list[str]] = {}
    for code in places:
        if code and not (code.isascii() and code.isdigit()):
            raise ValueError(code)
        by_length.setdefault(len(code), []).append(f"'{code}'")
    tests = (f"village[:{n}] IN ({', '.join(codes)})" for n, codes in by_length.items())
    return f"({' OR '.join(tests) or 'false'})"
