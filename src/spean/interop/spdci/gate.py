"""Who asks, and whether they may: the token, the scope, the rate, the header, the signature.

In this order, the body last: nothing of a message is read before we know whose it is.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import rfc8785
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from spean.interop.models import Message, Partner, Signing
from spean.interop.spdci import signing
from spean.interop.spdci.errors import (
    CallbackNotAllowed,
    MessageRepeated,
    MessageTooOld,
    NotForThisPartner,
    ReceiverUnknown,
    SenderUnknown,
    TokenNeeded,
    TooMany,
)
from spean.interop.spdci.reading import moment
from spean.interop.spdci.registries import Path, Registry
from spean.kernel.access import Actor, Purpose
from spean.kernel.api import access_token

CLOCKS_APART = timedelta(minutes=10)
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """A message that was let in: whose, where, what it says, and when it came."""

    partner: Partner
    by: Actor
    registry: Registry
    path: Path
    body: Json
    now: datetime

    @property
    def header(self) -> Json:
        """The header."""
        return dict(self.body["header"])

    @property
    def message(self) -> Json:
        """What is asked or told."""
        return dict(self.body.get("message", {}))

    @property
    def on(self) -> date:
        """The day of it in Cambodia."""
        return timezone.localdate(self.now)


def partner_of(request: HttpRequest, registry: Registry, path: Path) -> Partner:
    """Give the partner whose token this is. Raises TokenNeeded, NotForThisPartner."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = access_token(token.strip()) if scheme.casefold() == "bearer" else None
    if found is None:
        raise TokenNeeded
    user = found.application.user
    open_ones = Partner.objects.select_related("user").filter(closed_on=None)
    partner = open_ones.filter(user=user).first()
    if partner is None or path.scope not in partner.scopes:
        raise NotForThisPartner
    if not found.allow_scopes([path.scope]):
        raise NotForThisPartner
    if not path.callback and registry.key not in partner.registries:
        raise NotForThisPartner
    request.user = user
    return partner


def actor_of(partner: Partner) -> Actor:
    """Give a partner as the actor: its user's role and areas, for the partner's own purpose."""
    return Actor.of(partner.user, Purpose(partner.purpose))


def check_rate(partner: Partner, now: datetime) -> None:
    """Refuse a partner that sent as many messages in the last minute as are agreed."""
    lately = partner.messages.filter(at__gt=now - timedelta(minutes=1))
    if lately[: settings.SPDCI_RATE].count() >= settings.SPDCI_RATE:
        raise TooMany


def check_header(asking: Asking) -> None:
    """Refuse a header that says it comes from, goes to or calls back somebody else."""
    header = asking.header
    if header.get("sender_id", asking.partner.sender_id) != asking.partner.sender_id:
        raise SenderUnknown
    if header.get("receiver_id") not in {None, "", settings.SPDCI_OWN_ID}:
        raise ReceiverUnknown(us=settings.SPDCI_OWN_ID)
    if header.get("sender_uri") and not asking.path.sync and not asking.path.callback:
        check_callback(asking.partner, str(header["sender_uri"]))


def check_callback(partner: Partner, url: str) -> None:
    """Refuse an address whose host is not registered for the partner: no other is ever called."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise CallbackNotAllowed from None
    host = parts.hostname or ""
    named = f"{host}:{port}" if port else host
    secure = parts.scheme == "https" or (parts.scheme == "http" and not settings.PRODUCTION)
    if not secure or parts.username is not None or len(url) > 1000:
        raise CallbackNotAllowed
    if named not in partner.callback_hosts:
        raise CallbackNotAllowed


def check_signature(asking: Asking) -> None:
    """Refuse what is not signed as the partner's agreement says. Raises what says so."""
    signing.check(asking.partner, asking.body)


def take(asking: Asking) -> bool:
    """Take the message, once; say whether it is new.

    A callback that comes again unchanged is no news, but no fault either: the partner did not hear
    our answer. Where nothing is signed the time proves nothing, so there the id alone counts, for
    ever. Raises MessageRepeated, MessageTooOld.
    """
    sent = moment(asking.header["message_ts"])
    if asking.partner.signing == Signing.REQUIRED and abs(asking.now - sent) > CLOCKS_APART:
        raise MessageTooOld
    digest = hashlib.sha256(rfc8785.dumps(_countable(asking.message))).hexdigest()
    known = {"partner": asking.partner, "message_id": asking.header["message_id"]}
    try:
        with transaction.atomic():
            Message.objects.create(**known, digest=digest, path=asking.path.path)
    except IntegrityError:
        if asking.path.callback and Message.objects.filter(**known, digest=digest).exists():
            return False
        raise MessageRepeated from None
    return True


def _countable(part: Any) -> Any:
    """Write numbers beyond what canonical JSON counts (2^53) as texts."""
    if isinstance(part, Mapping):
        return {name: _countable(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_countable(value) for value in part]
    return str(part) if isinstance(part, int) and abs(part) >= 2**53 else part
