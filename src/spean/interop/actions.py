"""What the exchange writes at the desk: who our partners are."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from jwcrypto.common import JWException
from jwcrypto.jwk import JWKSet

from spean.interop.models import Basis, Partner, Signing
from spean.interop.spdci.attributes import FIELDS
from spean.interop.spdci.registries import REGISTRIES, SCOPES
from spean.kernel import access, audit
from spean.kernel import actions as kernel
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError

MANAGE = "interop.manage_partners"
ROLE = "exchange_partner"


class SenderTaken(Conflict):
    """Refuse a second partner under one sender id."""

    code = "interop.sender_taken"
    message = N_("There is a partner with this sender id already. Choose another.")
    field = "sender_id"


class KeysNotReadable(SpeanError):
    """Refuse keys that are no JWK set."""

    code = "interop.keys_not_readable"
    message = N_("The keys are not a JWK set. Paste what the partner’s jwks.json gives.")
    field = "keys"


class AgreementNotKnown(SpeanError):
    """Refuse a registry, scope or field that there is not."""

    code = "interop.agreement_not_known"
    message = N_("“%(what)s” is no registry, scope or field that can be agreed on.")


class PartnerClosed(Conflict):
    """Refuse to close a partner twice."""

    code = "interop.partner_closed"
    message = N_("This partner is closed already.")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a partner may ask, for one purpose, and how it shows that it may."""

    sender_id: str
    purpose: str
    area: str = ""
    registries: Sequence[str] = ("social",)
    scopes: Sequence[str] = SCOPES
    fields: Sequence[str] = ()
    basis: str = Basis.AUTHORIZE
    signing: str = Signing.REQUIRED
    keys: Mapping[str, Any] = field(default_factory=dict)
    callback_hosts: Sequence[str] = ()
    address: str = ""
    token_address: str = ""
    client_id: str = ""
    asks_registry: str = ""


@transaction.atomic
def register_partner(*, agreement: Agreement, by: Actor, on: date) -> tuple[Partner, str, str]:
    """Register a partner; give it with its client id and its secret, which is shown once.

    Raises NotAllowed, SenderTaken, KeysNotReadable, AgreementNotKnown.
    """
    access.require(by, MANAGE, area="")
    _check(agreement)
    user, client_id, secret = kernel.create_system(name=f"spdci:{agreement.sender_id}"[:150], by=by)
    kernel.grant_role(user=user, role=ROLE, area=agreement.area, by=by, on=on)
    named = {name: getattr(agreement, name) for name in agreement.__slots__ if name != "area"}
    lists = {name: list(named[name]) for name in ("registries", "scopes", "fields",
                                                  "callback_hosts")}  # fmt: skip
    try:
        with transaction.atomic():
            partner = Partner.objects.create(user=user, since=on, **(named | lists))
    except IntegrityError as error:
        raise SenderTaken from error
    audit.write(
        by=by, action="interop.partner_registered", subject=partner, area=agreement.area,
        sender_id=partner.sender_id, purpose=partner.purpose,
    )  # fmt: skip
    return partner, client_id, secret


@transaction.atomic
def close_partner(*, partner: Partner, by: Actor, on: date) -> Partner:
    """Answer a partner no more; what it was given stays on record. Raises PartnerClosed."""
    access.require(by, MANAGE, area="")
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    if partner.closed_on is not None:
        raise PartnerClosed
    partner.closed_on = on
    partner.save(update_fields=["closed_on"])
    audit.write(by=by, action="interop.partner_closed", subject=partner)
    return partner


def _check(agreement: Agreement) -> None:
    known = {"registries": REGISTRIES, "scopes": SCOPES, "fields": FIELDS}
    for name, values in known.items():
        for what in getattr(agreement, name):
            if what not in values:
                raise AgreementNotKnown(what=what)
    if agreement.signing == Signing.UNSIGNED and not agreement.keys:
        return
    try:
        keys = JWKSet()
        keys.import_keyset(json.dumps(dict(agreement.keys)))
    except (JWException, ValueError, TypeError) as error:
        raise KeysNotReadable from error
    if not list(keys):
        raise KeysNotReadable
