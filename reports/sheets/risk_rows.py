"""The two sheets that come back: every risk as a row, and every treatment as a row."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from reports import styles
from reports.packs.risk_register import RiskRegisterPack
from reports.register_columns import (
    RISK_COLUMNS,
    TREATMENT_COLUMNS,
    RiskColumn,
    TreatmentColumn,
    inputs_of,
)
from reports.sheets.book import Book, Cell
from reports.sheets.risk_looks import level_look, level_text, unit_text
from reports.sheets.risk_tables import Looks, write_rows
from risks.appetite.above import Bound
from risks.register.kinds import AcceptanceState, Kind
from risks.register.record import Risk, Treatment

LATE: Looks = {"font_color": styles.WORSENING, "bold": True}
WATCH: Looks = {"font_color": styles.IMPROVING, "bold": True}
CENTRE: Looks = {"align": "center", "indent": 0, "num_format": "0"}
MONEY: Looks = {"num_format": styles.COUNT}
RATE: Looks = {"num_format": "0.00"}


def write_risks(book: Book, sheet: Worksheet, pack: RiskRegisterPack) -> None:
    """The register."""
    write_rows(
        book,
        sheet,
        RISK_COLUMNS,
        [_risk(book, pack, one) for one in pack.risks],
        [_risk_looks(pack, one) for one in pack.risks],
        name="tbl_risks",
        about=book.text("risk_book.about.risks"),
        can_return=pack.can_return,
    )


def write_treatments(book: Book, sheet: Worksheet, pack: RiskRegisterPack) -> None:
    """What is done, in the order of the risks."""
    write_rows(
        book,
        sheet,
        TREATMENT_COLUMNS,
        [_treatment(book, pack, risk, one) for risk, one in pack.treatments],
        [_treatment_looks(pack, one) for _, one in pack.treatments],
        name="tbl_treatments",
        about=book.text("risk_book.about.treatments"),
        can_return=pack.can_return,
    )


def _risk(book: Book, pack: RiskRegisterPack, risk: Risk) -> dict[RiskColumn, Cell]:
    texts, naming = book.texts, pack.lexicon.naming
    said: dict[RiskColumn, Cell] = {
        RiskColumn.CODE: risk.code,
        **inputs_of(risk),
        RiskColumn.CATEGORY_NAME: texts.value(naming.categories.get(risk.category_code or "")),
        RiskColumn.UNIT: unit_text(pack, texts, risk.unit_code),
        RiskColumn.OWNER: risk.owner,
        RiskColumn.STATUS: texts.word(risk.status),
        RiskColumn.RESPONSE: risk.response and texts.word(risk.response),
        RiskColumn.ESCALATED: risk.is_escalated,
        RiskColumn.CHANGED_BY: risk.updated_by,
        RiskColumn.CHANGED_AT: risk.updated_at,
        RiskColumn.VERSION: risk.row_version,
    }
    above = pack.above.get(risk.code)
    said[RiskColumn.APPETITE] = book.text(f"risk_book.above.{above}") if above else None
    return said | _scores(book, pack, risk) | _dates(pack, risk)


def _scores(book: Book, pack: RiskRegisterPack, risk: Risk) -> dict[RiskColumn, Cell]:
    said: dict[RiskColumn, Cell] = {}
    for kind in Kind:
        one = risk.assessment(kind)
        said[RiskColumn(f"{kind.value}_likelihood")] = one.likelihood if one else None
        said[RiskColumn(f"{kind.value}_impact")] = one.impact if one else None
        level = level_text(book.texts, pack.lexicon, one)
        said[RiskColumn(f"{kind.value}_level")] = level
    return said


def _dates(pack: RiskRegisterPack, risk: Risk) -> dict[RiskColumn, Cell]:
    late = [one for one in risk.open_treatments if one.days_late(pack.today)]
    borne = risk.acceptance
    is_borne = borne is not None and borne.state is AcceptanceState.ACCEPTED
    return {
        RiskColumn.OPEN_TREATMENTS: len(risk.open_treatments),
        RiskColumn.LATE_TREATMENTS: len(late),
        RiskColumn.NEXT_REVIEW: risk.next_review,
        RiskColumn.REVIEW_LATE: _review_late(pack, risk),
        RiskColumn.ACCEPTED_UNTIL: borne.valid_until if borne and is_borne else None,
        RiskColumn.OPENED_ON: risk.opened_on,
        RiskColumn.CLOSED_ON: risk.closed_on,
    }


def _review_late(pack: RiskRegisterPack, risk: Risk) -> int:
    if risk.next_review is None or not risk.is_active:
        return 0
    return max(0, (pack.today - risk.next_review).days)


def _risk_looks(pack: RiskRegisterPack, risk: Risk) -> dict[RiskColumn, Looks]:
    looks: dict[RiskColumn, Looks] = {RiskColumn.CODE: {"bold": True}}
    for kind in Kind:
        level = RiskColumn(f"{kind.value}_level")
        looks[level] = level_look(pack.lexicon, risk.assessment(kind))
        for axis in ("likelihood", "impact"):
            looks[RiskColumn(f"{kind.value}_{axis}")] = CENTRE
    if _review_late(pack, risk):
        looks |= dict.fromkeys((RiskColumn.REVIEW_LATE, RiskColumn.NEXT_REVIEW), LATE)
    if any(one.days_late(pack.today) for one in risk.open_treatments):
        looks[RiskColumn.LATE_TREATMENTS] = LATE
    if risk.code in pack.above:
        is_worst = pack.above[risk.code] is Bound.TOLERABLE
        looks[RiskColumn.APPETITE] = LATE if is_worst else WATCH
    if risk.is_escalated:
        looks[RiskColumn.ESCALATED] = LATE
    return looks


def _treatment(
    book: Book, pack: RiskRegisterPack, risk: Risk, one: Treatment
) -> dict[TreatmentColumn, Cell]:
    expected = one.expected
    return {
        TreatmentColumn.RISK: risk.code,
        TreatmentColumn.RISK_TITLE: risk.title,
        TreatmentColumn.TEXT: one.text,
        TreatmentColumn.STATE: book.texts.word(one.state),
        TreatmentColumn.OWNER: one.owner,
        TreatmentColumn.START: one.start,
        TreatmentColumn.DUE: one.due,
        TreatmentColumn.ORIGINAL_DUE: one.original_due,
        TreatmentColumn.SLIPPED: one.slippage,
        TreatmentColumn.LATE: one.days_late(pack.today),
        TreatmentColumn.DONE_ON: one.done_on,
        TreatmentColumn.COST: one.cost,
        TreatmentColumn.EXPECTED_RATE: expected.rate if expected else None,
        TreatmentColumn.EXPECTED_LOW: expected.low if expected else None,
        TreatmentColumn.EXPECTED_HIGH: expected.high if expected else None,
        TreatmentColumn.EVIDENCE: one.evidence,
        TreatmentColumn.CHANGES: _moved(pack, one),
        TreatmentColumn.ID: one.id,
        TreatmentColumn.VERSION: risk.row_version,
    }


def _moved(pack: RiskRegisterPack, one: Treatment) -> str:
    """Each day promised anew, with the reason."""
    lines = []
    for moved in one.due_changes:
        by = pack.lexicon.person(moved.by)
        said = ": ".join(part for part in (by, moved.reason) if part)
        lines.append(f"{moved.old.isoformat()} → {moved.new.isoformat()}  {said}".rstrip())
    return "\n".join(lines)


def _treatment_looks(pack: RiskRegisterPack, one: Treatment) -> dict[TreatmentColumn, Looks]:
    late: dict[str, Any] = dict(LATE) if one.days_late(pack.today) else {}
    return {
        TreatmentColumn.RISK: {"bold": True},
        TreatmentColumn.DUE: late,
        TreatmentColumn.LATE: late,
        TreatmentColumn.COST: MONEY,
        TreatmentColumn.EXPECTED_RATE: RATE,
        TreatmentColumn.EXPECTED_LOW: MONEY,
        TreatmentColumn.EXPECTED_HIGH: MONEY,
    }
