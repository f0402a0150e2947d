"""What every kind of change has: what it asks for, what it saw, its checks and its effects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from spean.kernel.access import Actor
from spean.kernel.errors import N_, NotFound, SpeanError
from spean.locations import queries as locations
from spean.locations.queries import Level, Place
from spean.registry.actions.checking import MemberProblem, Problems
from spean.registry.actions.journal import Journal
from spean.registry.actions.registration import NotAVillage
from spean.registry.models import Household, Person


class AnswerNotUnderstood(SpeanError):
    """Ask for an answer that is missing, of another form, or not asked for."""

    code = "registry.answer_not_understood"
    message = N_("This is missing, not asked for, or not written as it should be.")


class NothingChanges(SpeanError):
    """Refuse a change to what is recorded already."""

    code = "registry.nothing_changes"
    message = N_("This is what is recorded already. Nothing would change.")


@dataclass(frozen=True, slots=True)
class Case:
    """What a change works on: the records, the day it takes effect, who asks."""

    household: Household | None
    person: Person | None
    day: date
    by: Actor

    @property
    def home(self) -> Household:
        """The household, of a change that is about one."""
        if self.household is None:
            raise NotFound
        return self.household

    @property
    def who(self) -> Person:
        """The person, of a change that is about one."""
        if self.person is None:
            raise NotFound
        return self.person


class Proposal(BaseModel):
    """One kind of change. `check` runs when it is proposed, and again just before `apply`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ClassVar[str]
    permission: ClassVar[str] = "registry.propose_change"
    needs_household: ClassVar[bool] = False
    needs_person: ClassVar[bool] = False
    both_villages: ClassVar[bool] = False  # whether the proposer needs the right in both villages

    def other_village(self, case: Case) -> Place | None:
        """Give the other village that the change reaches into, if any."""
        return None

    def others(self) -> tuple[Sequence[UUID], Sequence[UUID]]:
        """Give the further households and people that the change writes to."""
        return (), ()

    def seen(self, case: Case) -> dict[str, Any]:
        """Give the values that the change would replace, field by field."""
        return {}

    def warn(self, case: Case) -> None:
        """Refuse once, when proposed, what the proposer may insist on."""

    def check(self, case: Case) -> None:
        """Refuse what can't be done."""

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        """Write the change, and give the events to announce."""
        raise NotImplementedError


def read(form: type[Proposal], proposal: dict[str, Any]) -> Proposal:
    """Read a proposal in the form of its kind. Raises Problems."""
    try:
        return form.model_validate(proposal)
    except ValidationError as wrong:
        raise Problems(
            MemberProblem(None, ".".join(map(str, error["loc"])), AnswerNotUnderstood())
            for error in wrong.errors()
        ) from wrong


def village_on(code: str, day: date) -> Place:
    """Give the village of this code on the day. Raises what is wrong with the code."""
    place = locations.place(code, day)
    if place.level != Level.VILLAGE:
        raise NotAVillage(place=locations.in_both_languages(place))
    return place
