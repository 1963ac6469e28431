"""The series of KPIs, as published. What a publication holds never changes, so it is read once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Lock

from data.period import Period
from data.workspace import Reader
from kpis.asking import Ask, complete
from kpis.definitions import Definition
from kpis.readings import values_of
from kpis.register import Kpi
from kpis.stored_readings import WHOLE, Cell, Reading, Selection, find, loaded_periods

Series = dict[str, tuple[Reading, ...]]
MOST = 64  # questions kept, of some hundred kilobytes each
_kept: OrderedDict[tuple[object, ...], Series] = OrderedDict()
_lock = Lock()


def series_of(
    reader: Reader, kpis: Mapping[str, Kpi], periods: Sequence[Period], cell: Cell
) -> Series:
    """The headline of each KPI in every one of the periods, of a part of the agency.

    Aggregates are the same for whoever may see KPIs; that he may was asked at the door.
    """
    said = tuple((code, kpi.published, kpi.definition.version_id) for code, kpi in kpis.items())
    key = (reader.settings.database_url, reader.then, said, periods[0], periods[-1], cell)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    if reader.then is None:
        found = _read(reader, {code: kpi.definition for code, kpi in kpis.items()}, periods, cell)
    else:
        ask = Ask("", periods[0], periods[-1], where=cell.members)
        found = {
            code: values_of(reader, kpi, replace(ask, code=code)) for code, kpi in kpis.items()
        }
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return found


def _read(
    reader: Reader, definitions: Mapping[str, Definition], periods: Sequence[Period], cell: Cell
) -> Series:
    wanted = {
        "codes": list(definitions),
        "frequency": periods[0].frequency,
        "starts": [period.start for period in periods],
    }
    found: dict[str, list[Reading]] = {code: [] for code in definitions}
    for each in find(reader, Selection.of_cell(cell, **wanted), definitions):
        found[each.code].append(each)
    loaded = {code: {each.period: each.partial for each in own} for code, own in found.items()}
    if cell != WHOLE:
        loaded = loaded_periods(reader, Selection.of_cell(WHOLE, **wanted))
    return {
        code: complete(
            found[code],
            Ask(code, periods[0], periods[-1], where=cell.members),
            [definition.formula.headline],
            loaded.get(code, {}),
        )
        for code, definition in definitions.items()
    }
