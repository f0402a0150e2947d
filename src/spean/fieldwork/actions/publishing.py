"""Workbooks become forms: each version is compiled once, and never changed afterwards.

The workbooks are XLSForms (xlsform.org), one beside the module that uses the answers. They are
compiled by pyxform without its validator, which needs Java: the tests run that one on each of them.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zipfile import BadZipFile

from defusedxml.ElementTree import fromstring
from django.db import transaction
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from spean.fieldwork.models import FormVersion
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError

BETWEEN_TITLES = " · "
_XF = "{http://www.w3.org/2002/xforms}"
_H = "{http://www.w3.org/1999/xhtml}"
_LIST = re.compile(r'"jr://file-csv/([^"]+)"')


class WorkbookWrong(SpeanError):
    """Refuse a workbook that is no form."""

    code = "fieldwork.workbook_wrong"
    message = N_("The workbook %(file)s can't be made a form. Correct it: %(problem)s")


class WorkbookIncomplete(SpeanError):
    """Refuse a form that does not say which one it is, in both languages."""

    code = "fieldwork.workbook_incomplete"
    message = N_(
        "The settings of %(file)s need a form_id, a version, and a form_title in Khmer and English "
        "with “ · ” between."
    )


class VersionPublished(Conflict):
    """Refuse to change a form that phones may have."""

    code = "fieldwork.version_published"
    message = N_(
        "Version %(version)s of %(form)s is published already, with other content. "
        "Give the workbook %(file)s a new version."
    )


@dataclass(frozen=True, slots=True)
class _Compiled:
    form_id: str
    version: str
    titles: tuple[str, str]
    xform: str


@transaction.atomic
def publish_forms(*, paths: Sequence[Path], by: Actor, on: date) -> list[FormVersion]:
    """Publish the workbooks whose version is new; give the form versions that were added.

    Raises NotAllowed, WorkbookWrong, WorkbookIncomplete, VersionPublished.
    """
    access.require(by, "fieldwork.publish_forms", area="")
    added = (_publish(path, by, on) for path in sorted(paths))
    return [form for form in added if form is not None]


def _publish(path: Path, by: Actor, on: date) -> FormVersion | None:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if FormVersion.objects.filter(workbook_sha256=sha256).exists():
        return None
    compiled = _compile(path)
    same = {"form_id": compiled.form_id, "version": compiled.version}
    if FormVersion.objects.filter(**same).exists():
        raise VersionPublished(form=compiled.form_id, version=compiled.version, file=path.name)
    form = FormVersion.objects.create(
        **same,
        title_km=compiled.titles[0],
        title_en=compiled.titles[1],
        xform=compiled.xform,
        md5=hashlib.md5(compiled.xform.encode(), usedforsecurity=False).hexdigest(),
        workbook_sha256=sha256,
        media=sorted(set(_LIST.findall(compiled.xform))),
        published_on=on,
        published_by=by.name,
    )
    audit.write(by=by, action="fieldwork.publish_form", subject=form, **same, sha256=sha256)
    return form


def _compile(path: Path) -> _Compiled:
    try:
        xform = convert(xlsform=str(path), validate=False).xform
    except (PyXFormError, BadZipFile, OSError, ValueError, KeyError) as error:
        raise WorkbookWrong(file=path.name, problem=str(error)) from error
    root = fromstring(xform, forbid_dtd=True)
    data = root.find(f"{_H}head/{_XF}model/{_XF}instance/*")
    form_id = data.get("id", "") if data is not None else ""
    version = data.get("version", "") if data is not None else ""
    km, between, en = root.findtext(f"{_H}head/{_H}title", "").partition(BETWEEN_TITLES)
    if not (form_id and version and km.strip() and between and en.strip()):
        raise WorkbookIncomplete(file=path.name)
    return _Compiled(form_id, version, (km.strip(), en.strip()), xform)
