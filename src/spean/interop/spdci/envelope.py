"""What every message of ours is made of: header, acknowledgement, refusal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import override

from spean.interop.spdci import signing
from spean.interop.spdci.errors import Refused, RequestRejected
from spean.interop.spdci.registries import VERSION
from spean.kernel.errors import SpeanError
from spean.kernel.i18n import explain
from spean.kernel.ids import new_id

LONGEST_REASON = 999
Json = dict[str, Any]


def written(at: datetime) -> str:
    """Write a moment as the standard does: to the second, with Cambodia's zone."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def header(
    action: str, *, to: str, status: str, now: datetime, total: int, completed: int,
    reason: tuple[str, str] = ("", ""),
) -> Json:  # fmt: skip
    """Give the header of an answer: it fits both headers of the standard."""
    made = {
        "version": VERSION,
        "message_id": str(new_id()),
        "message_ts": written(now),
        "action": action,
        "status": status,
        "total_count": total,
        "completed_count": completed,
        "sender_id": settings.SPDCI_OWN_ID,
        "receiver_id": to,
        "is_msg_encrypted": False,
    }
    if reason[0]:
        made |= {"status_reason_code": reason[0], "status_reason_message": reason[1]}
    return made


def signed(head: Json, message: Mapping[str, Any]) -> Json:
    """Give a whole message, signed."""
    return {"signature": signing.sign(head, message), "header": head, "message": message}


def rejected(request: Mapping[str, Any], error: RequestRejected, now: datetime) -> Json:
    """Say why one request of a message is rejected."""
    return {
        "reference_id": request["reference_id"],
        "timestamp": written(now),
        "status": "rjct",
        "status_reason_code": error.reason,
        "status_reason_message": _reason(error, request.get("locale", "khm")),
    }


def _reason(error: SpeanError, locale: str) -> str:
    with override("en" if locale == "eng" else "km"):
        return explain(error)[:LONGEST_REASON]


def acknowledged(correlation: str, *, now: datetime) -> Json:
    """Say that a message was taken, and under which id it is answered."""
    return {
        "message": {
            "ack_status": "ACK", "timestamp": written(now), "correlation_id": correlation,
        }
    }  # fmt: skip


def refusal(error: Refused, *, action: str, now: datetime) -> JsonResponse:
    """Say why a message is refused, in the shapes that readers look for: `errors`, `message`.

    A path that answers at once has its `header` too, rejected.
    """
    said = explain(error)[:LONGEST_REASON]
    body: Json = {
        "errors": [{"code": error.reason or error.standard, "message": said}],
        "message": {
            "ack_status": "ERR",
            "timestamp": written(now),
            "correlation_id": str(new_id()),
            "error": {"code": error.standard, "message": said},
        },
    }
    if action:
        reason = (error.reason, said) if error.reason else ("", "")
        body["header"] = header(
            action, to="", status="rjct", now=now, total=0, completed=0, reason=reason
        )
    response = JsonResponse(body, status=error.status, json_dumps_params={"ensure_ascii": False})
    if error.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="spean"'
    if error.status == 429:
        response["Retry-After"] = "60"
    return response
