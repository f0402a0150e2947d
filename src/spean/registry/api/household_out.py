"""How the API describes a household on a day."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from ninja import Schema

from spean.registry.api.schemas import RegistryPlaceOut
from spean.registry.models import EquityCard, Identifier
from spean.registry.models.households import Relation
from spean.registry.models.people import BirthDatePrecision, Sex
from spean.registry.queries import HouseholdState, MemberState


class IdentifierOut(Schema):
    """A number and its kind."""

    kind: str
    value: str

    @classmethod
    def all_of(cls, numbers: Iterable[Identifier]) -> "list[IdentifierOut]":
        """Describe numbers."""
        return [cls(kind=number.kind, value=number.value) for number in numbers]


class HeldCardOut(Schema):
    """A card that holds on the day; `/cards/{number}` gives the rest."""

    number: str
    category: str
    start: date
    end: date | None

    @classmethod
    def of(cls, card: EquityCard) -> "HeldCardOut":
        """Describe a card."""
        return cls(number=card.number, category=card.category, start=card.start, end=card.end)


class MemberOut(Schema):
    """A member with what is recorded for the day. `age` is in whole years."""

    person_id: UUID
    family_name_km: str
    given_name_km: str
    family_name_latin: str
    given_name_latin: str
    sex: Sex
    birth_date: date
    birth_date_precision: BirthDatePrecision
    age: int
    phone: str
    relation: Relation
    since: date
    pregnant: bool
    disabled: bool
    identifiers: list[IdentifierOut]

    @classmethod
    def of(cls, member: MemberState) -> "MemberOut":
        """Describe a member."""
        facts = member.facts
        return cls(
            person_id=member.person_id,
            family_name_km=facts.family_name_km,
            given_name_km=facts.given_name_km,
            family_name_latin=facts.family_name_latin,
            given_name_latin=facts.given_name_latin,
            sex=Sex(facts.sex),
            birth_date=facts.birth_date,
            birth_date_precision=BirthDatePrecision(facts.birth_date_precision),
            age=member.age,
            phone=facts.phone,
            relation=Relation(member.relation),
            since=member.since,
            pregnant=member.pregnant,
            disabled=member.disabled,
            identifiers=IdentifierOut.all_of(member.identifiers),
        )


class HouseholdOut(Schema):
    """A household as recorded for the day `on`, the head first; a dissolved one has no members."""

    id: UUID
    on: date
    village: RegistryPlaceOut
    address: str
    phone: str
    registered_on: date
    dissolved: bool
    members: list[MemberOut]
    cards: list[HeldCardOut]
    identifiers: list[IdentifierOut]

    @classmethod
    def of(cls, state: HouseholdState) -> "HouseholdOut":
        """Describe a household on a day."""
        return cls(
            id=state.household.pk,
            on=state.on,
            village=RegistryPlaceOut.of(state.village),
            address=state.address,
            phone=state.phone,
            registered_on=state.household.registered_on,
            dissolved=state.dissolved,
            members=[MemberOut.of(member) for member in state.members],
            cards=[HeldCardOut.of(card) for card in state.cards],
            identifiers=IdentifierOut.all_of(state.identifiers),
        )
