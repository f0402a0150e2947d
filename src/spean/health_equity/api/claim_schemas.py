"""What claims look like over the API."""

from datetime import date
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from spean.kernel.api import StrictSchema

MOST = 1000


class LineIn(StrictSchema):
    """A service that is claimed, and the riel asked for."""

    service: str = Field(max_length=30)
    on: date
    quantity: int = 1
    asked: int


class ClaimIn(StrictSchema):
    """A claim; `external` is the facility's own number. The patient is named by the id of a record,
    a number, or a card with name or date of birth.
    """

    external: str
    scheme: str
    came_on: date
    left_on: date
    lines: list[LineIn]
    diagnoses: list[str] = []
    card: str = ""
    identifier: str = ""
    person: UUID | None = None
    patient: str = ""
    sex: str = ""
    birth_date: date | None = None
    referred: bool = False
    documents: list[str] = []


class ClaimsIn(StrictSchema):
    """Many claims of a facility; where one is refused, the good ones are kept, or none."""

    facility: str
    keep: Literal["good", "all_or_none"] = "good"
    claims: list[ClaimIn] = Field(min_length=1, max_length=MOST)


class BuildIn(StrictSchema):
    """A facility and a day of the month whose visits are claimed."""

    facility: str
    month: date


class JudgeIn(StrictSchema):
    """Which claims are judged: of a facility or all, of a month (by a day of it) or every one."""

    facility: str = ""
    month: date | None = None


class FundReasonIn(StrictSchema):
    """Why."""

    reason: str = Field(min_length=1, max_length=300)


class AppealIn(StrictSchema):
    """Why a judgement is wrong."""

    text: str = Field(min_length=1, max_length=1000)


class JudgementIn(StrictSchema):
    """The riel to be paid for each line's place, and why; all 0 rejects."""

    amounts: dict[int, int]
    reason: str = Field(min_length=1, max_length=300)


class FundAnswerIn(StrictSchema):
    """The answer to an appeal; `amounts` where it is upheld."""

    upheld: bool
    amounts: dict[int, int] = {}
    answer: str = Field(min_length=1, max_length=1000)


class ClaimOut(Schema):
    """A claim and where it stands; `amount` (riel) is null until it is judged, or while held.

    `remainder_of` is the first payer's claim of a case, where this one asks for what was left.
    """

    id: UUID
    number: str
    external: str
    facility: str
    scheme: str
    month: date
    came_on: date
    left_on: date
    state: str
    asked: int
    amount: int | None
    remainder_of: UUID | None


class ClaimCorrectionOut(Schema):
    """What statements have added for a claim (riel), and what the next one adds to put it right."""

    stated: int
    numbers: list[str]
    paid_on: date | None
    next: int


class ClaimRefusedOut(Schema):
    """A claim that was refused, by its place in the list from 0, and why."""

    place: int
    code: str
    km: str
    en: str


class FundTakenOut(Schema):
    """What became of the claims; `again` were sent before and are given as they were kept."""

    kept: list[ClaimOut]
    again: list[ClaimOut]
    refused: list[ClaimRefusedOut]


class ReasonOut(Schema):
    """A rule that fired, in both languages, with the policy behind it."""

    code: str
    effect: str
    km: str
    en: str
    policy: str | None
    since: date | None
    reference: str | None


class JudgedLineOut(Schema):
    """A line as it was judged (riel)."""

    place: int
    service: str
    on: date
    quantity: int
    asked: int
    allowed: int
    amount: int
    reasons: list[ReasonOut]


class JudgementOut(Schema):
    """A judgement, line by line."""

    kind: str
    outcome: str
    amount: int | None
    reason: str
    judged_on: date
    judged_by: str
    policy_version: str
    reasons: list[ReasonOut]
    lines: list[JudgedLineOut]


class AppealOut(Schema):
    """An appeal, and its answer."""

    id: UUID
    text: str
    made_on: date
    made_by: str
    answer: str
    upheld: bool | None


class OneClaimOut(ClaimOut):
    """A claim with its judgements, the newest first, and appeals."""

    person: UUID | None
    judgements: list[JudgementOut]
    appeals: list[AppealOut]
    correction: ClaimCorrectionOut | None


class AskedIn(Schema):
    """Which claims are asked for."""

    facility: str = ""
    month: date | None = None
    scheme: str = ""
    state: str = ""
