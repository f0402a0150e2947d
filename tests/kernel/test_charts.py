"""Charts in both languages, within the content policy."""

from datetime import date
from xml.etree import ElementTree

from django.utils import translation

from spean.kernel import charts

PLACES = [("ស្រែអង្គ្រងក្រោម", 1204), ("A & B", 7)]


def test_bars_name_their_places_and_say_their_numbers_in_the_readers_digits() -> None:
    with translation.override("km"):
        khmer = charts.bar_by_place(PLACES, title="គ្រួសារ <ក្រីក្រ>")
    english = charts.bar_by_place(PLACES, title="Poor households")

    assert "ស្រែអង្គ្រងក្រោម" in khmer
    assert "១,២០៤" in khmer
    assert "1,204" in english
    assert ElementTree.fromstring(khmer).get("aria-label") == "គ្រួសារ <ក្រីក្រ>"


def test_a_trend_says_its_months_and_its_scale_in_the_readers_language() -> None:
    months = [(date(2026, month, 1), month * 30) for month in range(1, 10)]

    with translation.override("km"):
        khmer = charts.trend(months, title="សំណើ")

    assert "មករា ២៦" in khmer
    assert "៣០០" in khmer


def test_a_drawing_holds_nothing_that_the_content_policy_refuses() -> None:
    for drawing in (
        charts.bar_by_place(PLACES, title="x"),
        charts.trend([(date(2026, 1, 1), 3)], title="x"),
    ):
        root = ElementTree.fromstring(drawing)
        assert root.get("role") == "img"
        assert root.get("width") is None
        assert all("style" not in e.attrib and not e.tag.endswith("style") for e in root.iter())
        assert "<script" not in drawing


def test_nothing_to_draw_is_drawn_as_nothing() -> None:
    assert charts.bar_by_place([], title="x").startswith("<svg")
    assert charts.trend([], title="x").startswith("<svg")
