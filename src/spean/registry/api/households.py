"""Households over the API: register one, read one as of any day, read its changes."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import N_, SpeanError
from spean.locations import queries as locations
from spean.registry import actions, queries
from spean.registry.api.changes import ChangeOut
from spean.registry.api.household_out import HouseholdOut
from spean.registry.api.schemas import SEE, WITH_CANDIDATES, candidates_shown
from spean.registry.models.households import Relation
from spean.registry.models.people import BirthDatePrecision, Difficulty, Sex

router = Router(tags=["households"])
REGISTER = "registry.register_household"
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class DayInFuture(SpeanError):
    """Refuse to tell what will be."""

    code = "registry.day_in_future"
    message = N_("Choose today or an earlier day.")
    field = "on"


class FunctioningIn(StrictSchema):
    """The six questions of the Washington Group short set; 1 no difficulty, 4 cannot do it."""

    seeing: Difficulty
    hearing: Difficulty
    walking: Difficulty
    remembering: Difficulty
    self_care: Difficulty
    communicating: Difficulty


class MemberIn(StrictSchema):
    """One member, with a name in at least one script, and the relation to the head."""

    family_name_km: Text = Field("", examples=["សុខ"])
    given_name_km: Text = Field("", examples=["ដារ៉ា"])
    family_name_latin: Text = Field("", examples=["Sok"])
    given_name_latin: Text = Field("", examples=["Dara"])
    sex: Sex
    birth_date: date = Field(examples=["1988-02-01"])
    birth_date_precision: BirthDatePrecision = BirthDatePrecision.EXACT
    relation: Relation
    phone: Text = Field("", examples=["012 345 678"])
    identifiers: dict[Text, Text] = Field(
        default_factory=dict, examples=[{"national_id": "010203040"}]
    )
    functioning: FunctioningIn | None = None
    pregnant: bool = False

    def as_told(self) -> actions.NewMember:
        """Give the member as the registry's action takes it."""
        return actions.NewMember(**self.model_dump())


class HouseholdIn(StrictSchema):
    """A household as it is today. `not_duplicates` says that the candidates were looked at."""

    village: Annotated[str, Field(pattern=r"^[0-9]{8}$", examples=["16010101"])]
    address: Text = Field("", examples=["ផ្ទះលេខ 5"])
    phone: Text = Field("", examples=["012 345 678"])
    members: list[MemberIn] = Field(max_length=50)
    not_duplicates: bool = False


@router.post("/households", response={201: HouseholdOut, **WITH_CANDIDATES})
@access.declared(REGISTER, purpose=Purpose.REGISTRATION)
@idempotent
def register_household(request: WithActor, body: HouseholdIn) -> Any:
    """Register a household. People who may already be recorded are shown first (409)."""
    by, today = request.actor, timezone.localdate()
    with candidates_shown():
        made = actions.register_household(
            village=locations.place(body.village, on=today),
            address=body.address,
            phone=body.phone,
            members=[member.as_told() for member in body.members],
            not_duplicates=body.not_duplicates,
            by=by,
            on=today,
        )
    return Status(201, HouseholdOut.of(queries.household_as_of(made.pk, by=by, on=today)))


@router.get("/households/{uuid:household_id}", response={200: HouseholdOut, **PROBLEMS})
@access.declared("registry.view_household", purpose=SEE)
def household(request: WithActor, household_id: UUID, on: date | None = None) -> Any:
    """Give a household as recorded for a day (today if none is asked for); reading is recorded.

    `on` is any day from the one on which the household was registered.
    """
    today = timezone.localdate()
    if on is not None and on > today:
        raise DayInFuture
    return HouseholdOut.of(queries.household_as_of(household_id, by=request.actor, on=on or today))


@router.get("/households/{uuid:household_id}/changes", response={200: Page[ChangeOut], **PROBLEMS})
@access.declared("registry.view_household", purpose=SEE)
def changes_of_household(
    request: WithActor, household_id: UUID, cursor: str | None = None, limit: int = 50
) -> Any:
    """List what was asked and done about a household, the newest first; reading is recorded."""
    found = queries.household(household_id, by=request.actor)
    changes = queries.changes_of(found, by=request.actor)
    rows, following = page_of(changes, cursor=cursor, limit=limit, key="-id")
    return {"items": [ChangeOut.of(change) for change in rows], "next": following}
