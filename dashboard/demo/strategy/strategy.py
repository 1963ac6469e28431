"""Plays the strategy of the demo agency: two editions, each drafted, written and adopted."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.demo import agency
from dashboard.demo.register.days import EVENING, Days
from dashboard.demo.register.stage import DIRECTOR, Stage, address
from dashboard.demo.spec import DemoSpec
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.records import read_one
from data.workspace import Workspace
from kpis.definitions import LANGUAGES, Words
from kpis.register import read_kpis
from kpis.strategy import (
    CauseLink,
    Edition,
    Perspective,
    Rule,
    RuleKind,
    StrategyObjective,
    read_editions,
)
from kpis.strategy.actions import (
    adopt_edition,
    copy_edition,
    draft_edition,
    drop_objective,
    keep_link,
    keep_objective,
    keep_perspective,
)
from kpis.strategy.record import EDITION

FILE = Path(__file__).with_name("strategy.toml")
Row = dict[str, Any]


def play_strategy(workspace: Workspace, spec: DemoSpec) -> None:
    """Every edition that is not there yet; KPIs that are not defined here are passed over."""
    days = Days(spec)
    stage = Stage(workspace, days, days.moment(spec.today, EVENING))
    with workspace.read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        there = {kept.id for kept in read_editions(reader) if not kept.value.is_draft}
        defined = frozenset(read_kpis(reader))
    for row in _read()["editions"]:
        day = days.day(row["adopted"])
        stage.now = days.moment(day, EVENING)
        if str(day.year) not in there:
            _Play(stage, day, row, defined).play()


class _Play:
    """One edition, from its first word to its adoption."""

    def __init__(self, stage: Stage, day: date, row: Row, defined: frozenset[str]) -> None:
        self.stage, self.row, self.defined = stage, row, defined
        self.code, self.year = str(day.year), day.year

    def play(self) -> None:
        before = self._begun()
        for place, (code, names) in enumerate(_read()["perspectives"].items()):
            lane = Perspective(code=code, names=_words(names))
            if place >= len(before.perspectives):
                self._do(keep_perspective, perspective=lane)
        wanted = {one.code: one for one in self._objectives()}
        for code in before.by_code:
            if code not in wanted:
                self._do(drop_objective, objective=code)
        # What gives a KPI away is said before what takes it.
        for one in sorted(wanted.values(), key=lambda one: one.code not in before.by_code):
            if before.by_code.get(one.code) != one:
                self._do(keep_objective, objective=one)
        self._links(before, set(wanted))
        self._do(adopt_edition)

    def _begun(self) -> Edition:
        """The draft: as it was left, or copied from the edition before, or new."""
        said: Row = {
            "names": _words(_read()["names"]),
            "first_day": date(self.year, 1, 1),
            "last_day": date(self.year + 2, 12, 31),
        }
        by, workspace = self.stage.actor(DIRECTOR), self.stage.workspace
        with workspace.read(by, Permission.STRATEGY_VIEW) as reader:
            former = read_editions(reader)
        for kept in former:
            if kept.id == self.code:
                return kept.value
        if former:
            return copy_edition(workspace, by=by, code=self.code, **said)
        vision = _words(_read()["vision"])
        return draft_edition(
            workspace, by=by, code=self.code, vision=vision, assumption=True, **said
        )

    def _objectives(self) -> Iterator[StrategyObjective]:
        rows = {row.code: row for row in agency.objectives()}
        more = self.row["more"]
        for code, said in _read()["objectives"].items():
            wished = (*said["kpis"], *more.get(code, ()))
            kpis = tuple(kpi for kpi in wished if kpi in self.defined)
            if code in self.row["without"] or not kpis:
                continue
            yield StrategyObjective(
                code=code,
                names=Words.of(rows[code], "name"),
                description=Words("", "", ""),
                perspective=said["perspective"],
                challenge=rows[code].challenge,
                owner=address(said["owner"]),
                first_day=date(self.year, 1, 1),
                last_day=date(self.year + 2, 12, 31),
                position=rows[code].position,
                kpis=kpis,
                rule=_rule(said["rule"], kpis),
            )

    def _links(self, before: Edition, objectives: set[str]) -> None:
        known = {(one.cause, one.effect) for one in before.links}
        wanted = [row for row in _read()["links"] if {row["cause"], row["effect"]} <= objectives]
        for row in wanted:
            link = CauseLink(cause=row["cause"], effect=row["effect"], note=self.stage.say(row))
            if (link.cause, link.effect) not in known:
                self._do(keep_link, link=link)

    def _do(self, action: Any, **said: Any) -> None:
        by, workspace = self.stage.actor(DIRECTOR), self.stage.workspace
        with workspace.read(by, Permission.STRATEGY_VIEW) as reader:
            version = read_one(reader, EDITION, self.code, Edition).version
        action(workspace, by=by, code=self.code, version=version, **said)


def _rule(said: Row, kpis: tuple[str, ...]) -> Rule:
    """The rule as told, as far as these KPIs can carry it."""
    rule = Rule(**{**said, "kind": RuleKind(said["kind"]), "keys": tuple(said.get("keys", ()))})
    keys = tuple(key for key in rule.keys if key in kpis)
    if rule.kind is RuleKind.KEY and not keys:
        return Rule()
    least, gaps = min(rule.least, len(kpis)), min(rule.gaps, len(kpis) - 1)
    return replace(rule, keys=keys, least=least, gaps=gaps)


def _words(row: Row) -> Words:
    return Words(*(row[language] for language in LANGUAGES))


@cache
def _read() -> Row:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
