"""What may be written into a draft of the strategy: rules from one edition to the next."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from typing import TypeVar

from data.errors import Conflict, Invalid, NotFound
from kpis.definitions import Words
from kpis.strategy.record import CauseLink, Edition, EditionState, Perspective, StrategyObjective

CHALLENGES = range(1, 6)
LONGEST_NAME, LONGEST_TEXT = 200, 2000
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,20}")
Part = TypeVar("Part", Perspective, StrategyObjective)


def first_draft(
    code: str, names: Words, vision: Words, first_day: date, last_day: date, *, assumption: bool
) -> Edition:
    """An edition with nothing in it yet."""
    draft = Edition(
        code=checked_code(code),
        names=names,
        vision=vision,
        first_day=first_day,
        last_day=last_day,
        state=EditionState.DRAFT,
        assumption=assumption,
    )
    return _sound(draft)


def copied(former: Edition, code: str, names: Words, first_day: date, last_day: date) -> Edition:
    """A draft for other years that begins with what an edition says.

    Objectives that ran as long as the former edition run as long as the new one.
    """
    objectives = tuple(
        replace(
            one,
            first_day=first_day if one.first_day < first_day else one.first_day,
            last_day=last_day if one.last_day == former.last_day else one.last_day,
        )
        for one in former.objectives
    )
    draft = replace(
        former,
        code=checked_code(code),
        names=names,
        first_day=first_day,
        last_day=last_day,
        state=EditionState.DRAFT,
        objectives=objectives,
        adopted_by=None,
        adopted_at=None,
        replaced_at=None,
    )
    return _sound(draft)


def with_frame(
    edition: Edition,
    names: Words,
    vision: Words,
    first_day: date,
    last_day: date,
    *,
    assumption: bool,
) -> Edition:
    """With other names, vision and years."""
    draft = replace(
        _draft(edition),
        names=names,
        vision=vision,
        first_day=first_day,
        last_day=last_day,
        assumption=assumption,
    )
    return _sound(draft)


def with_perspective(edition: Edition, wanted: Perspective) -> Edition:
    """With a perspective added, or worded anew."""
    checked_code(wanted.code)
    _said(wanted.names, LONGEST_NAME)
    kept = _put(_draft(edition).perspectives, wanted)
    return replace(edition, perspectives=kept)


def without_perspective(edition: Edition, code: str) -> Edition:
    """Without a perspective; one that objectives lie in stays."""
    left = _without(_draft(edition).perspectives, code)
    if edition.within(code):
        raise Invalid("strategy.refused.not_empty", perspective=code)
    return replace(edition, perspectives=left)


def with_objective(edition: Edition, wanted: StrategyObjective) -> Edition:
    """With an objective added, or said anew; a KPI serves one objective alone."""
    checked_code(wanted.code)
    _said(wanted.names, LONGEST_NAME)
    if any(len(getattr(wanted.description, one.name)) > LONGEST_TEXT for one in fields(Words)):
        raise Invalid("strategy.refused.too_long", longest=LONGEST_TEXT)
    if wanted.challenge not in CHALLENGES:
        raise Invalid("strategy.refused.challenge")
    if wanted.first_day > wanted.last_day:
        raise Invalid("strategy.refused.days")
    wanted.rule.check(wanted.kpis)
    others = replace(edition, objectives=_others(edition, wanted.code)).serves()
    twice = sorted(set(wanted.kpis) & set(others))
    if twice:
        raise Invalid("strategy.refused.kpi_twice", kpi=twice[0], objective=others[twice[0]])
    return replace(edition, objectives=_put(_draft(edition).objectives, wanted))


def without_objective(edition: Edition, code: str) -> Edition:
    """Without an objective and every link to and from it."""
    left = _without(_draft(edition).objectives, code)
    links = tuple(one for one in edition.links if code not in (one.cause, one.effect))
    return replace(edition, objectives=left, links=links)


def with_link(edition: Edition, wanted: CauseLink) -> Edition:
    """With a cause-effect link added, or its note changed."""
    for code in (wanted.cause, wanted.effect):
        if code not in _draft(edition).by_code:
            raise NotFound("strategy.refused.no_objective", code=code)
    if wanted.cause == wanted.effect:
        raise Invalid("strategy.refused.itself")
    if len(wanted.note) > LONGEST_TEXT:
        raise Invalid("strategy.refused.too_long", longest=LONGEST_TEXT)
    return replace(edition, links=(*_other_links(edition, wanted.cause, wanted.effect), wanted))


def without_link(edition: Edition, cause: str, effect: str) -> Edition:
    """Without the link from one objective to another."""
    left = _other_links(_draft(edition), cause, effect)
    if len(left) == len(edition.links):
        raise NotFound("strategy.refused.no_link", cause=cause, effect=effect)
    return replace(edition, links=left)


def checked_code(code: str) -> str:
    """The code, provided links and files can carry it."""
    if not _CODE.fullmatch(code):
        raise Invalid("strategy.refused.code", code=code)
    return code


def _draft(edition: Edition) -> Edition:
    if not edition.is_draft:
        raise Conflict("strategy.refused.no_draft", code=edition.code, state=edition.state)
    return edition


def _sound(edition: Edition) -> Edition:
    _said(edition.names, LONGEST_NAME)
    _said(edition.vision, LONGEST_TEXT)
    if edition.first_day > edition.last_day:
        raise Invalid("strategy.refused.days")
    return edition


def _said(words: Words, longest: int) -> None:
    """Refuse words that are missing in a language, or too many."""
    said = [getattr(words, one.name) for one in fields(Words)]
    if not all(text.strip() for text in said):
        raise Invalid("strategy.refused.words")
    if any(len(text) > longest for text in said):
        raise Invalid("strategy.refused.too_long", longest=longest)


def _put(parts: Iterable[Part], wanted: Part) -> tuple[Part, ...]:
    """The parts with this one in the place of the one of its code, or at the end."""
    kept = {one.code: one for one in parts} | {wanted.code: wanted}
    return tuple(kept.values())


def _without(parts: Iterable[Part], code: str) -> tuple[Part, ...]:
    kept = {one.code: one for one in parts}
    if code not in kept:
        raise NotFound("strategy.refused.no_part", code=code)
    return tuple(one for one in kept.values() if one.code != code)


def _others(edition: Edition, code: str) -> tuple[StrategyObjective, ...]:
    return tuple(one for one in edition.objectives if one.code != code)


def _other_links(edition: Edition, cause: str, effect: str) -> tuple[CauseLink, ...]:
    return tuple(one for one in edition.links if (one.cause, one.effect) != (cause, effect))
