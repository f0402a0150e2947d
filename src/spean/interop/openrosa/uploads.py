"""Reading what a phone uploads, as it streams in, within limits.

OpenRosa, Form Submission API: multipart/form-data; the part `xml_submission_file` is the record,
every other part is a file of it under its own name; `*isIncomplete*` = yes says that more of its
files follow in further requests. Too much is read on without being held, so that the phone gets to
hear why it is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.http import parse_header_parameters

from spean.fieldwork.actions import NewAttachment
from spean.kernel.errors import N_, SpeanError

RECORD: Final = "xml_submission_file"
KNOWN_FIELDS: Final = {"*isIncomplete*", "csrfmiddlewaretoken", "date", "Date", "deviceID"}
MEGABYTE: Final = 1024 * 1024
HELD_OF_RECORD: Final = MEGABYTE + 1  # one more byte than fieldwork takes
GIVE_UP_AFTER: Final = 5  # times the limit: then the line is cut
LONGEST_BOUNDARY: Final = 201
Meta = Mapping[str, Any]


class WrongContentType(SpeanError):
    """Refuse a body that is no multipart form."""

    code = "interop.wrong_content_type"
    message = N_("Send the record as multipart/form-data, as OpenRosa says. It was kept here.")
    status = 415


class MalformedUpload(SpeanError):
    """Refuse a multipart body that is not one."""

    code = "interop.malformed_upload"
    message = N_(
        "What was sent is damaged and can't be taken apart. "
        "It was kept here for inspection; send it again."
    )
    status = 400


class CutShort(SpeanError):
    """Refuse a body of which the end is missing: the line broke, and the phone sends it again."""

    code = "interop.cut_short"
    message = N_("The connection broke before everything had arrived. Send it again.")
    status = 400
    keep = False


class NoRecord(SpeanError):
    """Refuse files without the record to which they belong."""

    code = "interop.no_record"
    message = N_(
        "No record came with this (the part xml_submission_file is missing). It was kept here."
    )
    status = 400


class PartWithoutName(SpeanError):
    """Refuse a part of which nobody could say what it is."""

    code = "interop.part_without_name"
    message = N_("The part “%(part)s” has no file name, so it can't be kept as a file.")
    status = 400


class TooManyParts(SpeanError):
    """Refuse more parts than any form has."""

    code = "interop.too_many_parts"
    message = N_("This has more parts than a record can have. Send its files in several requests.")
    status = 413


class TooLarge(SpeanError):
    """Refuse more than one request may carry."""

    code = "interop.too_large"
    message = N_(
        "This is %(size)s megabytes; at most %(limit)s can be sent at once. The largest file is "
        "“%(name)s” with %(largest)s. Take the photo again in a smaller size."
    )
    status = 413


class Readable(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class Part:
    """One file as it streams in."""

    called: str
    name: str
    content_type: str
    size: int = 0
    chunks: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Upload:
    """What has been read so far; after an error, what there was of it."""

    parts: list[Part] = field(default_factory=list)
    size: int = 0
    beginning: bytes = b""
    end: bytes = b""
    was_read: bool = False

    @property
    def xml(self) -> bytes:
        """The record as it came; empty where none came."""
        return b"".join(b"".join(one.chunks) for one in self.parts if one.called == RECORD)

    @property
    def files(self) -> list[NewAttachment]:
        """The files that came with it."""
        return [
            NewAttachment(one.name, one.content_type, b"".join(one.chunks))
            for one in self.parts
            if one.called != RECORD
        ]

    @property
    def kept(self) -> bytes:
        """What is worth keeping of a refused upload: its record, else how it begins."""
        return self.xml or self.beginning


class _Body:
    """A body that is counted while it is read, whose beginning and end are remembered."""

    def __init__(self, source: Readable, upload: Upload, most: int) -> None:
        self._source, self._upload, self._most = source, upload, most

    def read(self, size: int) -> bytes:
        if self._upload.size >= self._most:
            return b""
        data = self._source.read(size)
        upload = self._upload
        upload.size += len(data)
        if len(upload.beginning) < MEGABYTE:
            upload.beginning += data[: MEGABYTE - len(upload.beginning)]
        upload.end = (upload.end + data)[-2 * LONGEST_BOUNDARY :]
        return data


class _Holding(FileUploadHandler):
    """Holds the parts while all of them together stay within the limit; then only their sizes."""

    def __init__(self, upload: Upload, limit: int) -> None:
        super().__init__()
        self._upload, self._limit, self._total = upload, limit, 0

    def new_file(self, field_name: str, file_name: str, content_type: str, *_: Any) -> None:
        self._upload.parts.append(Part(field_name, file_name, _printable(content_type)))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        part = self._upload.parts[-1]
        part.size += len(raw_data)
        self._total += len(raw_data)
        if part.called == RECORD:
            part.chunks.append(raw_data[: max(0, HELD_OF_RECORD - start)])
        elif self._total <= self._limit:
            part.chunks.append(raw_data)
        else:
            self._let_go()

    def _let_go(self) -> None:
        for part in self._upload.parts:
            if part.called != RECORD:
                part.chunks.clear()
        if self._total > self._limit * GIVE_UP_AFTER:
            raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> None:
        return None


class _Parser(MultiPartParser):
    def sanitize_file_name(self, file_name: str) -> str:
        name = super().sanitize_file_name(file_name)
        if not name:
            raise PartWithoutName(part=file_name[:40])
        return name


def read_upload(request: HttpRequest, upload: Upload) -> None:
    """Read a submission's body into `upload`.

    Raises WrongContentType, MalformedUpload, CutShort, NoRecord, PartWithoutName, TooManyParts,
    TooLarge.
    """
    limit = settings.OPENROSA_LARGEST_BODY
    upload.was_read = True
    meta, source = _source(request, limit)
    body = _Body(source, upload, limit * GIVE_UP_AFTER)
    if not str(meta.get("CONTENT_TYPE", "")).lower().startswith("multipart/form-data"):
        _drain(body)
        raise WrongContentType
    fields = _parsed(meta, body, upload, limit)
    _check_whole(meta, upload, limit)
    unnamed = sorted(set(fields) - KNOWN_FIELDS)
    if unnamed:
        raise PartWithoutName(part=unnamed[0][:40])
    records = sum(one.called == RECORD for one in upload.parts)
    if records != 1:
        raise MalformedUpload if records else NoRecord


def _source(request: HttpRequest, limit: int) -> tuple[Meta, Readable]:
    """Give where the body is read from: OpenRosa asks for chunked bodies too, which Django skips.

    The server ends a chunked body by itself; its length is then taken for the most we would read.
    """
    chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    if chunked and not request.META.get("CONTENT_LENGTH"):
        meta = {**request.META, "CONTENT_LENGTH": str(limit * GIVE_UP_AFTER), "chunked": True}
        return meta, request.META["wsgi.input"]
    return request.META, request


def _parsed(meta: Meta, body: _Body, upload: Upload, limit: int) -> Mapping[str, Any]:
    try:
        fields, _ = _Parser(meta, cast(Any, body), [_Holding(upload, limit)]).parse()
    except MultiPartParserError as error:
        _drain(body)
        raise MalformedUpload from error
    except (TooManyFilesSent, TooManyFieldsSent) as error:
        _drain(body)
        raise TooManyParts from error
    except RequestDataTooBig as error:
        _drain(body)
        raise _too_large(upload, limit) from error
    except PartWithoutName:
        _drain(body)
        raise
    except (UnreadablePostError, OSError) as error:
        raise CutShort from error
    return fields


def _drain(body: _Body) -> None:
    """Read what is left, so that the phone listens to the answer."""
    try:
        while body.read(64 * 1024):
            pass
    except OSError as error:
        raise CutShort from error


def _check_whole(meta: Meta, upload: Upload, limit: int) -> None:
    if upload.size > limit:
        raise _too_large(upload, limit)
    _, options = parse_header_parameters(str(meta["CONTENT_TYPE"]))
    if f"--{options.get('boundary', '')}--".encode() in upload.end:
        return
    expected = 0 if "chunked" in meta else int(meta.get("CONTENT_LENGTH") or 0)
    raise CutShort if upload.size < expected else MalformedUpload


def _too_large(upload: Upload, limit: int) -> TooLarge:
    largest = max(upload.parts, key=lambda one: one.size, default=Part("", "–", ""))
    return TooLarge(
        size=_megabytes(upload.size),
        limit=_megabytes(limit),
        name=largest.name[:60],
        largest=_megabytes(largest.size),
    )


def _megabytes(size: int) -> int:
    return -(-size // MEGABYTE)


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable())
