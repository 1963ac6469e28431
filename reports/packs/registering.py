"""Assembles the risk register for a workbook, under the rights of whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from data.access.actor import Actor
from data.access.permissions import Permission
from data.agency.directory import the_agency
from data.auditing import head
from data.codec import digest
from data.errors import NotFound
from data.language.languages import LocalText
from data.period import Frequency, Period
from data.workspace import Reader, Workspace
from kpis.register import read_kpi, read_kpis
from reports.packs.common import Cover, Verdict
from reports.packs.risk_register import Leant, RiskRegisterPack, Watched
from risks.appetite.above import Bound, above_appetite
from risks.appetite.statement import read_appetite
from risks.controls.reading import leaning, read_controls
from risks.controls.record import Control
from risks.indicators.reading import IndicatorView, read_indicators
from risks.lexicon import Lexicon, read_lexicon
from risks.register.choosing import Choice, chosen
from risks.register.reading import published_at, read_register
from risks.register.record import Risk

EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read in one look."""

    risks: tuple[Risk, ...]
    lexicon: Lexicon
    above: Mapping[str, Bound]
    published_as_of: datetime | None


def assemble_register(
    workspace: Workspace, *, by: Actor, choice: Choice = EVERYTHING
) -> RiskRegisterPack:
    """The register as the actor may see it, now or as the workspace looks back, as chosen."""
    agency = the_agency(workspace, by=by)
    trail = head(workspace.at(None), by=by)
    with workspace.read(by, Permission.RISK_VIEW_PUBLISHED) as reader:
        read = _read(reader, choice)
        fingerprint = digest([digest(one) for one in read.risks])
        return RiskRegisterPack(
            cover=Cover(
                agency=LocalText.name_of(agency) if agency else LocalText.same("-"),
                period=Period.covering(reader.today, Frequency.MONTH),
                as_of=workspace.now,
                event_number=reader.then.event if reader.then else 0,
                snapshot_id=f"RR-{fingerprint[:12]}",
                snapshot_hash=fingerprint,
                prepared_by=by.name,
                approved_by=None,
                verdict=Verdict.SOUND,
                demo=bool(agency and agency.demo) or any(one.demo for one in read.risks),
            ),
            today=reader.today,
            head_hash=trail,
            published_as_of=read.published_as_of,
            choice=choice,
            lexicon=read.lexicon,
            risks=read.risks,
            above=read.above,
            controls=_controls(reader, read.risks),
            indicators=_indicators(reader, read.risks),
            kpis=_kpis(reader),
            can_return=by.may(Permission.RISK_IMPORT) and reader.then is None,
        )


def _read(reader: Reader, choice: Choice) -> _Read:
    lexicon = read_lexicon(reader)
    every, above = read_register(reader), {}
    if lexicon.criteria is not None:
        found = above_appetite(every, read_appetite(reader), lexicon.criteria, reader.today)
        above = {one.risk.code: one.bound for one in found}
    ids = [one.id for one in every if one.code in above]
    told = None if reader.by.may(Permission.RISK_VIEW) else published_at(reader)
    return _Read(chosen(every, choice, above=ids), lexicon, above, told)


def _controls(reader: Reader, risks: Sequence[Risk]) -> tuple[Leant, ...]:
    found, sees = leaning(risks), reader.by.may(Permission.RISK_VIEW)
    return tuple(
        Leant(one if sees else _outside(one), found[one.id])
        for one in read_controls(reader)
        if one.id in found
    )


def _outside(control: Control) -> Control:
    """A control as it is told with the published register: nobody is named, nothing inner said."""
    tests = tuple(replace(one, note="", tested_by="") for one in control.tests)
    told = replace(control, owner="", created_by="", description="", evidence="")
    return replace(told, tests=tests)


def _indicators(reader: Reader, risks: Sequence[Risk]) -> tuple[Watched, ...]:
    wanted = {link.indicator_id for one in risks for link in one.indicator_links}
    found = [view for view in read_indicators(reader) if view.indicator.id in wanted]
    return tuple(_watched(reader, view) for view in found)


def _watched(reader: Reader, view: IndicatorView) -> Watched:
    with suppress(NotFound):  # a KPI that was not known yet at the time looked at
        definition = read_kpi(reader, view.indicator.kpi_code).definition
        measure = definition.formula.measure(view.indicator.measure)
        return Watched(view, measure.unit, measure.decimals)
    return Watched(view, None, 2)


def _kpis(reader: Reader) -> dict[str, LocalText]:
    names = {code: kpi.definition.names for code, kpi in read_kpis(reader).items()}
    return {code: LocalText(one.sq, one.sr, one.en) for code, one in names.items()}
