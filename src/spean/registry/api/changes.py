"""Change requests over the API: proposed by one person, decided by another, undone whole."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status
from pydantic import model_validator

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.registry import actions, queries
from spean.registry.api.schemas import (
    SEE,
    WITH_CANDIDATES,
    Note,
    Reason,
    Storable,
    candidates_shown,
)
from spean.registry.models import ChangeRequest

router = Router(tags=["changes"])
PROPOSE, APPROVE = "registry.propose_change", "registry.approve_change"
CHANGE = "/changes/{uuid:change_id}"
FIELDS = "; ".join(
    f"{kind}: {', '.join(form.model_fields) or 'nothing'}" for kind, form in actions.KINDS.items()
)


class ChangeOut(Schema):
    """One change request: what is asked, what its proposer saw, and what became of it."""

    id: UUID
    kind: ChangeRequest.Kind
    state: ChangeRequest.State
    household_id: UUID | None
    person_id: UUID | None
    village: str
    other_village: str | None
    effective_on: date
    reason: str
    proposal: dict[str, Any]
    seen: dict[str, Any]
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_note: str
    reversed_by: str
    reversed_at: datetime | None
    reversed_because: str

    @classmethod
    def of(cls, change: ChangeRequest) -> "ChangeOut":
        """Describe a change request."""
        copied = cls.model_fields.keys() - {"village", "other_village"}
        return cls(
            **{name: getattr(change, name) for name in copied},
            village=change.village.code,
            other_village=change.other_village.code if change.other_village else None,
        )


class ChangeIn(StrictSchema):
    """A change to a household or a person; `effective_on` is today if it is left out."""

    kind: ChangeRequest.Kind
    household_id: UUID | None = None
    person_id: UUID | None = None
    effective_on: date | None = None
    reason: Reason
    proposal: Annotated[dict[str, Any], Storable] = Field(
        description=f"What each kind asks for: {FIELDS}.",
        examples=[{"village": "16010102", "address": "ផ្ទះលេខ 7"}],
    )

    @model_validator(mode="after")
    def is_about_something(self) -> "ChangeIn":
        """Refuse a change to nothing."""
        if self.household_id is None and self.person_id is None:
            raise ValueError("name a household_id, a person_id, or both")
        return self


class NoteIn(StrictSchema):
    """What the person who decides adds, if anything."""

    note: Note = ""


class BecauseIn(StrictSchema):
    """Why."""

    reason: Reason


@router.get("/changes", response={200: Page[ChangeOut], **PROBLEMS})
@access.declared(APPROVE, purpose=Purpose.REGISTRATION)
def changes(request: WithActor, cursor: str | None = None, limit: int = 50) -> Any:
    """List the changes that wait for the caller's decision, the oldest first."""
    waiting = queries.changes_waiting(by=request.actor)
    rows, following = page_of(waiting, cursor=cursor, limit=limit)
    return {"items": [ChangeOut.of(change) for change in rows], "next": following}


@router.get(CHANGE, response={200: ChangeOut, **PROBLEMS})
@access.declared("registry.view_household", purpose=SEE)
def change(request: WithActor, change_id: UUID) -> Any:
    """Give one change."""
    return ChangeOut.of(queries.change(change_id, by=request.actor))


@router.post("/changes", response={201: ChangeOut, **WITH_CANDIDATES})
@access.declared(PROPOSE, purpose=Purpose.REGISTRATION)
@idempotent
def propose_change(request: WithActor, body: ChangeIn) -> Any:
    """Propose a change; another person decides it."""
    by, home, person = request.actor, None, None
    if body.household_id is not None:
        home = queries.household(body.household_id, by=by)
    if body.person_id is not None:
        person = queries.person(body.person_id, by=by)
    with candidates_shown():
        made = actions.propose_change(
            kind=body.kind,
            household=home,
            person=person,
            proposal=body.proposal,
            reason=body.reason,
            effective_on=body.effective_on,
            by=by,
            on=timezone.localdate(),
        )
    return _afresh(request, made, status=201)


@router.post(f"{CHANGE}/approve", response={200: ChangeOut, **PROBLEMS})
@access.declared(APPROVE, purpose=Purpose.REGISTRATION)
@idempotent
def approve_change(request: WithActor, change_id: UUID, body: NoteIn) -> Any:
    """Apply a change that another person proposed."""
    by = request.actor
    asked = queries.change(change_id, by=by)
    return _afresh(
        request,
        actions.approve_change(change=asked, note=body.note, by=by, on=timezone.localdate()),
    )


@router.post(f"{CHANGE}/reject", response={200: ChangeOut, **PROBLEMS})
@access.declared(APPROVE, purpose=Purpose.REGISTRATION)
@idempotent
def reject_change(request: WithActor, change_id: UUID, body: BecauseIn) -> Any:
    """Reject a change that another person proposed."""
    by = request.actor
    asked = queries.change(change_id, by=by)
    return _afresh(
        request,
        actions.reject_change(change=asked, reason=body.reason, by=by, on=timezone.localdate()),
    )


@router.post(f"{CHANGE}/withdraw", response={200: ChangeOut, **PROBLEMS})
@access.declared(PROPOSE, purpose=Purpose.REGISTRATION)
@idempotent
def withdraw_change(request: WithActor, change_id: UUID, body: NoteIn) -> Any:
    """Take back a change that the caller proposed."""
    by = request.actor
    asked = queries.change(change_id, by=by)
    return _afresh(
        request,
        actions.withdraw_change(change=asked, reason=body.note, by=by, on=timezone.localdate()),
    )


@router.post(f"{CHANGE}/reverse", response={200: ChangeOut, **PROBLEMS})
@access.declared(APPROVE, purpose=Purpose.REGISTRATION)
@idempotent
def reverse_change(request: WithActor, change_id: UUID, body: BecauseIn) -> Any:
    """Undo an applied change whole, the latest first."""
    by = request.actor
    asked = queries.change(change_id, by=by)
    return _afresh(
        request,
        actions.reverse_change(change=asked, reason=body.reason, by=by, on=timezone.localdate()),
    )


def _afresh(request: WithActor, made: ChangeRequest, *, status: int = 200) -> Any:
    """Describe a change as it now stands, the times that the database gave included."""
    return Status(status, ChangeOut.of(queries.change(made.pk, by=request.actor)))
