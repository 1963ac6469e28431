"""The shapes beside the words: how an extract stands, and whether what it refuses is changing."""

from __future__ import annotations

from dashboard.charts.icons import variation_icon
from dashboard.charts.judged_series import sparkline_view
from dashboard.charts.sparkline import sparkline
from dashboard.charts.svg import data_uri
from dashboard.components.kpis import verdicts
from dashboard.components.messages import plain
from data.extracts.quality import ExtractState
from data.language.texts import Texts
from kpis.variation import ControlChart

TREND = (96, 24)  # pixels
SIGNS = {
    ExtractState.MISSING: ":red[:material/error:]",
    ExtractState.PARTIAL: ":yellow[:material/clock_loader_40:]",
    ExtractState.SILENT: ":orange[:material/voice_over_off:]",
    ExtractState.NOT_DUE: ":gray[:material/remove:]",
    ExtractState.COMPLETE: ":blue[:material/check_circle:]",
    ExtractState.NEVER: ":gray[:material/radio_button_unchecked:]",
}
STALE, FRESH = ":gray[:material/schedule:]", SIGNS[ExtractState.COMPLETE]


def small(text: str) -> str:
    return f":small[:gray[{plain(text)}]]"


def unbroken(text: str) -> str:
    """The text on one line, however narrow its column."""
    return plain(text.replace(" ", verdicts.NO_BREAK))


def trend(texts: Texts, chart: ControlChart) -> str:
    """The share of refused rows load by load, as a sparkline."""
    if not chart.points:
        return ""
    drawn = data_uri(sparkline(sparkline_view(chart, texts), verdicts.colours(), *TREND))
    return f"![{plain(texts.said(chart.summary))}]({drawn})"


def verdict(texts: Texts, chart: ControlChart) -> str:
    """Is it changing? The icon with the sentence that sums the loads up."""
    if chart.withheld is not None:
        return small(_not_judged(texts, chart))
    said = plain(texts.said(chart.summary))
    if chart.variation is None:
        return said
    return verdicts.beside(data_uri(variation_icon(chart.variation, verdicts.colours())), said)


def _not_judged(texts: Texts, chart: ControlChart) -> str:
    """Why nothing is said of a change, short enough for a cell."""
    points = len(chart.points)
    if points < chart.settings.minimum_points:
        needed = chart.settings.minimum_points
        return texts.text("data_quality.few_loads", count=points, needed=needed)
    return texts.text("data_quality.hardly_varies")
