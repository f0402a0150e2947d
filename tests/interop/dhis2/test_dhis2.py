"""A month as DHIS2 and ADX read it; what has no code there is never left out silently."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from lxml import etree

from spean.interop.dhis2.mapping import Codes, Element, codes, read
from spean.interop.dhis2.values import NAMESPACE, Month, NotMapped, adx, data_value_set
from spean.kernel.policy.strict_yaml import BadPolicy
from spean.locations.models import Facility
from spean.results.queries.indicators import report_groups
from tests.results.conftest import PERIOD, Family, cared_for, centre

__all__ = ["cared_for", "centre"]

CODES = Codes(
    "MCH", "CODE",
    {"births": Element("BIRTHS"), "live_girls": Element("LIVE", "F_COMBO", {"SEX": "F"})},
    {"HC1": "OU_1"},
)  # fmt: skip
MONTH = Month("HC1", date(2026, 10, 1), {"births": 7, "live_girls": 3}, date(2026, 11, 3))
NOW = datetime(2026, 11, 4, 8, 30, tzinfo=UTC)


def test_a_month_is_written_as_a_data_value_set() -> None:
    assert data_value_set(MONTH, CODES) == {
        "dataSet": "MCH", "completeDate": "2026-11-03", "period": "202610", "orgUnit": "OU_1",
        "dataSetIdScheme": "CODE", "dataElementIdScheme": "CODE", "orgUnitIdScheme": "CODE",
        "categoryOptionComboIdScheme": "CODE",
        "dataValues": [
            {"dataElement": "BIRTHS", "value": "7"},
            {"dataElement": "LIVE", "categoryOptionCombo": "F_COMBO", "value": "3"},
        ],
    }  # fmt: skip


def test_a_month_that_is_not_closed_has_no_day_of_completion() -> None:
    still = Month(MONTH.facility, MONTH.start, MONTH.counts, None)

    assert "completeDate" not in data_value_set(still, CODES)
    assert b"completeDate" not in adx(still, CODES, exported=NOW)


# The form of an ADX document (IHE QRPH, ADX; DHIS2, "ADX data format"), in RELAX NG of our own.
FORM = f"""
<element name="adx" ns="{NAMESPACE}" xmlns="http://relaxng.org/ns/structure/1.0"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <attribute name="exported"><data type="dateTime"/></attribute>
  <oneOrMore><element name="group">
    <attribute name="orgUnit"><data type="token"/></attribute>
    <attribute name="period">
      <data type="token"><param name="pattern">\\d{{4}}-\\d\\d-\\d\\d/P1M</param></data>
    </attribute>
    <attribute name="dataSet"><data type="token"/></attribute>
    <optional><attribute name="completeDate"><data type="date"/></attribute></optional>
    <oneOrMore><element name="dataValue">
      <attribute name="dataElement"><data type="token"/></attribute>
      <attribute name="value"><data type="decimal"/></attribute>
      <zeroOrMore><attribute>
        <anyName><except><name ns="">dataElement</name><name ns="">value</name></except></anyName>
      </attribute></zeroOrMore>
    </element></oneOrMore>
  </element></oneOrMore>
</element>
"""


def test_a_month_is_written_as_an_adx_document() -> None:
    found = etree.fromstring(adx(MONTH, CODES, exported=NOW))

    etree.RelaxNG(etree.fromstring(FORM)).assertValid(found)
    group = found[0]
    assert dict(group.attrib) == {
        "orgUnit": "OU_1", "period": "2026-10-01/P1M", "dataSet": "MCH",
        "completeDate": "2026-11-03",
    }  # fmt: skip
    assert [dict(one.attrib) for one in group] == [
        {"dataElement": "BIRTHS", "value": "7"},
        {"dataElement": "LIVE", "SEX": "F", "value": "3"},
    ]


@pytest.mark.parametrize(
    ("month", "missing"),
    [
        (Month("HC9", MONTH.start, {"births": 1}, None), "HC9"),
        (Month("HC1", MONTH.start, {"births": 1, "doses": 2}, None), "doses"),
    ],
)
def test_what_has_no_code_there_is_named_and_refused(month: Month, missing: str) -> None:
    for write in (
        lambda: data_value_set(month, CODES), lambda: adx(month, CODES, exported=NOW),
    ):  # fmt: skip
        with pytest.raises(NotMapped) as refused:
            write()
        assert refused.value.facts["what"] == missing


def test_every_row_of_the_report_has_a_code_of_its_own() -> None:
    table = codes()
    rows = {row.code for one in report_groups(date(2026, 11, 23)).values() for row in one.rows}

    assert rows == table.elements.keys()
    places = [
        (one.data_element, one.combo, *one.categories.items()) for one in table.elements.values()
    ]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize(
    "text",
    [
        "dataSet: A\nidScheme: CODE\norgUnits: {}\n",
        "dataSet: A\nidScheme: CODE\norgUnits: {}\ndataElements:\n  x: {element: Y}\n",
        "dataSet: A\nidScheme: CODE\norgUnits: {}\ndataElements:\n"
        "  x: {dataElement: Y, categoryOptionCombo: Z}\n",
    ],
)
def test_a_table_of_another_form_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "codes.yaml"
    file.write_text(text)

    with pytest.raises(BadPolicy):
        read(file)


def test_the_month_of_a_facility_is_fetched_as_a_file_and_over_the_api(
    centre: Facility, cared_for: Family, client_of: Callable[..., Client]
) -> None:
    Facility.objects.update(code="DEMO-0101")
    client = client_of("facility_chief", "1601")

    file = client.get(f"/reports/DEMO-0101/{PERIOD}/dhis2")
    over_api = client.get(f"/api/v1/results/reports/DEMO-0101/{PERIOD}/dhis2")
    document = client.get(f"/api/v1/results/reports/DEMO-0101/{PERIOD}/adx")

    values = {
        (one["dataElement"], one.get("categoryOptionCombo")): one["value"]
        for one in over_api.json()["dataValues"]
    }
    assert file.json() == over_api.json()
    assert "DEMO-0101-202610.json" in file["Content-Disposition"]
    assert values["MCH_BIRTHS", None] == "1"
    assert values["MCH_LIVE_BIRTHS_BY_SEX", "SEX_F"] == "1"
    assert document["Content-Type"] == "application/adx+xml"
    etree.RelaxNG(etree.fromstring(FORM)).assertValid(etree.fromstring(document.content))
