"""Curves with somebody's points over them, in both languages, within the content policy."""

from dataclasses import replace
from xml.etree import ElementTree

from django.utils import translation

from spean.kernel import curve_charts
from spean.kernel.curves import Band, Curves, Line

DRAWING = Curves(
    title="Weight for age",
    subtitle="Girls",
    note="Green: as it should be. Yellow: watch.\nRed: go to the health centre.",
    x_title="Age in months",
    y_title="Weight (kg)",
    x_ticks=((0, 0), (100, 10)),
    lines=(
        Line("+2", "near", ((0, 4), (100, 9))),
        Line("0", "middle", ((0, 3), (100, 7))),
    ),
    bands=(Band("good", ((0, 3, 4), (100, 7, 9))),),
    points=((0, 3.5), (50, 5.25)),
)


def test_names_values_and_scales_are_in_the_readers_language() -> None:
    with translation.override("km"):
        khmer = curve_charts.drawn(DRAWING)
    with translation.override("en"):
        english = curve_charts.drawn(DRAWING)

    for text in ("ទម្ងន់ធៀបនឹងអាយុ", "ក្មេងស្រី", "អាយុ (ខែ)", "+២", "៥.២", "១០"):
        assert text in khmer
    for text in ("Weight for age", "Girls", "Weight (kg)", "Yellow: watch.", "+2", "5.2", ">10<"):
        assert text in english
    assert ElementTree.fromstring(english).get("aria-label") == "Weight for age: Girls"


def test_a_drawing_holds_nothing_that_the_content_policy_refuses_and_fits_a_phone() -> None:
    root = ElementTree.fromstring(curve_charts.drawn(DRAWING))

    assert all("style" not in one.attrib and not one.tag.endswith("style") for one in root.iter())
    assert float(root.attrib["viewBox"].split()[2]) <= 360


def test_without_points_the_lines_are_drawn_alone() -> None:
    alone = curve_charts.drawn(replace(DRAWING, points=()))

    assert "5.2" not in alone
    assert alone.startswith("<svg")
