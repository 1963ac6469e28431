"""Risks: which there are and everything about one, as far as the asker may see the register.

Who may see risks is told of those the pages show him; everybody else of the register as it was
last published, without persons, internal words, undecided requests and sums of money.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from dashboard.web.api.answers import Document, Listing
from dashboard.web.api.question import Question
from dashboard.web.api.risk_documents import Speaker, risk_of, summary_of
from data.access.permissions import Permission
from data.errors import Invalid, NotFound
from data.workspace import Reader
from risks.appetite.above import Bound, above_appetite
from risks.appetite.statement import read_appetite
from risks.indicators.reading import indicators_of
from risks.indicators.thresholds import IndicatorState
from risks.lexicon import read_lexicon
from risks.register.choosing import Choice, chosen
from risks.register.reading import published_at, read_register, read_risk
from risks.register.record import Risk
from risks.register.states import Status

YES_NO = {"true": True, "false": False}
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,90}")
_CODE = re.compile(r"R-[0-9]{1,8}")


def list_risks(question: Question) -> Listing:
    """The risks wanted, by number."""
    with question.looking_back().read(question.actor, Permission.RISK_VIEW_PUBLISHED) as reader:
        every = read_register(reader)
        speaker = _speaker(question, reader, every)
        found = chosen(every, _choice(question, speaker), above=_above(question, every, speaker))
        return Listing([summary_of(one, speaker) for one in found], _head(reader))


def one_risk(question: Question) -> Document:
    """One risk; one that the asker may not see is not found."""
    code = question.path["risk"].upper()
    if not _CODE.fullmatch(code):
        raise NotFound("risks.refused.no_risk", code=code[:40])
    with question.looking_back().read(question.actor, Permission.RISK_VIEW_PUBLISHED) as reader:
        risk = read_risk(reader, code)
        speaker = replace(_speaker(question, reader, [risk]), states=states_of(reader, risk))
        return risk_of(risk, speaker) | _head(reader)


def states_of(reader: Reader, risk: Risk) -> dict[str, IndicatorState]:
    """How the indicators that warn of a risk stand, by their ids."""
    return {view.indicator.id: view.state for _link, view in indicators_of(reader, risk)}


def _speaker(question: Question, reader: Reader, risks: Iterable[Risk]) -> Speaker:
    """What these risks are told with."""
    lexicon = read_lexicon(reader)
    above: dict[str, Bound] = {}
    if lexicon.criteria is not None:
        appetite = read_appetite(reader)
        found = above_appetite(risks, appetite, lexicon.criteria, reader.today)
        above = {one.risk.code: one.bound for one in found}
    return Speaker(lexicon, question.texts, reader.today, above)


def _above(question: Question, every: Iterable[Risk], speaker: Speaker) -> frozenset[str]:
    """The ids of those above the bound asked about; what is above the tolerable is above both."""
    asked = question.asked.get("above")
    if asked is not None and asked not in set(Bound):
        raise Invalid("api.unreadable.choice", parameter="above", known=tuple(Bound))
    bounds = {Bound.TOLERABLE} if asked == Bound.TOLERABLE else set(Bound)
    return frozenset(one.id for one in every if speaker.above.get(one.code) in bounds)


def _head(reader: Reader) -> dict[str, str | None]:
    """The day by which it is late, and as of when the register was published, for whom it was."""
    sees = reader.by.may(Permission.RISK_VIEW)
    told = None if sees else published_at(reader)
    said = told.isoformat(timespec="seconds") if told else None
    return {"today": reader.today.isoformat(), "published_as_of": said}


def _choice(question: Question, speaker: Speaker) -> Choice:
    naming, versions = speaker.lexicon.naming, speaker.lexicon.versions.values()
    levels = {one.code for criteria in versions for one in criteria.levels}
    return Choice(
        units=_known(question, "unit", naming.units),
        categories=_known(question, "category", naming.categories),
        statuses=frozenset(map(Status, _one_of(question, "status", list(Status)))),
        owners=_owner(question),
        levels=_one_of(question, "level", levels),
        objectives=_known(question, "objective", naming.objectives),
        kpis=_upper(question.code("kpi")),
        is_escalated=_yes_or_no(question, "escalated"),
        is_above=True if "above" in question.asked else None,
        text=question.asked.get("text", ""),
    )


def _known(question: Question, name: str, known: Collection[str]) -> frozenset[str]:
    code = question.code(name)
    if code is not None and code not in known:
        raise NotFound("api.refused.unknown_code", parameter=name, code=code)
    return frozenset([code] if code else [])


def _one_of(question: Question, name: str, known: Collection[str]) -> frozenset[str]:
    text = question.asked.get(name)
    if text is not None and text not in known:
        raise Invalid("api.unreadable.choice", parameter=name, known=tuple(sorted(known)))
    return frozenset([text] if text else [])


def _upper(code: str | None) -> frozenset[str]:
    return frozenset([code.upper()] if code else [])


def _owner(question: Question) -> frozenset[str]:
    text = question.asked.get("owner")
    if text is not None and not _ADDRESS.fullmatch(text):
        raise Invalid("api.unreadable.value", parameter="owner")
    return frozenset([text] if text else [])


def _yes_or_no(question: Question, name: str) -> bool | None:
    text = question.asked.get(name)
    if text is not None and text not in YES_NO:
        raise Invalid("api.unreadable.choice", parameter=name, known=tuple(YES_NO))
    return YES_NO[text] if text else None
