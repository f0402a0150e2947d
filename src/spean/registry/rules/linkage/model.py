"""The model of linkage: which pairs are looked at, what is compared, and what it weighs.

One object of settings for DuckDB and for Spark.
"""

from splink import SettingsCreator
from splink.blocking_rule_library import CustomRule

from spean.registry.rules.linkage import comparisons, household
from spean.registry.rules.linkage.comparisons import Compared
from spean.registry.rules.linkage.measures import Measures

# Which records are worth comparing: those that agree in all columns of one of these lines. Each
# line's blocks stay small in a country of 16 million.
BLOCKS = (
    ("name_key", "birth_either_way"),
    ("name_key_km", "birth_either_way"),
    ("given_key", "birth_either_way", "province"),
    ("given_key_km", "birth_either_way", "province"),
    ("family_key", "birth_day", "sex", "district"),
    ("name_key", "birthday", "sex", "province"),
    ("name_key", "birth_year", "sex", "district"),
    ("name_key_km", "birth_year", "sex", "district"),
    ("name_key", "sex", "village"),
    ("family", "sex"),
    ("rare_phone", "sex"),
    ("rare_id",),
)
_ELSEWHERE = "l.household <> r.household"


def compared(measures: Measures) -> tuple[Compared, ...]:
    """Give what is compared, in the order in which a clerk reads it."""
    return (
        comparisons.given_name(measures),
        comparisons.family_name(measures),
        comparisons.birth(measures),
        comparisons.sex(),
        household.household(measures),
        comparisons.national_id(),
    )


def settings(measures: Measures) -> SettingsCreator:
    """Give the model for records of these measures."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record",
        probability_two_random_records_match=measures.prior,
        comparisons=[one.comparison() for one in compared(measures)],
        blocking_rules_to_generate_predictions=[_rule(columns) for columns in BLOCKS],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=False,
    )


def _rule(columns: tuple[str, ...]) -> CustomRule:
    """Pair the records that agree in these columns and live in two households."""
    agree = " AND ".join(f"l.{column} = r.{column}" for column in columns)
    return CustomRule(f"{agree} AND {_ELSEWHERE}")
