"""Icons and sparklines: sound SVG, a shape of its own for each meaning, nothing fetched."""

from __future__ import annotations

import base64

import pytest
from defusedxml import ElementTree

from dashboard.charts.control_chart_view import Mark
from dashboard.charts.icons import (
    STATUS_SIGNS,
    STATUS_TONES,
    assurance_icon,
    status_icon,
    variation_icon,
)
from dashboard.charts.sparkline import SparklineView, sparkline, sparkline_uri, sparkline_values
from dashboard.charts.tokens import DARK, LIGHT, Palette
from kpis.assessment import StatusKind
from kpis.variation import AssuranceIcon, VariationIcon

SVG = "{http://www.w3.org/2000/svg}"


def drawings(colours: Palette) -> list[str]:
    return [
        *[status_icon(kind, colours) for kind in StatusKind],
        *[variation_icon(icon, colours) for icon in VariationIcon],
        *[assurance_icon(icon, colours) for icon in AssuranceIcon],
    ]


def shapes_of(svg: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """The elements without their colours."""
    return [
        (each.tag, tuple((k, v) for k, v in each.attrib.items() if k not in ("fill", "stroke")))
        for each in ElementTree.fromstring(svg)
    ]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_icon_is_sound_svg(colours: Palette) -> None:
    for svg in drawings(colours):
        assert ElementTree.fromstring(svg).tag == f"{SVG}svg"
        assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_every_status_has_a_shape_of_its_own_without_colour() -> None:
    shapes = [str(shapes_of(status_icon(kind, LIGHT))) for kind in StatusKind]
    assert len(set(shapes)) == len(StatusKind)
    assert len(set(STATUS_SIGNS.values())) == len(StatusKind)
    assert STATUS_SIGNS.keys() == STATUS_TONES.keys() == set(StatusKind)


def test_variation_says_high_and_low_by_shape_and_good_and_bad_by_colour() -> None:
    high, low = VariationIcon.IMPROVEMENT_HIGH, VariationIcon.IMPROVEMENT_LOW
    concern = variation_icon(VariationIcon.CONCERN_HIGH, LIGHT)
    assert shapes_of(variation_icon(high, LIGHT)) != shapes_of(variation_icon(low, LIGHT))
    assert LIGHT.improvement in variation_icon(high, LIGHT)
    assert LIGHT.concern in concern
    assert LIGHT.improvement not in concern


def test_a_title_is_read_out_and_made_harmless() -> None:
    svg = status_icon(StatusKind.MET, LIGHT, title='"><script>x</script>')
    root = ElementTree.fromstring(svg)
    assert root.attrib["aria-label"] == '"><script>x</script>'
    assert "<script>" not in svg


def test_a_sparkline_breaks_at_gaps_and_marks_its_last_value() -> None:
    view = SparklineView((1.0, 2.0, None, 4.0, 3.0, None, 9.0, None), Mark.CONCERN, 3.0, 5.0)
    root = ElementTree.fromstring(sparkline(view, LIGHT))
    lines = root.findall(f"{SVG}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [2, 2]
    assert root.findall(f"{SVG}path")[-1].attrib["fill"] == LIGHT.concern
    assert len(root.findall(f"{SVG}line")) == 2


@pytest.mark.parametrize("mark", list(Mark))
@pytest.mark.parametrize("values", [(), (None,), (5.0,), (5.0, 5.0), (1e12, -1e12)])
def test_any_series_gives_a_drawing_inside_its_frame(
    values: tuple[float | None, ...], mark: Mark
) -> None:
    root = ElementTree.fromstring(sparkline(SparklineView(values, mark), DARK))
    for line in root.findall(f"{SVG}polyline"):
        for place in line.attrib["points"].split():
            x, y = map(float, place.split(","))
            assert 0 <= x <= 120
            assert 0 <= y <= 28


def test_a_sparkline_travels_as_an_address_that_fetches_nothing() -> None:
    uri = sparkline_uri(SparklineView((1.0, 2.0), title="Pejë: improving"), LIGHT)
    kind, _, content = uri.partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert "Pejë: improving" in base64.b64decode(content).decode()


def test_gaps_repeat_the_value_before_in_a_plain_list() -> None:
    assert sparkline_values([None, 1.0, None, 3.0]) == [1.0, 1.0, 3.0]
    assert sparkline_values([None, None]) == []
