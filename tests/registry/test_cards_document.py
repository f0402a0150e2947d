import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from django.utils.translation import override
from PIL import Image

from spean.kernel.access import Actor
from spean.kernel.documents import render_pngs
from spean.kernel.models import AuditEntry
from spean.registry import queries
from spean.registry.models import EquityCard, Membership, Person
from spean.registry.queries.card_document import TEMPLATE

TODAY = date(2026, 11, 23)
PPI = 300
MM = 25.4 / PPI


def pages(card: EquityCard, *, sheet: bool = False, ppi: int = PPI) -> list[Image.Image]:
    face = queries.card_face(card, on=TODAY, sheet=sheet)
    return [Image.open(io.BytesIO(png)) for png in render_pngs(TEMPLATE, face, ppi=ppi)]


def test_a_card_has_two_sides_of_the_size_of_a_bank_card(card: EquityCard) -> None:
    front, back = pages(card)

    assert front.size == back.size
    assert front.width * MM == pytest.approx(85.6, abs=0.2)
    assert front.height * MM == pytest.approx(54, abs=0.2)


@pytest.mark.parametrize("ppi", [300, 150])
def test_the_code_is_read_back_as_the_signed_token(card: EquityCard, ppi: int) -> None:
    found = zxingcpp.read_barcodes(pages(card, ppi=ppi)[1])

    assert [code.text for code in found] == [card.token]


def test_the_code_is_at_least_25_millimetres_wide(card: EquityCard) -> None:
    (code,) = zxingcpp.read_barcodes(pages(card)[1])

    assert (code.position.top_right.x - code.position.top_left.x) * MM >= 25


def test_the_sheet_is_one_a4_page_with_a_code_that_reads(card: EquityCard) -> None:
    (sheet,) = pages(card, sheet=True)

    assert sheet.height * MM == pytest.approx(297, abs=0.5)
    assert [code.text for code in zxingcpp.read_barcodes(sheet)] == [card.token]


def test_a_printing_is_a_pdf_and_an_audit_line(card: EquityCard, system: Actor) -> None:
    content = queries.card_pdf(card, by=system, on=TODAY)

    assert content.startswith(b"%PDF-")
    assert AuditEntry.objects.get(action="registry.card_printed").subject_id == str(card.pk)


def test_the_card_says_everything_in_both_languages(card: EquityCard) -> None:
    with override("en"):
        face: dict[str, Any] = queries.card_face(card, on=TODAY)

    assert face["head"] == {"km": "សុខ ដារ៉ា", "en": "Sok Dara"}
    assert face["level"]["en"] == "Poor level 1"
    assert face["size"]["en"] == "2 people"
    assert face["valid"] == {
        "km": "២៣ វិច្ឆិកា ២០២៦ – ២២ វិច្ឆិកា ២០២៩",
        "en": "23 November 2026 – 22 November 2029",
    }
    assert face["village"]["en"] == "Nhang · Nhang · Andoung Meas · Ratanak Kiri"
    assert face["members"][1] == {"name": "សុខ បុប្ផា Sok Bopha", "age": "១១ · 11"}
    assert face["more"] is None


def test_a_ninth_member_is_counted_and_not_squeezed_in(card: EquityCard) -> None:
    for number in range(9):
        person = Person.objects.create(
            given_name_km="ចាន់", sex="female", birth_date=date(2000, 1, 1 + number),
            since=TODAY, search_text="", search_keys=[],
        )  # fmt: skip
        Membership.objects.create(
            household=card.household, person=person, relation="child", start=TODAY
        )

    face: dict[str, Any] = queries.card_face(card, on=TODAY)

    assert len(face["members"]) == 8
    assert face["more"]["en"] == "+3 more"


def test_the_template_lies_beside_its_module() -> None:
    assert Path("registry/documents/card.typ") == Path(*TEMPLATE.parts[-3:])
