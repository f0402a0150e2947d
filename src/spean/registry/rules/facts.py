"""What rules of other modules ask of a household: counts on one day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

ADULT, OLD = 18, 60


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
    """Counts of the members on `on`. Adults are 18 to 59, the elderly 60 or older."""

    on: date
    village: str
    members: int
    under_2: int
    under_5: int
    under_18: int
    adults: int
    elderly: int
    disabled: int
    pregnant: int
    female_head: bool
    single_head: bool


def age_on(birth_date: date, on: date) -> int:
    """Give the completed years of age; who was born on 29 February ages on 1 March."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def household_facts(members: Iterable[MemberFacts], *, village: str, on: date) -> HouseholdFacts:
    """Count the members by age, sex and need."""
    people = list(members)
    ages = [age_on(member.birth_date, on) for member in people]
    return HouseholdFacts(
        on=on,
        village=village,
        members=len(people),
        under_2=sum(age < 2 for age in ages),
        under_5=sum(age < 5 for age in ages),
        under_18=sum(age < ADULT for age in ages),
        adults=sum(ADULT <= age < OLD for age in ages),
        elderly=sum(age >= OLD for age in ages),
        disabled=sum(member.disabled for member in people),
        pregnant=sum(member.pregnant for member in people),
        female_head=any(m.relation == "head" and m.sex == "female" for m in people),
        single_head=all(member.relation != "spouse" for member in people),
    )
