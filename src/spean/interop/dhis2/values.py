"""A closed or open month, as the two formats write it. Nothing is left out silently.

DHIS2, "Data values" of the Web API (`dataValueSets`) and "ADX data format"; IHE QRPH, Aggregate
Data Exchange (ADX), namespace urn:ihe:qrph:adx:2015.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lxml import etree

from spean.interop.dhis2.mapping import Codes, Element
from spean.kernel.errors import N_, SpeanError

NAMESPACE = "urn:ihe:qrph:adx:2015"


class NotMapped(SpeanError):
    """Refuse to leave out what has no code there."""

    code = "interop.not_mapped"
    message = N_(
        "These have no code in the health information system: %(what)s. "
        "Add them to the table of codes."
    )
    status = 409


@dataclass(frozen=True, slots=True)
class Month:
    """What is sent: whose month, its counts, and when it was closed (None: still open)."""

    facility: str
    start: date
    counts: Mapping[str, int]
    closed_on: date | None


def not_mapped(month: Month, codes: Codes) -> list[str]:
    """Give the rows, and the facility, that the table has no code for."""
    rows = [row for row in month.counts if row not in codes.elements]
    return rows if month.facility in codes.org_units else [month.facility, *rows]


def data_value_set(month: Month, codes: Codes) -> dict[str, Any]:
    """Write a month as DHIS2's dataValueSets JSON. Raises NotMapped."""
    values = [
        {"dataElement": element.data_element}
        | ({"categoryOptionCombo": element.combo} if element.combo else {})
        | {"value": str(count)}
        for element, count in _values(month, codes)
    ]
    completed = {"completeDate": month.closed_on.isoformat()} if month.closed_on else {}
    return {
        "dataSet": codes.data_set, **completed, "period": f"{month.start:%Y%m}",
        "orgUnit": codes.org_units[month.facility],
        "dataElementIdScheme": codes.scheme, "orgUnitIdScheme": codes.scheme,
        "categoryOptionComboIdScheme": codes.scheme, "dataSetIdScheme": codes.scheme,
        "dataValues": values,
    }  # fmt: skip


def adx(month: Month, codes: Codes, *, exported: datetime) -> bytes:
    """Write a month as an ADX document. Raises NotMapped."""
    root = etree.Element(f"{{{NAMESPACE}}}adx", nsmap={None: NAMESPACE})
    root.set("exported", exported.isoformat(timespec="seconds"))
    group = etree.SubElement(root, f"{{{NAMESPACE}}}group")
    group.set("dataSet", codes.data_set)
    group.set("orgUnit", codes.org_units.get(month.facility, ""))
    group.set("period", f"{month.start.isoformat()}/P1M")
    if month.closed_on:
        group.set("completeDate", month.closed_on.isoformat())
    for element, count in _values(month, codes):
        value = etree.SubElement(group, f"{{{NAMESPACE}}}dataValue")
        value.set("dataElement", element.data_element)
        for category, option in element.categories.items():
            value.set(category, option)
        value.set("value", str(count))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _values(month: Month, codes: Codes) -> Iterator[tuple[Element, int]]:
    if missing := not_mapped(month, codes):
        raise NotMapped(what=", ".join(missing))
    for row, count in month.counts.items():
        yield codes.elements[row], count
