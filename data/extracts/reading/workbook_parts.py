"""Looks into the XML of a workbook for what the fast reader does not tell, without trusting it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from defusedxml import DefusedXmlException, ElementTree

from data.errors import ExtractRejected
from data.extracts.reading.containers import CHUNK

_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_OVERLAP = 1 << 12
_CELL_END = rb"(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)"
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*'
    rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*" + _CELL_END
)
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"[^>]*>')
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What a sheet hides."""

    hidden_rows: int
    formulas_without_value: tuple[str, ...]  # cells, the first few
    epoch_1904: bool


def sheet_facts(archive: zipfile.ZipFile, sheet: str) -> SheetFacts:
    """Facts about the sheet of that name; ExtractRejected for XML that declares entities."""
    workbook = _parsed(archive, "xl/workbook.xml")
    hidden, formulas = 0, list[str]()
    for piece in _pieces(archive, _part_of(archive, workbook, sheet)):
        hidden += len(_HIDDEN.findall(piece))
        if len(formulas) < _SHOWN and b"<f" in piece.replace(b":f", b"<f"):
            formulas += [cell.decode() for cell in _FORMULA.findall(piece)]
    return SheetFacts(hidden, tuple(dict.fromkeys(formulas))[:_SHOWN], _is_1904(workbook))


def refuse_entities(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook any part of which declares a document type or entities, or is not UTF-8."""
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            with archive.open(name) as part:
                start = part.read(CHUNK)
            if start[:2] in {b"\xff\xfe", b"\xfe\xff"} or any(mark in start for mark in _FORBIDDEN):
                raise ExtractRejected("extracts.refused.hostile_xml", part=name)


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end where a row ends, so that nothing is counted twice."""
    left = b""
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            head, mark, tail = (left + chunk).rpartition(b"<row")
            yield head
            left = mark + tail
    yield left


def _part_of(archive: zipfile.ZipFile, workbook: Any, sheet: str) -> str:
    relation = next(
        (
            element.get(_REL)
            for element in workbook.iter()
            if element.tag.endswith("}sheet") and element.get("name") == sheet
        ),
        None,
    )
    targets = _parsed(archive, "xl/_rels/workbook.xml.rels").iter(f"{_PACKAGE}Relationship")
    target = next((rel.get("Target") for rel in targets if rel.get("Id") == relation), None)
    if target is None:
        raise ExtractRejected("extracts.refused.broken_workbook")
    return str(target).removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _is_1904(workbook: Any) -> bool:
    return any(
        element.get("date1904") in {"1", "true"}
        for element in workbook.iter()
        if element.tag.endswith("}workbookPr")
    )


def _parsed(archive: zipfile.ZipFile, part: str) -> Any:
    try:
        return ElementTree.fromstring(archive.read(part), forbid_dtd=True)
    except DefusedXmlException as error:
        raise ExtractRejected("extracts.refused.hostile_xml", part=part) from error
    except (ElementTree.ParseError, KeyError) as error:
        raise ExtractRejected("extracts.refused.broken_workbook") from error
