"""Complaints: lodged by anybody, answered by someone else than who took them down."""

from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit, outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotFound, SpeanError
from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.targeting import rules
from spean.targeting.actions.cases import ChangedMeanwhile, ReasonNeeded, send_back_to_council
from spean.targeting.actions.requests import interview_anew
from spean.targeting.actions.statuses import replace_card
from spean.targeting.events import ComplaintLodged, ComplaintResolved
from spean.targeting.models import (
    Assessment,
    Complaint,
    ComplaintChannel,
    ComplaintKind,
    ComplaintState,
    Origin,
    Remedy,
    State,
)


class ComplaintNotFound(NotFound):
    """Say that there is no such complaint."""

    code = "targeting.complaint_not_found"
    message = N_("There is no such complaint. Check the address and try again.")


class HouseholdNeeded(SpeanError):
    """Refuse a complaint about a level or a card that names no household."""

    code = "targeting.household_needed"
    message = N_("Choose the household that the complaint is about.")
    field = "household_id"


class TextNeeded(SpeanError):
    """Refuse a complaint that says nothing."""

    code = "targeting.text_needed"
    message = N_("Write down what the person complains about.")
    field = "text"


class AnsweredAlready(Conflict):
    """Refuse a second answer."""

    code = "targeting.answered_already"
    message = N_("This complaint has been answered already. Look at the answer.")


class OwnMatter(SpeanError):
    """Refuse an answer by someone who took the complaint down, interviewed or decided."""

    code = "targeting.own_matter"
    message = N_("You dealt with this case yourself, so someone else has to answer the complaint.")
    status = 403


class RemedyDoesNotFit(SpeanError):
    """Refuse a remedy that this complaint or this case can't have."""

    code = "targeting.remedy_does_not_fit"
    message = N_("This remedy is not possible here. Choose another one from the list.")
    field = "remedy"


@transaction.atomic
def lodge_complaint(
    *,
    kind: str,
    channel: str,
    text: str,
    household_id: UUID | None = None,
    village_code: str = "",
    complainant: str = "",
    phone: str = "",
    on_behalf: bool = False,
    by: Actor,
    on: date,
) -> Complaint:
    """Take a complaint down, from anybody; about a household, or about a village's officials.

    Raises NotAllowed, HouseholdNeeded, TextNeeded, UnknownPlace.
    """
    complaint = Complaint(
        kind=ComplaintKind(kind),
        channel=ComplaintChannel(channel),
        text=text.strip(),
        complainant=complainant,
        phone=phone,
        on_behalf=on_behalf,
        received_on=on,
        received_by=by.name,
        due_on=rules.due_on("complaint", on),
    )
    _place(complaint, household_id, village_code, on)
    access.require(by, "targeting.receive_complaint", area=complaint.village.code)
    if not complaint.text:
        raise TextNeeded
    return _keep(complaint, by)


def _keep(complaint: Complaint, by: Actor) -> Complaint:
    complaint.save(force_insert=True)
    _trail(complaint, "complaint_lodged", by)
    outbox.announce(
        ComplaintLodged(complaint.pk, complaint.village.code, complaint.kind, complaint.due_on)
    )
    return complaint


def _place(complaint: Complaint, household_id: UUID | None, village_code: str, on: date) -> None:
    if household_id is None:
        if complaint.kind not in (ComplaintKind.STAFF, ComplaintKind.OTHER):
            raise HouseholdNeeded
        complaint.village = locations.place(village_code, on)
        return
    household = registry.household_for(household_id)
    complaint.household, complaint.village = household, household.village
    complaint.assessment = household.assessments.order_by("-id").first()


@transaction.atomic
def resolve_complaint(
    *,
    complaint_id: UUID,
    version: int,
    upheld: bool,
    answer: str,
    remedy: str = Remedy.NONE,
    by: Actor,
    on: date,
) -> Complaint:
    """Answer a complaint; one that is upheld has a remedy, which takes effect at once.

    Raises ComplaintNotFound, NotAllowed, ChangedMeanwhile, AnsweredAlready, OwnMatter,
    ReasonNeeded, RemedyDoesNotFit.
    """
    complaint = _locked(complaint_id, version, by)
    if not answer.strip():
        raise ReasonNeeded
    chosen = Remedy(remedy)
    if upheld is (chosen == Remedy.NONE):
        raise RemedyDoesNotFit
    complaint.state = ComplaintState.UPHELD if upheld else ComplaintState.REJECTED
    complaint.remedy, complaint.answer = chosen, answer.strip()
    complaint.resolved_on, complaint.resolved_by = on, by.name
    complaint.version += 1
    complaint.save()
    _trail(complaint, "complaint_resolved", by)
    _remedy(complaint, chosen, by=by, on=on)
    outbox.announce(
        ComplaintResolved(complaint.pk, complaint.village.code, complaint.state, chosen, on)
    )
    return complaint


def _locked(complaint_id: UUID, version: int, by: Actor) -> Complaint:
    complaint = (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("village", "household", "assessment")
        .filter(pk=complaint_id)
        .first()
    )
    if complaint is None:
        raise ComplaintNotFound
    access.require(by, "targeting.resolve_complaint", area=complaint.village.code)
    if complaint.kind == ComplaintKind.STAFF:  # those complained about sit in the commune
        access.require(by, "targeting.check", area=complaint.village.code)
    if complaint.state != ComplaintState.OPEN:
        raise AnsweredAlready
    if complaint.version != version:
        raise ChangedMeanwhile
    case = complaint.assessment
    hands = {complaint.received_by}
    if case is not None:
        hands |= {case.interviewed_by, case.council_by, case.checked_by}
    if by.name in hands:
        raise OwnMatter
    return complaint


def _remedy(complaint: Complaint, chosen: Remedy, *, by: Actor, on: date) -> None:
    if chosen in (Remedy.NONE, Remedy.OTHER):
        return
    if complaint.household is None:
        raise RemedyDoesNotFit
    if chosen == Remedy.INTERVIEW:
        interview_anew(
            complaint.household.pk, origin=Origin.COMPLAINT, note=complaint.answer, by=by, on=on
        )
    elif chosen == Remedy.COUNCIL:
        _back_to_council(complaint, by=by, on=on)
    elif complaint.kind == ComplaintKind.LOST_CARD:
        replace_card(complaint.household.pk, by=by, on=on)
    else:
        raise RemedyDoesNotFit


def _back_to_council(complaint: Complaint, *, by: Actor, on: date) -> None:
    case = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("village", "household", "round")
        .filter(household=complaint.household, state=State.DECIDED)
        .first()
    )
    if case is None:
        raise RemedyDoesNotFit
    send_back_to_council(case, by=by, on=on, note=complaint.answer)


def _trail(complaint: Complaint, action: str, by: Actor) -> None:
    audit.write(
        by=by,
        action=f"targeting.{action}",
        subject=complaint,
        area=complaint.village.code,
        kind=complaint.kind,
        state=complaint.state,
        remedy=complaint.remedy,
    )
