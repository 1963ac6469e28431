"""How one's own risks and their review are set; drawn once on a page."""

from __future__ import annotations

from pathlib import Path
from string import Template

import streamlit as st

from dashboard.charts.tokens import palette

STYLE = Template(Path(__file__).with_name("mine.css").read_text(encoding="utf-8"))


def look() -> None:
    """Links in their colour, the answer large, lists close together."""
    colours = palette(st.context.theme.type)
    sheet = STYLE.substitute(primary=colours.primary, background=colours.background)
    st.html(f"<style>{sheet}</style>")
