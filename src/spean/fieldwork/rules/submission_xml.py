"""How the XML of a submission is read: safely, whatever a phone or a stranger sends.

ODK XForms, "Instance": the root bears the form's `id` and `version`, `meta/instanceID` the
submission's own name.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from spean.fieldwork.rules.answers import Answers
from spean.kernel.errors import N_, SpeanError

LARGEST_XML: Final = 1024 * 1024
MOST_ANSWERS: Final = 20_000
DEEPEST: Final = 20
LONGEST_ID: Final = 120


class NotXml(SpeanError):
    """Refuse what can't be read."""

    code = "fieldwork.not_xml"
    message = N_(
        "This record is damaged and cannot be read. It was kept here for inspection; "
        "fill the form in again."
    )


class UnsafeXml(SpeanError):
    """Refuse declarations of entities, with which a sender could reach files or exhaust memory."""

    code = "fieldwork.unsafe_xml"
    message = N_(
        "This record has content that no form makes (a document type or entities), "
        "so it was not read. It was kept here for inspection."
    )


class XmlTooLarge(SpeanError):
    """Refuse a record that no form makes so large."""

    code = "fieldwork.xml_too_large"
    message = N_("This record is too large to be a filled-in form. Fill the form in again.")
    status = 413


class NotAForm(SpeanError):
    """Refuse XML that doesn't say which form it is."""

    code = "fieldwork.not_a_form"
    message = N_("This record does not say which form and version it is. Get the form again.")


class NoInstanceId(SpeanError):
    """Refuse a record without a name of its own: it could not be told from a repeat."""

    code = "fieldwork.no_instance_id"
    message = N_("This record has no number of its own. Get the form again and fill it in.")


@dataclass(frozen=True, slots=True)
class ParsedSubmission:
    """A record as it was sent: which form, which record, when, where, and the answers."""

    form_id: str
    version: str
    instance_id: str
    answers: Answers
    started_at: datetime | None
    ended_at: datetime | None
    position: tuple[float, float] | None
    files: tuple[str, ...]


def parse_submission(xml: bytes) -> ParsedSubmission:
    """Read a record.

    Raises XmlTooLarge, UnsafeXml, NotXml, NotAForm, NoInstanceId.
    """
    if len(xml) > LARGEST_XML:
        raise XmlTooLarge
    try:
        root = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnsafeXml from error
    except (ParseError, ValueError, LookupError) as error:
        raise NotXml from error
    form_id, version = root.get("id", "").strip(), root.get("version", "").strip()
    if not form_id or len(form_id) > LONGEST_ID or len(version) > LONGEST_ID:
        raise NotAForm
    values = dict(_leaves(root, "", 0))
    if len(values) > MOST_ANSWERS:
        raise XmlTooLarge
    answers = Answers(values)
    instance_id = answers.text("meta/instanceID")
    if not instance_id or len(instance_id) > LONGEST_ID:
        raise NoInstanceId
    return ParsedSubmission(
        form_id=form_id,
        version=version,
        instance_id=instance_id,
        answers=answers,
        started_at=_moment(answers.text("start")),
        ended_at=_moment(answers.text("end")),
        position=_position(answers.text("gps")),
        files=_files(values),
    )


def _leaves(element: Element, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        raise XmlTooLarge
    seen: Counter[str] = Counter()
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        seen[name] += 1
        here = f"{path}/{name}[{seen[name]}]" if path else f"{name}[{seen[name]}]"
        if len(child):
            yield from _leaves(child, here, depth + 1)
        else:
            yield here, (child.text or "").replace("\x00", "")


def _moment(text: str) -> datetime | None:
    """Give the moment that a phone wrote, if it is one and says its time zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _position(text: str) -> tuple[float, float] | None:
    """Give latitude and longitude of a geopoint ("lat lon alt accuracy"), if it is one."""
    parts = text.split()
    try:
        latitude, longitude = float(parts[0]), float(parts[1])
    except (IndexError, ValueError):
        return None
    on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return (latitude, longitude) if on_earth else None


def _files(values: Mapping[str, str]) -> tuple[str, ...]:
    """Give the names of the files that the record says belong to it (forms call them `photo`)."""
    return tuple(
        value.strip()
        for path, value in values.items()
        if path.rpartition("/")[2] == "photo[1]" and value.strip()
    )
