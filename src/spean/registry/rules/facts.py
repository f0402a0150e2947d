"""What rules of other modules ask of a household: counts on one day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from spean.kernel.periods import age_on

EARNER, ADULT, OLD = 15, 18, 60


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One member on the day."""

    sex: str
    birth_date: date
    relation: str
    disabled: bool = False
    pregnant: bool = False


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """Counts of the members on `on`. Adults are 18 to 59, the elderly 60 or older.

    `of_earning_age` are 15 to 59, `dependants` all the others.
    """

    on: date
    village: str
    members: int
    under_2: int
    under_5: int
    under_18: int
    adults: int
    elderly: int
    of_earning_age: int
    dependants: int
    disabled: int
    pregnant: int
    female_head: bool
    single_head: bool


def household_facts(members: Iterable[MemberFacts], *, village: str, on: date) -> HouseholdFacts:
    """Count the members by age, sex and need."""
    people = list(members)
    ages = [age_on(member.birth_date, on) for member in people]
    of_earning_age = sum(EARNER <= age < OLD for age in ages)
    return HouseholdFacts(
        on=on,
        village=village,
        members=len(people),
        under_2=sum(age < 2 for age in ages),
        under_5=sum(age < 5 for age in ages),
        under_18=sum(age < ADULT for age in ages),
        adults=sum(ADULT <= age < OLD for age in ages),
        elderly=sum(age >= OLD for age in ages),
        of_earning_age=of_earning_age,
        dependants=len(people) - of_earning_age,
        disabled=sum(member.disabled for member in people),
        pregnant=sum(member.pregnant for member in people),
        female_head=any(m.relation == "head" and m.sex == "female" for m in people),
        single_head=all(member.relation != "spouse" for member in people),
    )
