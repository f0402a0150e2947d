"""What several parts of the registry's API take and give."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator

from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Problem
from spean.locations.queries import Place
from spean.registry import actions, queries
from spean.registry.models.people import BirthDatePrecision, Sex

SEE = (Purpose.REGISTRATION, Purpose.TARGETING, Purpose.OVERSIGHT)
Reason = Annotated[
    str,
    Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$", examples=["ឪពុក​បាន​ប្រាប់"]),
]
Note = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]


def storable(value: Any) -> Any:
    """Refuse the one character that no text in the database can hold."""
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("a text has no null character")
    for part in [*value, *value.values()] if isinstance(value, dict) else ():
        storable(part)
    for part in value if isinstance(value, list) else ():
        storable(part)
    return value


Storable = AfterValidator(storable)


class RegistryPlaceOut(Schema):
    """A place by its code, and its name in both languages."""

    code: str = Field(examples=["16010101"])
    name_km: str
    name_en: str

    @classmethod
    def of(cls, place: Place) -> "RegistryPlaceOut":
        """Describe a place."""
        return cls(code=place.code, name_km=place.name_km, name_en=place.name_en)


class PersonFoundOut(Schema):
    """One person found, with where they live, or lived last. `likeness` is at most 1."""

    where: Literal["here"] = "here"
    person_id: UUID
    name_km: str = Field(examples=["សុខ ដារ៉ា"])
    name_latin: str = Field(examples=["Sok Dara"])
    sex: Sex
    birth_date: date
    birth_date_precision: BirthDatePrecision
    household_id: UUID | None
    village: RegistryPlaceOut | None
    likeness: float = Field(ge=0, le=1)

    @classmethod
    def of(cls, hit: queries.PersonHit) -> "PersonFoundOut":
        """Describe a person found."""
        return cls(
            person_id=hit.person_id,
            name_km=hit.name_km,
            name_latin=hit.name_latin,
            sex=Sex(hit.sex),
            birth_date=hit.birth_date,
            birth_date_precision=BirthDatePrecision(hit.birth_date_precision),
            household_id=hit.household_id,
            village=RegistryPlaceOut.of(hit.village) if hit.village else None,
            likeness=round(hit.likeness, 3),
        )


class FoundElsewhereOut(Schema):
    """A likely record outside the caller's area: only that there is one, and in which district."""

    where: Literal["elsewhere"] = "elsewhere"
    district: str = Field(examples=["1602"])
    likeness: float = Field(ge=0, le=1)


class CandidateOut(Schema):
    """The records that one member, counted from 0, may already have."""

    member: int
    likely: list[PersonFoundOut | FoundElsewhereOut]


class DuplicatesProblem(Problem):
    """A problem that shows, where the code is `registry.likely_duplicates`, whom to look at."""

    candidates: list[CandidateOut] = []


# 409 is taken out of the set, since of two descriptions of one status the first would stand.
WITH_CANDIDATES: dict[Any, type[Problem]] = {
    frozenset(status for statuses in PROBLEMS for status in statuses if status != 409): Problem,
    409: DuplicatesProblem,
}


@contextmanager
def candidates_shown() -> Iterator[None]:
    """Let the problem document of likely duplicates list them."""
    try:
        yield
    except actions.LikelyDuplicates as error:
        error.extra = {
            "candidates": [
                CandidateOut(member=n, likely=[_candidate(one) for one in likely]).model_dump(
                    mode="json"
                )
                for n, likely in error.candidates.items()
            ]
        }
        raise


def _candidate(found: queries.PersonHit | queries.Elsewhere) -> PersonFoundOut | FoundElsewhereOut:
    if isinstance(found, queries.Elsewhere):
        return FoundElsewhereOut(district=found.district, likeness=round(found.likeness, 3))
    return PersonFoundOut.of(found)
