"""The consent or the authorization that a request shows: read, enforced and kept.

A partner's agreement says on which of the two it is answered (or on itself alone). That one must be
there, for the partner's own purpose, given before now and not longer ago than policy lets it hold.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from spean.interop.models import Basis, Partner, Permit
from spean.interop.spdci.criteria import CRITERIA
from spean.interop.spdci.errors import Refused, RequestRejected
from spean.interop.spdci.gate import CLOCKS_APART
from spean.interop.spdci.reading import moment
from spean.kernel.errors import N_
from spean.kernel.policy import policy

HOLDS = "interop.permit_days"
KINDS = (Basis.CONSENT, Basis.AUTHORIZE)


def permits(
    partner: Partner, criteria: Mapping[str, Any], reference: str, *, now: datetime
) -> list[Permit]:
    """Give what a request shows, unsaved; refuse it if it lacks what it needs.

    Raises RequestRejected.
    """
    shown = {kind: _read(criteria.get(str(kind)), kind, reference) for kind in KINDS}
    needed = None if partner.basis == Basis.AGREEMENT else Basis(partner.basis)
    if needed is not None:
        _check(shown[needed], partner, now)
    return [permit for permit in shown.values() if permit is not None]


def _read(given: Any, kind: Basis, reference: str) -> Permit | None:
    purpose = given.get("purpose") if isinstance(given, Mapping) else None
    if not isinstance(purpose, Mapping):
        return None
    try:
        at = moment(str(given.get("ts", "")))
    except Refused:
        return None
    return Permit(
        kind=kind,
        reference_id=reference,
        given_at=at,
        purpose_code=str(purpose.get("code", ""))[:60],
        purpose_text=str(purpose.get("text", ""))[:500],
        ref_uri=str(purpose.get("ref_uri", ""))[:500],
    )


def _check(permit: Permit | None, partner: Partner, now: datetime) -> None:
    if permit is None:
        raise _rejected(N_("the consent or authorization that your agreement asks for is missing"))
    if permit.purpose_code.rpartition(":")[2].casefold() != partner.purpose:
        raise _rejected(N_("the consent or authorization is for another purpose than yours"))
    days = policy.value(HOLDS, on=now.date()).whole
    if not now - timedelta(days=days) <= permit.given_at <= now + CLOCKS_APART:
        raise _rejected(N_("the consent or authorization is too old, or lies in the future"))


def _rejected(why: str) -> RequestRejected:
    return RequestRejected(CRITERIA, why=why)
