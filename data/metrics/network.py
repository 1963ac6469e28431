"""The network of offices a measurement is told on: which office counts for which.

Where an office was merged into another, all its cases, of all periods, count at its successor.
Cells add up, so this is said where they are read: merging offices counts no row anew.
"""

from __future__ import annotations

from dataclasses import replace

from data.metrics.asking import Among, Asked
from data.metrics.cells import keys_of, sums_of
from data.metrics.compilation import Measure, text_sql
from data.metrics.succession import Pairs

OFFICE = "office"  # the dimension whose members are offices


def told_sql(measure: Measure, successors: Pairs, relation: str) -> str:
    """The relation of cells, those of a merged office under the name of its successor."""
    if not successors or OFFICE not in measure.dimensions:
        return relation
    kept = {name: f'"{name}"' for name in (*keys_of(measure), *sums_of(measure))}
    kept[OFFICE] = _successor_sql(f'"{OFFICE}"', successors)
    columns = ", ".join(f'{sql} AS "{name}"' for name, sql in kept.items())
    return f"(SELECT {columns} FROM {relation} AS cells_kept)"


def told(measure: Measure, successors: Pairs) -> Measure:
    """The measure as it judges rows: those of a merged office are of its successor."""
    if not successors or OFFICE not in measure.dimensions:
        return measure
    office = _successor_sql(measure.parts[OFFICE], successors)
    return replace(measure, parts={**measure.parts, OFFICE: office})


def told_on(asked: Asked, successors: Pairs, among: Among | None) -> Asked:
    """The same question, asked of rows as they are told on the network, `among` some cells."""
    return replace(asked, measure=told(asked.measure, successors), among=among)


def _successor_sql(office: str, successors: Pairs) -> str:
    whens = " ".join(f"WHEN {text_sql(one)} THEN {text_sql(into)}" for one, into in successors)
    return f"CASE {office} {whens} ELSE {office} END"
