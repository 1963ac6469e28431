"""What the table tells of a risk, column by column: on the page, and as cells of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dashboard.components.messages import plain
from dashboard.components.risks.register.looked import Looked
from dashboard.components.risks.words import level_sign, level_text, status_text
from risks.register.kinds import Kind
from risks.register.moving import Movement
from risks.register.record import Risk

NEWLINE, NO_BREAK = "  \n", "\N{NO-BREAK SPACE}"
ARROW = " → "
MOVEMENT_SIGNS: Mapping[Movement, str] = {
    Movement.NEW: "+",
    Movement.FIRST: "+",
    Movement.RISEN: "▲",
    Movement.FALLEN: "▼",
    Movement.SAME: "=",
    Movement.OTHER_CRITERIA: "⇄",
}


class RegisterColumn(StrEnum):
    """What can be told of a risk beside its code and title."""

    LEVEL = "level"
    PATH = "path"  # inherent, current, target
    CATEGORY = "category"
    UNIT = "unit"
    OWNER = "owner"
    STATUS = "status"
    RESPONSE = "response"
    REVIEW = "review"
    TREATMENTS = "treatments"
    APPETITE = "appetite"
    OBJECTIVES = "objectives"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Told:
    """A cell: its text, what stands small below it, and what calls for attention."""

    text: str
    small: tuple[str, ...] = ()
    loud: str = ""

    @property
    def markdown(self) -> str:
        parts = [plain(self.text)]
        parts += [f"**{plain(self.loud)}**"] if self.loud else []
        parts += [f":small[:gray[{plain(one)}]]" for one in self.small if one]
        return NEWLINE.join(parts)


def level_of(looked: Looked, risk: Risk, kind: Kind = Kind.CURRENT) -> str:
    """The level by the criteria it was assessed by."""
    judged = risk.assessment(kind)
    if judged is None or judged.level is None:
        return looked.texts.text("risk.not_assessed")
    return level_text(looked.texts, looked.criteria_of(judged), judged.level)


def movement_text(looked: Looked, risk: Risk) -> str:
    """'▲ higher than ▄ Medium', or '' where nothing changed or nothing is compared."""
    moved = looked.movement(risk)
    if moved is None or moved is Movement.SAME:
        return ""
    said = f"{MOVEMENT_SIGNS[moved]} {looked.texts.word(moved)}"
    before = looked.then.get(risk.id)
    if before is None or moved in (Movement.NEW, Movement.FIRST):
        return said
    level = level_of(looked, before).replace(" ", NO_BREAK)
    return looked.texts.text("risk_register.moved_from", moved=said, level=level)


def _level(looked: Looked, risk: Risk) -> Told:
    earlier = looked.texts.text("risk_register.by_earlier") if looked.by_earlier(risk) else ""
    return Told(level_of(looked, risk), (movement_text(looked, risk), earlier))


def _path(looked: Looked, risk: Risk) -> Told:
    return Told(ARROW.join(_short(looked, risk, kind) for kind in Kind))


def _short(looked: Looked, risk: Risk, kind: Kind) -> str:
    judged = risk.assessment(kind)
    if judged is None or judged.level is None:
        return looked.texts.value(None)
    criteria = looked.criteria_of(judged)
    name = looked.texts.value(criteria.level_of(judged.level).names)
    return f"{level_sign(criteria, judged.level)}{NO_BREAK}{name}"


def _day(looked: Looked, day: date) -> str:
    """A day that stays on one line."""
    return looked.texts.day_short(day).replace(" ", NO_BREAK)


def _review(looked: Looked, risk: Risk) -> Told:
    due = risk.next_review
    if due is None:
        return Told(looked.texts.value(None))
    late = risk.is_active and due < looked.today
    loud = looked.texts.text("risk_register.overdue") if late else ""
    return Told(_day(looked, due), loud=loud)


def next_treatment(risk: Risk) -> date | None:
    """When the next of the open treatments is due."""
    return min((one.due for one in risk.open_treatments), default=None)


def _treatments(looked: Looked, risk: Risk) -> Told:
    texts, due = looked.texts, next_treatment(risk)
    if due is None:
        return Told(texts.value(None))
    said = texts.counted("risk_register.open_treatments", len(risk.open_treatments))
    following = texts.text("risk_register.next_due", due=_day(looked, due))
    late = texts.text("risk_register.overdue") if due < looked.today else ""
    return Told(said, (following,), late)


def appetite_text(looked: Looked, risk: Risk) -> Told:
    """Above the tolerable level, above the optimal one, within, or that nothing is stated."""
    texts = looked.texts
    is_told = risk.category_code in looked.appetite and risk.level is not None
    if not (risk.is_active and is_told):
        return Told(texts.value(None))
    if risk.id in looked.above:
        return Told("", loud=f"▲ {texts.text('risk_register.above_tolerable')}")
    if looked.is_above_optimal(risk):
        return Told(f"△ {texts.text('risk_register.above_optimal')}")
    return Told(texts.text("risk_register.within_appetite"))


def _objectives(looked: Looked, risk: Risk) -> Told:
    names = [looked.objective(code) for code in risk.objectives]
    return Told("; ".join(names) or looked.texts.value(None))


Tell = Callable[[Looked, Risk], Told]
TOLD: Mapping[RegisterColumn, Tell] = {
    RegisterColumn.LEVEL: _level,
    RegisterColumn.PATH: _path,
    RegisterColumn.CATEGORY: lambda looked, risk: Told(looked.category(risk.category_code)),
    RegisterColumn.UNIT: lambda looked, risk: Told(looked.unit(risk.unit_code)),
    RegisterColumn.OWNER: lambda looked, risk: Told(looked.owner(risk.owner)),
    RegisterColumn.STATUS: lambda looked, risk: Told(status_text(looked.texts, risk)),
    RegisterColumn.RESPONSE: lambda looked, risk: Told(looked.texts.value(risk.response)),
    RegisterColumn.REVIEW: _review,
    RegisterColumn.TREATMENTS: _treatments,
    RegisterColumn.APPETITE: appetite_text,
    RegisterColumn.OBJECTIVES: _objectives,
    RegisterColumn.CHANGED: lambda looked, risk: Told(
        _day(looked, risk.updated_at.astimezone(looked.texts.zone).date())
    ),
}
USUAL = (
    *(RegisterColumn.LEVEL, RegisterColumn.PATH, RegisterColumn.CATEGORY, RegisterColumn.UNIT),
    *(RegisterColumn.OWNER, RegisterColumn.STATUS, RegisterColumn.REVIEW),
    RegisterColumn.TREATMENTS,
)


def offered(looked: Looked) -> tuple[RegisterColumn, ...]:
    """Every column there is something to tell in; who owns a risk is not published."""
    hidden = set() if looked.tells_people else {RegisterColumn.OWNER}
    hidden |= set() if looked.appetite else {RegisterColumn.APPETITE}
    return tuple(one for one in RegisterColumn if one not in hidden)
