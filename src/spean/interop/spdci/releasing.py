"""What was given to whom: kept for the person whose it is, and in the audit trail."""

from collections.abc import Iterable

from spean.interop.models import Partner, Release, Subscription, Transaction
from spean.interop.spdci.records import Released
from spean.interop.spdci.registries import Registry
from spean.interop.spdci.searching import EXCHANGE
from spean.kernel import audit
from spean.kernel.access import Actor


def log_released(
    released: Iterable[Released],
    fields: frozenset[str],
    *,
    by: Actor,
    registry: Registry,
    kept: Transaction | None = None,
    subscription: Subscription | None = None,
) -> None:
    """Keep whose record was given, to whom, why and which fields, a line for each record."""
    partner = _partner(kept, subscription)
    rows = [
        Release(
            partner=partner, transaction=kept, subscription=subscription, registry=registry.key,
            household_id=one.household, person_id=one.person, purpose=partner.purpose,
            fields=sorted(fields),
        )
        for one in released
    ]  # fmt: skip
    Release.objects.bulk_create(rows)
    audit.read_each(
        by=by,
        action=EXCHANGE,
        subjects=[(_subject(row), "") for row in rows],
        partner=partner.sender_id,
        registry=registry.key,
    )


def _subject(row: Release) -> tuple[str, str]:
    if row.person_id is not None:
        return "registry.person", str(row.person_id)
    return "registry.household", str(row.household_id)


def _partner(kept: Transaction | None, subscription: Subscription | None) -> Partner:
    asked = kept or subscription
    if asked is None:
        raise ValueError("a record is released to a request or to a subscription")
    return asked.partner
