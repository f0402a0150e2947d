"""Messages of ours on their way: signed afresh at each try, to registered hosts only.

What a partner doesn't take is tried again by the outbox, with growing pauses, for a week.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from spean.interop.models import Callback
from spean.interop.spdci import envelope, gate
from spean.interop.spdci.posting import NotTaken, post
from spean.interop.spdci.tokens import signed_in

GIVEN_UP_AFTER = timedelta(days=7)


def deliver(event: str, body: Mapping[str, Any]) -> None:
    """Deliver one message; raises NotTaken where it has to be tried again."""
    due = (
        Callback.objects.select_for_update(of=("self",))
        .select_related("partner")
        .get(pk=UUID(str(body["callback"])))
    )
    if due.message is None:
        return
    now = timezone.now()
    if due.partner.closed_on is not None or now - due.made_at > GIVEN_UP_AFTER:
        due.given_up_at = now
    else:
        _post(due)
        due.delivered_at = timezone.now()
    due.message = None
    due.save(update_fields=["message", "delivered_at", "given_up_at"])


def _post(due: Callback) -> None:
    gate.check_callback(due.partner, due.url)  # the host may have been taken off the list since
    head = due.header | {"message_ts": envelope.written(timezone.now())}
    whole = envelope.signed(head, due.message or {})
    status, answer = post(
        due.url,
        body=json.dumps(whole, ensure_ascii=False).encode(),
        headers=signed_in(due.partner),
    )
    said = answer.get("message")
    taken = isinstance(said, dict) and said.get("ack_status") == "ACK"
    if not 200 <= status < 300 or not taken:
        raise NotTaken(why=status)
