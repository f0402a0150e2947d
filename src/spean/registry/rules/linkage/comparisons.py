"""What is compared between two records, as short lists of named levels, the strongest first.

Each level has its m: how often two records of one person stand on it (estimated on the invented
country, whose truth is known), and its u: how often two people do, by chance.
"""

from dataclasses import dataclass

from splink import comparison_level_library as cll
from splink import comparison_library as cl
from splink.internals.comparison_level_creator import ComparisonLevelCreator

from spean.registry.rules.evidence import NOT_KNOWN, OTHER
from spean.registry.rules.linkage.measures import Measures, Spellings

Level = ComparisonLevelCreator


@dataclass(frozen=True, slots=True)
class Named:
    """A level of a comparison: its name, its condition, m, u, and the column whose rarity counts.

    With a rarity, u is scaled by how common the very value is beside the mean of the exact level;
    of a level that stands `alone`, u is how common the value is.
    """

    name: str
    condition: Level
    m: float
    u: float
    rarity: str = ""
    alone: bool = False

    def level(self) -> Level:
        """Give the level as Splink takes it."""
        made = self.condition.configure(
            label_for_charts=self.name, m_probability=self.m, u_probability=self.u
        )
        if self.rarity:
            made = made.configure(
                tf_adjustment_column=self.rarity,
                tf_adjustment_weight=1.0,
                disable_tf_exact_match_detection=self.alone,
            )
        return made


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison: its name, when it can't be made, and its levels; the last is all the rest."""

    name: str
    not_known: Level
    levels: tuple[Named, ...]

    def comparison(self) -> cl.CustomComparison:
        """Give the comparison as Splink takes it."""
        nothing = self.not_known.configure(is_null_level=True, label_for_charts=NOT_KNOWN)
        return cl.CustomComparison(
            output_column_name=self.name,
            comparison_levels=[nothing, *(one.level() for one in self.levels)],
        )

    def level_names(self) -> dict[int, str]:
        """Give the name of each level by the number that Splink gives it."""
        last = len(self.levels) - 1
        return {-1: NOT_KNOWN} | {last - place: one.name for place, one in enumerate(self.levels)}


def when(sql: str) -> cll.CustomLevel:
    """Give the level of the pairs of which this SQL holds, in words that DuckDB and Spark share."""
    return cll.CustomLevel(sql)


def _same(*columns: str) -> str:
    return " OR ".join(f"{column}_l = {column}_r" for column in columns)


def _same_or_not_known(column: str) -> str:
    return f"coalesce({column}_l = {column}_r, TRUE)"


def _alike(part: str) -> cll.CustomLevel:
    """Tell whether the letters differ in one place, or in two of a long name."""
    apart = f"levenshtein({part}_plain_l, {part}_plain_r)"
    shorter = f"least(length({part}_plain_l), length({part}_plain_r))"
    return when(f"{apart} <= CASE WHEN {shorter} >= 7 THEN 2 WHEN {shorter} >= 4 THEN 1 ELSE 0 END")


EXCHANGED_SQL = (
    "(given_key_l = family_key_r AND family_key_l = given_key_r) OR "
    "(given_key_km_l = family_key_km_r AND family_key_km_l = given_key_km_r)"
)


def _name_levels(
    part: str, ms: tuple[float, float, float, float], spellings: Spellings
) -> tuple[Named, ...]:
    """Give the levels of one part of the name that agree, in whichever scripts the records have.

    The share of the very key among all people is what chance makes of it; of that, the same
    spelling in just one script is the share that `spellings` tells.
    """
    spelt = (
        f"{_same_or_not_known(part + '_km')} AND {_same_or_not_known(part + '_latin')} "
        f"AND ({_same(part + '_km', part + '_latin')})"
    )
    across = (
        f"{part}_key_km_l = {part}_key_km_r OR {part}_key_l = {part}_key_km_r "
        f"OR {part}_key_km_l = {part}_key_r"
    )
    key = f"{part}_key"
    return (
        Named("same spelling", when(spelt), ms[0], spellings.both, f"{part}_plain", alone=True),
        Named("same in one script", when(_same(f"{part}_km", f"{part}_latin")), ms[1],
              spellings.in_one_script, key),
        Named("same sound", cll.ExactMatchLevel(key), ms[2], spellings.key, key),
        Named("same sound in one script", when(across), ms[3], spellings.key, key, alone=True),
    )  # fmt: skip


