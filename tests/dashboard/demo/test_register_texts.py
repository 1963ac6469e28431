"""What the script of the register says is there in every language, and fits where it goes."""

from __future__ import annotations

from collections import Counter
from string import Formatter

import pytest

from dashboard.demo import agency
from dashboard.demo.register.days import Days
from dashboard.demo.register.playing import script
from dashboard.demo.register.scripts import Text, risk_scripts, rows_of, texts
from dashboard.demo.spec import DemoSpec
from data.language.languages import Language
from data.period import Period
from risks.criteria.reading import default_categories, default_criteria

LONGEST = {"title": 120, "text": 500, "evidence": 500}
SPECS = [DemoSpec(), DemoSpec(last=Period.parse("2026-10")), DemoSpec(last=Period.parse("2024-02"))]


def _placeholders(text: str) -> set[str | None]:
    return {name for _literal, name, _form, _conversion in Formatter().parse(text) if name}


def test_every_text_is_there_in_every_language() -> None:
    said = list(texts())
    assert len(said) > 450
    for place, text in said:
        assert set(text) == {str(one) for one in Language}, place
        assert len({bool(each) for each in text.values()}) == 1, place
        assert len({frozenset(_placeholders(each)) for each in text.values()}) == 1, place
        if text["en"]:
            assert len(set(text.values())) == 3, (place, text)


def test_texts_fit_where_they_go() -> None:
    for place, text in texts():
        longest = LONGEST.get(place.rpartition(".")[2], 1000)
        assert all(len(each) <= longest for each in text.values()), place


def test_no_two_risks_or_controls_or_indicators_share_a_title() -> None:
    rows = [one.row for one in risk_scripts()]
    for told in (rows, rows_of("controls"), rows_of("indicators")):
        for language in Language:
            titles = Counter(_title(row["title"], language) for row in told)
            assert max(titles.values()) == 1


def _title(title: Text, language: Language) -> str:
    return title[str(language)]


def test_scripts_name_only_what_there_is() -> None:
    units = {unit.code for unit in agency.units()}
    objectives = {row.code for row in agency.objectives()}
    categories = {row["code"] for row in default_categories()}
    dimensions = {one.code for one in default_criteria().dimensions}
    for one in risk_scripts():
        row = one.row
        assert row["unit"] in units
        assert set(row["objectives"]) <= objectives
        assert row["category"] in categories
        for scores in [row[kind] for kind in ("inherent", "current", "target") if kind in row]:
            assert set(scores) - {"likelihood"} <= dimensions
    assert {row["category"] for row in rows_of("appetite")} == categories
    used = Counter(one.row["category"] for one in risk_scripts())
    assert set(used) == categories


@pytest.mark.parametrize("spec", SPECS, ids=[spec.last.code for spec in SPECS])
def test_nobody_does_two_things_in_one_minute(spec: DemoSpec) -> None:
    """So a play that was killed knows by the minute of the trail what was done."""
    days = Days(spec)
    cues = script(days)
    moments = Counter(cue.moment for cue in cues if not cue.repeats)
    assert [moment for moment, count in moments.items() if count > 1] == []
    assert {cue.moment for cue in cues if cue.repeats}.isdisjoint(moments)
    assert all(cue.moment < days.moment(spec.today, 0) for cue in cues)
    assert (cues[-1].moment - cues[0].moment).days > 700
