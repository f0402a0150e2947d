from datetime import date
from pathlib import Path

import pytest

from spean.kernel.documents import DocumentNotMade, render_pdf, render_pngs

READS_A_NAME = """
#let data = json(bytes(sys.inputs.data))
#set page(width: 60mm, height: auto, margin: 2mm)
#set text(font: "Noto Sans Khmer", lang: "km")
#data.name
"""
LONG_KHMER = "ប័ណ្ណសមធម៌នេះផ្តល់សិទ្ធិទទួលបានសេវាសុខាភិបាលដោយឥតគិតថ្លៃ" * 6


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "letter.typ"
    path.write_text(READS_A_NAME, encoding="utf-8")
    return path


def test_a_document_is_a_pdf(template: Path) -> None:
    assert render_pdf(template, {"name": "សុខ ដារ៉ា"}).startswith(b"%PDF-")


def test_the_same_data_give_the_same_bytes(template: Path) -> None:
    on = date(2026, 11, 23)

    first = render_pdf(template, {"name": "Sok Dara"}, on=on)

    assert render_pdf(template, {"name": "Sok Dara"}, on=on) == first
    assert b"20261123" in first


def test_markup_in_the_data_is_printed_and_never_run(template: Path) -> None:
    hostile = '#panic("run") "} #read("/etc/passwd") $x$ \\u{41}'

    assert render_pdf(template, {"name": hostile}).startswith(b"%PDF-")


def test_unspaced_khmer_is_broken_into_lines(template: Path) -> None:
    one_line = _height(render_pngs(template, {"name": "ប័ណ្ណ"}, ppi=72)[0])

    many_lines = _height(render_pngs(template, {"name": LONG_KHMER}, ppi=72)[0])

    assert many_lines > 3 * one_line


def _height(png: bytes) -> int:
    return int.from_bytes(png[20:24])


def test_a_template_reads_no_file_outside_its_own_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (inside / "curious.typ").write_text('#read("../secret.txt")')

    with pytest.raises(DocumentNotMade):
        render_pdf(inside / "curious.typ", {})


def test_data_that_the_template_does_not_expect_are_a_named_error(template: Path) -> None:
    with pytest.raises(DocumentNotMade) as refused:
        render_pdf(template, {"other": 1})

    assert refused.value.facts["template"] == "letter.typ"


def test_a_template_that_is_not_there_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentNotMade):
        render_pdf(tmp_path / "none.typ", {})
