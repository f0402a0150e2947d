"""A write that is asked for again under its key is done once, and answered as it was."""

import hashlib
import inspect
import json
from collections.abc import Callable
from functools import wraps
from tempfile import TemporaryFile
from typing import Annotated, Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from ninja import Header, Status
from pydantic import BaseModel

from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.models import IdempotencyKey, User

FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
PIECE = 1024 * 1024


class KeyUsedForAnother(Conflict):
    """Refuse a key that came before with other content."""

    code = "kernel.idempotency_key_reused"
    message = N_(
        "This Idempotency-Key was used before for another request. "
        "Send a new request under a new key."
    )
    field = "Idempotency-Key"


IdempotencyHeader = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Chosen by the client, new for each write; a repeat gets the first answer.",
    ),
]


def idempotent(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Answer a repeated write with its first answer, in one transaction with the write itself.

    The operation returns a Schema, or Status(201, Schema). A refused write leaves no trace, so that
    it can be corrected and sent again under the same key.
    """

    @wraps(operation)
    def once(request: HttpRequest, *args: Any, idempotency_key: str, **kwargs: Any) -> Any:
        said = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body)
        return _once(
            lambda: operation(request, *args, **kwargs),
            user=cast(User, request.user), key=idempotency_key, asked=said.hexdigest(),
        )  # fmt: skip

    setattr(once, "__signature__", _with_key(operation))  # noqa: B010
    return once


def _once(act: Callable[[], Any], *, user: User, key: str, asked: str) -> Any:
    try:
        with transaction.atomic():
            kept = IdempotencyKey.objects.create(user=user, key=key, request_hash=asked, status=0)
            kept.status, kept.body = _as_json(act())
            kept.save(update_fields=["status", "body"])
    except IntegrityError as error:
        before = IdempotencyKey.objects.filter(user=user, key=key).first()
        if before is None:
            raise error from None
        if before.request_hash != asked:
            raise KeyUsedForAnother from None
        return Status(before.status, before.body)
    return Status(kept.status, kept.body)


def _with_key(operation: Callable[..., Any], *without: str) -> inspect.Signature:
    """Give the operation's signature with the header added, for the OpenAPI document."""
    signature = inspect.signature(operation)
    header = inspect.Parameter(
        "idempotency_key", inspect.Parameter.KEYWORD_ONLY, annotation=IdempotencyHeader
    )
    parameters = [
        p for p in signature.parameters.values()
        if p.kind is not p.VAR_KEYWORD and p.name not in without
    ]  # fmt: skip
    return signature.replace(parameters=[*parameters, header])


class NotWhole(SpeanError):
    """Refuse a file that did not arrive as its address says that it is."""

    code = "kernel.not_whole"
    message = N_(
        "The file did not arrive whole: its SHA-256 is not the one in the address. Send it again."
    )


def idempotent_upload(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Give a write the file of any size that is its request's whole body; repeats as `idempotent`.

    The address names the file's `sha256`. The file passes through the disk, a piece at a time,
    before the transaction begins. Raises NotWhole.
    """

    @wraps(operation)
    def once(request: HttpRequest, *, sha256: str, idempotency_key: str, **kwargs: Any) -> Any:
        with TemporaryFile() as file:
            arrived = hashlib.sha256()
            while piece := request.read(PIECE):
                arrived.update(piece)
                file.write(piece)
            if arrived.hexdigest() != sha256:
                raise NotWhole
            file.seek(0)
            return _once(
                lambda: operation(request, sha256=sha256, file=file, **kwargs),
                user=cast(User, request.user), key=idempotency_key,
                asked=hashlib.sha256(f"{request.method} {request.path}".encode()).hexdigest(),
            )  # fmt: skip

    setattr(once, "__signature__", _with_key(operation, "file"))  # noqa: B010
    return once


def _as_json(answer: Any) -> tuple[int, Any]:
    status, body = 200, answer
    if isinstance(answer, Status):
        status, body = answer.status_code, answer.value
    if isinstance(body, BaseModel):
        return status, body.model_dump(mode="json")
    if body is None or isinstance(body, dict | list):
        return status, json.loads(json.dumps(body, cls=DjangoJSONEncoder))
    raise TypeError(f"an idempotent operation returns a Schema, not {type(body).__name__}")
