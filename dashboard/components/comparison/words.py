"""What a comparison says in words: how members are called, what a verdict means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.charts.control_chart_view import Mark
from dashboard.charts.tokens import Tone
from dashboard.components.extracts.names import text_or
from dashboard.components.kpi_members import with_cases
from dashboard.components.kpi_names import member_name, member_names
from dashboard.context import PageContext
from data.figure import Figure
from data.language.texts import Texts
from kpis.comparing import ComparedMember, Comparison
from kpis.comparison import Difference
from kpis.funnel_limits import Verdict

NEAR, FAR = 95, 99.8  # percent: the two pairs of limits, as they are called
MARKS = {
    Difference.NONE: Mark.COMMON,
    Difference.BETTER: Mark.IMPROVEMENT,
    Difference.WORSE: Mark.CONCERN,
    Difference.HIGHER: Mark.HIGH,
    Difference.LOWER: Mark.LOW,
}
TONES = {Difference.BETTER: Tone.IMPROVEMENT, Difference.WORSE: Tone.CONCERN}


@dataclass(frozen=True, slots=True)
class Told:
    """A comparison and how its members are called."""

    comparison: Comparison
    names: Mapping[str, str]
    texts: Texts

    @classmethod
    def of(cls, context: PageContext, comparison: Comparison) -> Told:
        """The comparison in the language of the page."""
        return cls(comparison, member_names(context, comparison.by), context.texts)

    def name(self, member: str) -> str:
        """What a member is called."""
        return member_name(self.texts, self.comparison.by, member, self.names)

    def figure(self, value: float) -> str:
        """A limit or another value of the KPI, as its figures are written."""
        row = self.comparison.row
        return self.texts.figure_number(Figure(value, row.unit, row.decimals))

    @property
    def members(self) -> str:
        """'offices': the members, as they stand after 'of 45'."""
        other = self.texts.text("comparison.members.other")
        return text_or(self.texts, f"comparison.members.{self.comparison.by}", other)

    def listed(self, members: Sequence[ComparedMember]) -> list[str]:
        """'Ferizaj 7.3% (n 150)' each."""
        return [f"{self.name(one.member)} {with_cases(self.texts, one.reading)}" for one in members]


def verdict_words(texts: Texts, each: ComparedMember) -> str:
    """'within the limits', 'worse, beyond the 99.8% limits', 'worse than usual for itself'."""
    if each.difference is None:
        return texts.text("comparison.not_compared")
    if each.compared is None:
        usual = each.difference is Difference.NONE
        key = "comparison.as_usual" if usual else "comparison.unlike_usual"
        return texts.text(key, difference=each.difference)
    said = texts.word(each.compared.verdict)
    if each.compared.verdict is Verdict.INSIDE:
        return said
    return texts.text("comparison.differs", difference=each.difference, verdict=said)
