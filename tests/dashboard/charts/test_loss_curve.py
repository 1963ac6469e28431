"""The loss exceedance curve: what is drawn is what was simulated, on an axis that says amounts."""

from __future__ import annotations

import math
from dataclasses import replace

import plotly.graph_objects as go
import pytest

from dashboard.charts.canvas import Heading
from dashboard.charts.loss_curve import FEW, Curve, Level, LossCurveView, loss_curve
from dashboard.charts.tokens import DARK, LIGHT, Palette
from tests.dashboard.charts.samples import ODD, SAFE
from tests.dashboard.charts.test_every_chart import colours_of, texts_of

LOSSES = (0.0, 1e3, 1e4, 1e5, 1e6, 1e7)


def curve(name: str, *chances: float) -> Curve:
    hover = tuple(f"{name} {chance}" for chance in chances)
    return Curve(name, LOSSES, chances, hover)


NOW = curve("Now", 0.8, 0.8, 0.5, 0.2, 0.02, 0.0)
AFTER = curve("After", 0.5, 0.5, 0.3, 0.1, 0.01, 0.0)
BORNE = Curve("Borne", (1e4, 1e6), (0.4, 0.05), ("a", "b"))
VIEW = LossCurveView(
    heading=Heading("One year in ten", "EUR"),
    now=NOW,
    after=AFTER,
    tolerated=BORNE,
    level=Level(0.1, "1 year in 10"),
    amounts=tuple((amount, f"EUR {amount:.0f}") for amount in (1e2, 1e3, 1e4, 1e5, 1e6, 1e9)),
    shares=((0.1, "10%"), (0.5, "50%")),
)


def test_every_loss_that_has_a_logarithm_is_drawn_with_its_chance_and_words() -> None:
    level, borne, after, now = loss_curve(VIEW, LIGHT)["data"]
    assert now["x"] == list(LOSSES[1:])
    assert now["y"] == list(NOW.chances[1:])
    assert now["hovertext"] == list(NOW.hover[1:])
    assert after["y"] == list(AFTER.chances[1:])
    assert (borne["x"], borne["y"]) == (list(BORNE.losses), list(BORNE.chances))
    assert level["y"] == [0.1, 0.1]


def test_now_after_and_borne_differ_without_colour() -> None:
    _level, borne, after, now = loss_curve(VIEW, LIGHT)["data"]
    assert len({each["line"]["dash"] for each in (borne, after, now)}) == 3


def test_the_axis_is_logarithmic_and_leaves_out_what_tells_nothing() -> None:
    axis = loss_curve(VIEW, LIGHT)["layout"]["xaxis"]
    low, high = axis["range"]
    assert axis["type"] == "log"
    assert 2 < low < 3 < 7 < high < 8  # from where the curve is flat to where it is nearly nothing
    assert [math.log10(tick) for tick in axis["tickvals"]] == [3, 4, 5, 6]
    assert axis["ticktext"] == [f"EUR {10**power}" for power in (3, 4, 5, 6)]


def test_a_long_tail_of_next_to_nothing_does_not_squeeze_the_rest() -> None:
    tail = curve("Now", 0.8, 0.5, 0.1, FEW / 2, FEW / 4, FEW / 8)
    figure = loss_curve(replace(VIEW, now=tail, after=None, tolerated=None), LIGHT)
    assert figure["layout"]["xaxis"]["range"][1] < 6


def test_chances_fit_the_axis_which_begins_at_nothing() -> None:
    low, high = loss_curve(VIEW, LIGHT)["layout"]["yaxis"]["range"]
    assert (low, high) == (0, pytest.approx(0.8 * 1.12))
    sure = replace(VIEW, now=curve("Now", 1.0, 1.0, 1.0, 0.5, 0.1, 0.0))
    assert loss_curve(sure, LIGHT)["layout"]["yaxis"]["range"][1] == 1.0


def test_each_curve_is_named_where_it_runs() -> None:
    named = {
        note["text"]: note
        for note in loss_curve(VIEW, LIGHT)["layout"]["annotations"]
        if note["text"].startswith("<b>") and "<br>" not in note["text"]
    }
    for one in (NOW, AFTER, BORNE):
        note = named[f"<b>{one.name}</b>"]
        place = one.losses.index(pytest.approx(10 ** note["x"]))
        assert note["y"] == one.chances[place]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_plotly_knows_every_setting(colours: Palette) -> None:
    go.Figure(loss_curve(VIEW, colours))


def test_light_and_dark_share_no_colour() -> None:
    light, dark = (set(colours_of(loss_curve(VIEW, each))) for each in (LIGHT, DARK))
    assert not light & dark


def test_hostile_names_are_shown_literally() -> None:
    odd = replace(NOW, name=ODD, hover=(ODD,) * len(LOSSES))
    view = replace(VIEW, heading=Heading(ODD, ODD), now=odd, level=Level(0.1, ODD))
    texts = list(texts_of(loss_curve(view, LIGHT)))
    assert any(SAFE in text for text in texts)
    assert not any(ODD in text or "$" in text for text in texts)


def test_where_nothing_is_ever_lost_there_is_still_a_frame() -> None:
    nothing = LossCurveView(Heading(), Curve("Now", (0.0,), (0.0,), ("",)))
    figure = loss_curve(nothing, LIGHT)
    go.Figure(figure)
    assert figure["layout"]["yaxis"]["range"] == [0, 1.0]
