"""The indicators in force, and what is aimed at: from `policy/results`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from spean.kernel.errors import N_, NotFound
from spean.kernel.policy import Indicator, IndicatorSet, NotInForce, TableValue, Text, policy

FOLDER, REPORT, TARGETS = "results.indicators", "results.report", "results.targets"
GROUPS = ("pregnancy", "birth", "after_birth", "immunisation", "nutrition", "deaths")
OF_A_REPORT = ("pregnancy", "birth", "after_birth", "doses", "nutrition", "deaths")


class UnknownIndicator(NotFound):
    """Say that there is no such indicator."""

    code = "results.unknown_indicator"
    message = N_("There is no indicator “%(indicator)s”. Choose one from the list.")
    field = "indicator"


@dataclass(frozen=True, slots=True)
class Aim:
    """What surveys found and what is aimed at, each with its year; and by which source.

    `of_nation` where the area has none of its own.
    """

    of_nation: bool
    measured: tuple[tuple[int, Decimal], ...]
    targets: tuple[tuple[int, Decimal], ...]
    reference: str


def groups(on: date) -> Mapping[str, IndicatorSet]:
    """Give the sets of indicators in force on a day, by their code."""
    return {code: policy.indicators(f"{FOLDER}.{code}", on=on) for code in GROUPS}


def report_groups(on: date) -> Mapping[str, IndicatorSet]:
    """Give what a facility's monthly report counts, in sections."""
    return {code: policy.indicators(f"{REPORT}.{code}", on=on) for code in OF_A_REPORT}


def indicator(code: str, on: date) -> tuple[Indicator, IndicatorSet]:
    """Give an indicator in force on a day and its set. Raises UnknownIndicator."""
    for found in groups(on).values():
        for one in found.rows:
            if one.code == code:
                return one, found
    raise UnknownIndicator(indicator=code[:60])


def aim(code: str, area: str, on: date) -> Aim | None:
    """Give what is aimed at for an indicator in an area, else in the nation; None where nothing."""
    try:
        table = policy.table(f"{TARGETS}.{code}", on=on)
    except (NotInForce, KeyError):
        return None
    own = table.rows.get(f"area_{area}")
    return _aim(own or table.rows["nation"], table, of_nation=own is None)


def _aim(row: Mapping[str, Decimal], table: TableValue, *, of_nation: bool) -> Aim:
    def of(prefix: str) -> tuple[tuple[int, Decimal], ...]:
        return tuple(
            (int(name.removeprefix(prefix)), value)
            for name, value in row.items()
            if name.startswith(prefix)
        )

    return Aim(of_nation, of("in_"), of("by_"), table.reference)


def name_of(text: Text, language: str) -> str:
    """Give a text of policy in a language."""
    return text.en if language == "en" else text.km
