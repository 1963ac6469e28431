"""The look: readable in both appearances, and the same in the theme file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.tokens import DARK, LIGHT, Palette, Tone, contrast, mix, palette

ROOT = Path(__file__).resolve().parents[3]
READABLE = 4.5  # WCAG 2.2, text below 24 px
SEEN = 3.0  # WCAG 2.2, graphical marks
TEXT_COLOURS = (
    "text",
    "muted",
    "primary",
    "met",
    "behind_improving",
    "behind_worsening",
    "neutral",
    "target",
)
palettes = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


@palettes
@pytest.mark.parametrize("name", TEXT_COLOURS)
@pytest.mark.parametrize("ground", ["background", "raised"])
def test_text_is_readable(colours: Palette, name: str, ground: str) -> None:
    assert contrast(getattr(colours, name), getattr(colours, ground)) >= READABLE


@palettes
def test_the_share_that_is_late_is_readable_on_the_histogram(colours: Palette) -> None:
    assert contrast(colours.concern, colours.background) >= READABLE


@palettes
@pytest.mark.parametrize("tone", list(Tone))
def test_marks_are_seen(colours: Palette, tone: Tone) -> None:
    assert contrast(colours.tone(tone), colours.background) >= SEEN


@palettes
@pytest.mark.parametrize("tone", list(Tone))
def test_text_on_a_tile_is_readable(colours: Palette, tone: Tone) -> None:
    assert contrast(colours.on(colours.tone(tone)), colours.tone(tone)) >= READABLE


@palettes
@given(share=st.floats(0, 1))
def test_text_on_every_shade_is_readable(colours: Palette, share: float) -> None:
    ground = colours.shade(share)
    assert contrast(colours.on(ground), ground) >= READABLE


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert contrast("#FFFFFF", "#FFFFFF") == 1


def test_mixing_begins_and_ends_at_the_colours() -> None:
    assert mix("#000000", "#204060", 0) == "#000000"
    assert mix("#000000", "#204060", 1) == "#204060"
    assert mix("#000000", "#204060", 0.5) == "#102030"


def test_an_unknown_appearance_is_light() -> None:
    assert palette("dark") is DARK
    assert palette("light") is LIGHT
    assert palette(None) is LIGHT


@pytest.mark.parametrize(("name", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_the_theme_file_says_the_same(name: str, colours: Palette) -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"][name]
    assert theme["primaryColor"] == colours.primary
    assert theme["backgroundColor"] == colours.background
    assert theme["secondaryBackgroundColor"] == colours.raised
    assert theme["textColor"] == colours.text
    assert theme["linkColor"] == colours.primary
    assert theme["blueColor"] == colours.met
    assert theme["yellowColor"] == colours.behind_improving
    assert theme["redColor"] == colours.behind_worsening
    assert theme["orangeColor"] == colours.concern
    assert theme["violetColor"] == colours.target
    assert theme["grayColor"] == colours.neutral


def test_settings_that_keep_people_safe() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["server"]["fileWatcherType"] == "none"
    assert config["server"]["enableCORS"] is True
    assert config["server"]["enableXsrfProtection"] is True
    assert config["server"]["enableStaticServing"] is False
    assert "cookieSecret" not in config["server"]
