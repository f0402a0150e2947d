"""Documents to print: a Typst template and data in, a PDF out, in Khmer and English.

Templates lie beside the module that owns them (`<module>/documents/*.typ`) and read their data by
`json(bytes(sys.inputs.data))`. Data never become part of the template's text, so that nothing that
a person typed can be taken for markup. Only our own fonts are used: the same data give the same
bytes on every machine (docs/adr/0004).
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst
from django.core.serializers.json import DjangoJSONEncoder

from spean.kernel.errors import N_, SpeanError

FONTS = Path(__file__).parent / "fonts"
KNOWN_FONT = "Noto Sans Khmer"


class DocumentNotMade(SpeanError):
    """Say that a document's template and its data don't fit: our fault, not the reader's."""

    code = "kernel.document_not_made"
    message = N_(
        "The document could not be made. Nothing else was changed. "
        "Try again; if it fails again, tell your administrator."
    )
    status = 500


class FontsMissing(DocumentNotMade):
    """Say that the fonts are not where they belong: Khmer would print as empty boxes."""

    code = "kernel.fonts_missing"
    message = N_("The fonts for Khmer are missing on the server. Tell your administrator.")


def render_pdf(template: Path, data: Mapping[str, object], *, on: date | None = None) -> bytes:
    """Render a Typst template with the data as a PDF whose date of making is `on` (else 1970).

    `data` may hold whatever JSON holds, and dates. Raises DocumentNotMade.
    """
    return _compile(template, data, "pdf", on=on)[0]


def render_pngs(template: Path, data: Mapping[str, object], *, ppi: int = 144) -> list[bytes]:
    """Render each page of the document as a PNG picture. Raises DocumentNotMade."""
    return _compile(template, data, "png", ppi=ppi)


def _compile(
    template: Path,
    data: Mapping[str, object],
    kind: Literal["pdf", "png"],
    *,
    on: date | None = None,
    ppi: int = 144,
) -> list[bytes]:
    day = on or date(1970, 1, 1)
    try:
        made = typst.compile(
            template,
            root=template.parent,
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)},
            format=kind,
            ppi=ppi,
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
        )
    except (RuntimeError, TypeError, ValueError) as error:
        raise DocumentNotMade(template=template.name, cause=str(error)[:500]) from error
    return made if isinstance(made, list) else [made]


@cache
def _fonts() -> typst.Fonts:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
    if KNOWN_FONT not in fonts.families():
        raise FontsMissing
    return fonts