def given_name(measures: Measures) -> Compared:
    """Compare given names; where both parts of the name are exchanged, the evidence stands here."""
    return Compared(
        "given_name",
        when("given_key_l IS NULL OR given_key_r IS NULL"),
        (
            *_name_levels("given", (0.43, 0.39, 0.1, 0.03), measures.given_spellings),
            Named("exchanged with the family name", when(EXCHANGED_SQL), 0.03, 3e-6),
            Named("alike", _alike("given"), 0.01, 0.01),
            Named(OTHER, cll.ElseLevel(), 0.01, 0.98),
        ),
    )


def family_name(measures: Measures) -> Compared:
    """Compare family names; exchanged ones count for nothing here."""
    return Compared(
        "family_name",
        when("family_key_l IS NULL OR family_key_r IS NULL"),
        (
            *_name_levels("family", (0.7, 0.21, 0.03, 0.01), measures.family_spellings),
            Named("exchanged with the given name", when(EXCHANGED_SQL), 0.03, 0.03),
            Named("alike", _alike("family"), 0.01, 0.03),
            Named(OTHER, cll.ElseLevel(), 0.01, 0.93),
        ),
    )


def birth(measures: Measures) -> Compared:
    """Compare dates of birth, as far as each is known."""
    both = min(max(measures.exact**2, 1e-6), 1 - 1e-6)
    day = measures.birth_day * both
    year = measures.birth_year
    exact = "birth_day_l IS NOT NULL AND birth_day_r IS NOT NULL"
    year_same = "birth_year_l = birth_year_r"
    parts = (
        f"({year_same} AND (birth_month_l = birth_month_r OR birth_dom_l = birth_dom_r)) "
        "OR (birth_month_l = birth_month_r AND birth_dom_l = birth_dom_r)"
    )
    not_exact = f"NOT ({exact})"
    months = "coalesce(birth_month_l = birth_month_r, TRUE)"
    guessed = "(birth_estimated_l OR birth_estimated_r) AND abs(birth_year_l - birth_year_r) <= 2"
    return Compared(
        "birth",
        when("birth_year_l IS NULL OR birth_year_r IS NULL"),
        (
            Named("same day", when("birth_day_l = birth_day_r"), 0.71, day),
            Named("day and month exchanged",
                  when("birth_either_way_l = birth_either_way_r"), 0.02, day * 0.4),
            Named("a year off",
                  when("abs(birth_day_l - birth_day_r) BETWEEN 365 AND 366"), 0.045, day * 3),
            Named("same year, the day not known",
                  when(f"{year_same} AND {not_exact} AND {months}"), 0.2, year * (1 - both)),
            Named("one part differs", when(f"{exact} AND ({parts})"), 0.01, 0.004 * both),
            Named("about the same year", when(guessed), 0.01, year * 4 * (1 - both)),
            Named(OTHER, cll.ElseLevel(), 0.01, 0.98),
        ),
    )  # fmt: skip


def sex() -> Compared:
    """Compare sexes: given names mostly tell them already, so that agreeing is worth nothing."""
    return Compared(
        "sex",
        when("sex_l IS NULL OR sex_r IS NULL"),
        (
            Named("same", when("sex_l = sex_r"), 0.99, 0.99),
            Named(OTHER, cll.ElseLevel(), 0.01, 0.5),
        ),
    )


def national_id() -> Compared:
    """Compare identity numbers; a card is renewed under another number for one in ten."""
    return Compared(
        "national_id",
        when("national_id_l IS NULL OR national_id_r IS NULL"),
        (
            Named("same", when("national_id_l = national_id_r"), 0.88, 1e-7),
            Named("one digit off",
                  when("levenshtein(national_id_l, national_id_r) <= 1"), 0.02, 1e-6),
            Named(OTHER, cll.ElseLevel(), 0.1, 0.999),
        ),
    )  # fmt: skip
