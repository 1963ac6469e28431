"""What the pages of the strategy show, read once through the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboard.components.kpis import figures, verdicts
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.language.texts import Texts
from data.records import Kept
from kpis.commentary.reading import read_colleagues
from kpis.register import read_kpis
from kpis.strategy import Edition, Strategy, draft_of, in_force, read_editions, read_strategy

STYLE = Path(__file__).with_name("strategy.css").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Known:
    """The strategy in force judged for the period, every edition, the draft, and names."""

    texts: Texts
    strategy: Strategy | None
    editions: tuple[Kept[Edition], ...]
    draft: Kept[Edition] | None
    kpis: Mapping[str, str]
    people: Mapping[str, str]


def look() -> None:
    """How the pages of the strategy are set; once on a page."""
    verdicts.look()
    st.html(f"<style>{STYLE}</style>")


def read(context: PageContext) -> Known:
    """Everything of the strategy that the person may see."""
    texts = context.texts
    with context.workspace.read(context.actor, Permission.STRATEGY_VIEW) as reader:
        strategy = read_strategy(reader, context.period) if in_force(reader) else None
        kpis = read_kpis(reader)
        return Known(
            texts=texts,
            strategy=strategy,
            editions=read_editions(reader),
            draft=draft_of(reader),
            kpis={code: figures.named(texts, one.definition.names) for code, one in kpis.items()},
            people={one.email: one.name for one in read_colleagues(reader)},
        )
