"""The XML documents of OpenRosa 1.0: list of forms, manifest, answer to a submission."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

FORM_LIST: Final = "http://openrosa.org/xforms/xformsList"
MANIFEST: Final = "http://openrosa.org/xforms/xformsManifest"
RESPONSE: Final = "http://openrosa.org/http/response"


@dataclass(frozen=True, slots=True)
class ListedForm:
    """One line of the list of forms."""

    form_id: str
    name: str
    version: str
    md5: str
    download_url: str
    manifest_url: str


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One line of a form's manifest."""

    name: str
    md5: str
    download_url: str


def form_list(forms: Iterable[ListedForm]) -> bytes:
    """Write the list of forms (Form List API)."""
    root = Element("xforms", xmlns=FORM_LIST)
    for form in forms:
        line = SubElement(root, "xform")
        _add(line, "formID", form.form_id)
        _add(line, "name", form.name)
        _add(line, "version", form.version)
        _add(line, "hash", f"md5:{form.md5}")
        _add(line, "downloadUrl", form.download_url)
        if form.manifest_url:
            _add(line, "manifestUrl", form.manifest_url)
    return _written(root)


def manifest(files: Iterable[ListedFile]) -> bytes:
    """Write what a form reads beside its questions (Form Manifest API)."""
    root = Element("manifest", xmlns=MANIFEST)
    for file in files:
        line = SubElement(root, "mediaFile")
        _add(line, "filename", file.name)
        _add(line, "hash", f"md5:{file.md5}")
        _add(line, "downloadUrl", file.download_url)
    return _written(root)


def response(nature: str, message: str) -> bytes:
    """Write the answer to a phone (Form Submission API); `nature` is submit_success or error."""
    root = Element("OpenRosaResponse", xmlns=RESPONSE)
    SubElement(root, "message", nature=nature).text = message
    return _written(root)


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _written(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
