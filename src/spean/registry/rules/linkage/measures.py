"""How often records of two people agree by chance, counted in the records themselves."""

from dataclasses import dataclass
from typing import Any

# ASSUMED: of a hundred people two are recorded twice; no public count of double records.
DOUBLE_SHARE = 0.02
# ASSUMED: of a hundred people of one name, at least three are spelt otherwise in just one script.
# A slip is no proof of a double record, though an invented country has slips in no others.
SPELT_OTHERWISE = 0.03


@dataclass(frozen=True, slots=True)
class Spellings:
    """Chances that one part of two people's names has the same key, or the same spelling."""

    key: float
    khmer: float
    latin: float
    both: float

    @property
    def in_one_script(self) -> float:
        """Give the chance that one script's spelling agrees and the other's doesn't."""
        return max(self.khmer + self.latin - 2 * self.both, self.key * SPELT_OTHERWISE)


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts and chances of agreement of the records that are linked; all chances from 0 to 1."""

    records: int
    village: float
    commune: float
    district: float
    province: float
    birth_day: float
    birth_year: float
    exact: float
    phone: float
    given_spellings: Spellings
    family_spellings: Spellings
    double_share: float = DOUBLE_SHARE

    @property
    def prior(self) -> float:
        """Give the chance that two records drawn at random are one person."""
        return min(0.5, 2 * self.double_share / max(self.records, 2))


def measure(connection: Any, prepared: str, *, double_share: float = DOUBLE_SHARE) -> Measures:
    """Count what the model has to know of the prepared table.

    `double_share` is how many pairs of records of one person one expects for each record.
    """
    records, exact = connection.execute(
        f"SELECT count(*), avg(CASE WHEN birth_day IS NULL THEN 0 ELSE 1 END) FROM {prepared}"
    ).fetchone()
    columns = ("village", "commune", "district", "province", "birth_day", "birth_year", "phone")
    return Measures(
        records=records,
        exact=float(exact or 0),
        double_share=double_share,
        given_spellings=_spellings(connection, prepared, "given"),
        family_spellings=_spellings(connection, prepared, "family"),
        **{column: _same_by_chance(connection, prepared, column) for column in columns},
    )


def _spellings(connection: Any, prepared: str, part: str) -> Spellings:
    """Measure one part of the names."""
    khmer, latin = f"{part}_km", f"{part}_latin"
    return Spellings(
        key=_same_by_chance(connection, prepared, f"{part}_key"),
        khmer=_same_by_chance(connection, prepared, khmer),
        latin=_same_by_chance(connection, prepared, latin),
        both=_same_by_chance(connection, prepared, f"{khmer} || ' ' || {latin}"),
    )


def _same_by_chance(connection: Any, prepared: str, column: str) -> float:
    """Give the chance that two random records that both have a value have the same one."""
    ((same,),) = connection.execute(
        f"""SELECT sum(n * (n - 1)) / greatest(sum(n) * (sum(n) - 1), 1)
        FROM (SELECT CAST(count(*) AS DOUBLE) AS n FROM {prepared}
              WHERE ({column}) IS NOT NULL GROUP BY {column})"""
    ).fetchall()
    return max(float(same or 0), 1e-9)
