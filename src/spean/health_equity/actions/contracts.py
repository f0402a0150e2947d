"""Which facilities a scheme pays, and which are suspended."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from spean.health_equity.models import Contract, Listing, Suspension
from spean.health_equity.rules import CLAIMED
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.periods import Period
from spean.kernel.rows import only
from spean.locations import queries as locations

MANAGE = "health_equity.manage_contracts"


class ContractHeld(Conflict):
    """Refuse a second contract of a facility with a scheme for the same days."""

    code = "health_equity.contract_held"
    message = N_("This facility has a contract with this scheme for some of these days already.")
    field = "scheme"


class SuspendedAlready(Conflict):
    """Refuse a second suspension for the same days."""

    code = "health_equity.suspended_already"
    message = N_("This facility is suspended on some of these days already.")


class SchemeUnknown(SpeanError):
    """Refuse a scheme that pays no claims."""

    code = "health_equity.scheme_unknown"
    message = N_("Choose a scheme from the list: this one pays no claims.")
    field = "scheme"


class EndedAlready(Conflict):
    """Refuse to end what has ended, or before it begins."""

    code = "health_equity.ended_already"
    message = N_("This has ended already, or has not begun. Look at the list again.")


class GroundsNeeded(SpeanError):
    """Ask for the act, list or reason."""

    code = "health_equity.grounds_needed"
    message = N_("Write by which act, list or reason.")


@transaction.atomic
def make_contract(
    *, facility: str, scheme: str, act: str, start: date, by: Actor, on: date
) -> Contract:
    """Let a scheme pay a facility from a day on.

    Raises NotAllowed, UnknownFacility, SchemeUnknown, GroundsNeeded, ContractHeld.
    """
    access.require(by, MANAGE, area="")
    place = locations.facility(facility, on)
    if scheme not in CLAIMED:
        raise SchemeUnknown
    if not act.strip():
        raise GroundsNeeded
    made = Contract(facility=place, scheme=scheme, act=act.strip()[:200], start=start,
                    made_by=by.name)  # fmt: skip
    _save_once(made, ContractHeld)
    audit.write(by=by, action="health_equity.contract_made", subject=made, area=place.place.code,
                scheme=scheme)  # fmt: skip
    return made


@transaction.atomic
def end_contract(*, contract_id: UUID, end: date, by: Actor) -> Contract:
    """Let a contract hold no longer from a day on. Raises NotFound, NotAllowed, EndedAlready."""
    access.require(by, MANAGE, area="")
    found = only(Contract.objects.filter(pk=contract_id), lock=True)
    end_dated(found, end, by)
    audit.write(by=by, action="health_equity.contract_ended", subject=found, scheme=found.scheme)
    return found


@transaction.atomic
def suspend_facility(
    *, facility: str, reason: str, start: date, end: date | None = None, by: Actor, on: date
) -> Suspension:
    """Pay nothing that a facility does from a day on, or for some days.

    Raises NotAllowed, UnknownFacility, GroundsNeeded, SuspendedAlready, EndsBeforeStart.
    """
    access.require(by, MANAGE, area="")
    place = locations.facility(facility, on)
    if not reason.strip():
        raise GroundsNeeded
    made = Suspension(facility=place, reason=reason.strip()[:300], start=start, end=end,
                      made_by=by.name)  # fmt: skip
    _save_once(made, SuspendedAlready)
    audit.write(by=by, action="health_equity.facility_suspended", subject=made,
                area=place.place.code)  # fmt: skip
    return made


@transaction.atomic
def end_suspension(*, suspension_id: UUID, end: date, by: Actor) -> Suspension:
    """Pay a facility again from a day on. Raises NotFound, NotAllowed, EndedAlready."""
    access.require(by, MANAGE, area="")
    found = only(Suspension.objects.filter(pk=suspension_id), lock=True)
    end_dated(found, end, by)
    audit.write(by=by, action="health_equity.suspension_ended", subject=found)
    return found


def _save_once(made: Contract | Suspension, refusal: type[Conflict]) -> None:
    Period(made.start, made.end)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise refusal from error


def end_dated(found: Contract | Suspension | Listing, end: date, by: Actor) -> None:
    """Let what is locked hold no longer from a day on. Raises EndedAlready."""
    if (found.end is not None and found.end <= end) or end <= found.start:
        raise EndedAlready
    found.end, found.ended_by = end, by.name
    fields = ["end", "ended_by"]
    if not isinstance(found, Listing):
        found.ended_at, fields = Now(), [*fields, "ended_at"]
    found.save(update_fields=fields)
