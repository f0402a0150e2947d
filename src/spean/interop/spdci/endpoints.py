"""The paths of the standard: one view for all, put together of the gate and what does the work."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from spean.interop.models import Message, Partner
from spean.interop.spdci import answering, envelope, gate, reading, receiving, registries
from spean.interop.spdci.errors import NoSuchPath, NotForThisPartner, Refused
from spean.interop.spdci.gate import Asking
from spean.interop.spdci.lookups import LOOKUPS
from spean.interop.spdci.registries import REGISTRIES, Path
from spean.interop.spdci.searching import EXCHANGE
from spean.interop.spdci.updates import enrolment_updates
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor, note_refusal
from spean.kernel.errors import NotAllowed

PURPOSES = (
    Purpose.REGISTRATION, Purpose.TARGETING, Purpose.CARE, Purpose.PAYMENT, Purpose.OVERSIGHT,
    Purpose.STATISTICS,
)  # fmt: skip
View = Callable[[HttpRequest], HttpResponse]


def endpoint(registry_key: str, path: Path) -> View:
    """Give the view of one path of one registry."""
    registry = REGISTRIES[registry_key]

    @access.declared(EXCHANGE, purpose=PURPOSES)
    def let_in(request: WithActor, partner: Partner, now: datetime) -> HttpResponse:
        gate.check_rate(partner, now)
        body = reading.read(request, registry.key, path)
        by = replace(request.actor, purpose=Purpose(partner.purpose))
        asking = Asking(partner, by, registry, path, body, now)
        gate.check_header(asking)
        gate.check_signature(asking)
        with transaction.atomic():
            answer = _answer(asking) if gate.take(asking) else _again(asking)
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        now, partner = timezone.now(), None
        try:
            partner = gate.partner_of(request, registry, path)
            if request.method != "POST":
                raise NoSuchPath
            return let_in(cast(WithActor, request), partner, now)
        except (Refused, NotAllowed) as error:
            note_refusal(request, error)
            refused = error if isinstance(error, Refused) else NotForThisPartner()
            return _refused(refused, path, partner, now)

    view.access = let_in.access  # type: ignore[attr-defined]
    return view


@access.public
@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Say in the standard's words that there is no such path."""
    return envelope.refusal(NoSuchPath(), action="", now=timezone.now())


def _answer(asking: Asking) -> Mapping[str, Any]:
    work = asking.path.work
    if asking.path.callback:
        return receiving.receive(asking)
    if work == registries.UPDATES:
        return enrolment_updates(asking)
    if work in LOOKUPS:
        return LOOKUPS[work](asking)
    return answering.answer_at_once(asking) if asking.path.sync else answering.acknowledge(asking)


def _again(asking: Asking) -> Mapping[str, Any]:
    """Acknowledge a message of another registry that came before."""
    return receiving.acknowledgement(asking)


def _refused(error: Refused, path: Path, partner: Partner | None, now: datetime) -> HttpResponse:
    """Refuse, and remember of whose message it was, so that the rate counts it."""
    if partner is not None and error.status != 429:
        Message.objects.create(partner=partner, path=path.path, refused=error.code[:40])
    return envelope.refusal(error, action=path.answer_action if path.sync else "", now=now)
