"""What is asked of a measure: which span, which members, by what. Checked, then said in SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from data.errors import Invalid
from data.metrics.compilation import Measure, text_sql
from data.metrics.query import Form
from data.period import Frequency

Where = Mapping[str, str | Collection[str]]  # dimension -> its member, or any of several


@dataclass(frozen=True, slots=True)
class Among:
    """Some cells alone: the first day of a period and a member of each dimension."""

    frequency: Frequency
    dimensions: tuple[str, ...]
    cells: frozenset[tuple[date, tuple[str, ...]]]

    def condition(self) -> str:
        """SQL that is true of what lies in one of them."""
        place = ", ".join([period_sql(self.frequency), *(f'"{one}"' for one in self.dimensions)])
        cells = [
            f"({', '.join([day_sql(start), *map(text_sql, members)])})"
            for start, members in sorted(self.cells)
        ]
        return f"({place}) IN ({', '.join(cells)})" if cells else "FALSE"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one measure. `first` and `last` are days, both included."""

    measure: Measure
    where: Where | None = None
    first: date | None = None
    last: date | None = None
    cut_off: date | None = None
    among: Among | None = None

    def __post_init__(self) -> None:
        """A dimension the query does not have is Invalid."""
        self.check(self.where or {})

    def check(self, names: Iterable[str]) -> None:
        """Refuse names that are no dimensions of the query."""
        for name in names:
            if name not in self.measure.dimensions:
                raise Invalid(
                    "formulas.unknown_dimension", name=name, known=self.measure.dimensions
                )

    @property
    def carried(self) -> frozenset[str]:
        """The dimensions only the numerator carries."""
        return frozenset(one.name for one in self.measure.query.dimensions if one.numerator_only)

    def counted(self) -> str:
        """SQL that is true of the cells, or judged rows, that count."""
        within = [self.among.condition()] if self.among else []
        return _all(['"_reason" IS NULL', *self._members(carried=False), *self._span(), *within])

    def excluded(self) -> str:
        """SQL that is true of those left out, of the same span and members."""
        return _all(['"_reason" IS NOT NULL', *self._members(carried=False), *self._span()])

    def in_numerator(self) -> str:
        """SQL that is true where the numerator counts: the members only it carries."""
        return _all(self._members(carried=True))

    def _members(self, *, carried: bool) -> list[str]:
        return [
            f'"{name}" IN ({", ".join(map(text_sql, _several(members)))})'
            if _several(members)
            else "FALSE"
            for name, members in sorted((self.where or {}).items())
            if (name in self.carried) is carried
        ]

    def _span(self) -> list[str]:
        if self.measure.query.form is Form.STOCK:
            return []
        bounds = [
            f'"_day" >= {day_sql(self.first)}' if self.first else "",
            f'"_day" <= {day_sql(self.last)}' if self.last else "",
        ]
        if self.measure.query.form is Form.COHORT and self.cut_off:
            entering = "_enters" if self.measure.query.enters else "_day"
            bounds.append(f'"{entering}" <= {day_sql(self.cut_off)}')  # else not yet a member
        return [bound for bound in bounds if bound]


def day_sql(day: date) -> str:
    """A day literal."""
    return f"CAST('{day.isoformat()}' AS DATE)"


def period_sql(frequency: Frequency) -> str:
    """The first day of the period in which a cell lies."""
    return f"CAST(DATE_TRUNC('{frequency.value}', \"_day\") AS DATE)"


def names_sql(columns: Sequence[str]) -> str:
    """Column names, quoted, each with a comma after it, so that none is no trouble."""
    return "".join(f'"{column}", ' for column in columns)


def _several(members: str | Collection[str]) -> list[str]:
    return [members] if isinstance(members, str) else sorted(members)


def _all(conditions: Sequence[str]) -> str:
    return " AND ".join(conditions) or "TRUE"
