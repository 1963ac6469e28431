"""The short list of functions a formula may use, each with its arguments checked and its SQL.

date(t)                             the local day of a moment
working_days(from, to)              days d with from < d <= to the agency works; negative backwards
calendar_days(from, to)             days d with from < d <= to
deadline(submitted, service, speed) the last day the rule in force at submission allows, in the days
                                    it counts; empty without a rule
district(municipality)              the district in which a municipality lies
office_municipality(office)         the municipality in which an office lies
online(service, day)                whether the service was offered online on the day
standard_minutes(service, day)      the minutes of work an application of the service stands for
parameter(name, day)                a number set by law or the agency; empty until it is known
add_days(day, n), add_months(day, n)  the day so many calendar days or months later
year_start(n)                       the first day of a year
hour(t)                             the local hour of a moment, 0 to 23
seconds_between(from, to)           elapsed time of two columns kept in UTC, in whole seconds
least(a, ...), greatest(a, ...)     over the values that are there
abs(n), coalesce(a, ...)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from data.metrics.kinds import FormulaKind, common
from data.metrics.lookups import Lookups

_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Typed:
    """SQL that was understood, and the kind of value it gives."""

    sql: exp.Expr
    kind: FormulaKind


class WrongArguments(Exception):
    """The arguments do not fit; `expected` names the kinds that would."""

    def __init__(self, *expected: FormulaKind) -> None:
        super().__init__(expected)
        self.expected = expected


Build = Callable[[Sequence[Typed], Lookups], Typed]


def as_day(value: Typed) -> exp.Expr:
    """A day or the local day of a moment."""
    _fits(value, FormulaKind.DAY, FormulaKind.MOMENT)
    return value.sql if value.kind is FormulaKind.DAY else exp.cast(value.sql, "DATE")


def _date(given: Sequence[Typed], lookups: Lookups) -> Typed:
    (moment,) = _count(given, 1, FormulaKind.MOMENT)
    return Typed(as_day(moment), FormulaKind.DAY)


def _working_days(given: Sequence[Typed], lookups: Lookups) -> Typed:
    start, end = _count(given, 2, FormulaKind.DAY)
    until_end, until_start = lookups.worked(as_day(end)), lookups.worked(as_day(start))
    return Typed(exp.paren(exp.Sub(this=until_end, expression=until_start)), FormulaKind.WHOLE)


def _calendar_days(given: Sequence[Typed], lookups: Lookups) -> Typed:
    start, end = _count(given, 2, FormulaKind.DAY)
    days = exp.DateDiff(this=as_day(end), expression=as_day(start), unit=exp.var("DAY"))
    return Typed(days, FormulaKind.WHOLE)


def _deadline(given: Sequence[Typed], lookups: Lookups) -> Typed:
    submitted, service, speed = _count(given, 3, FormulaKind.DAY, FormulaKind.TEXT)
    _fits(service, FormulaKind.TEXT)
    _fits(speed, FormulaKind.TEXT)
    start = as_day(submitted)
    days, basis = lookups.rule(service.sql, speed.sql, start)
    worked = exp.paren(exp.Add(this=lookups.worked(start), expression=days))
    calendar = exp.paren(exp.Add(this=start, expression=exp.cast(days, "INT")))
    every_day = exp.EQ(this=basis, expression=exp.Literal.string("calendar"))
    at_once = exp.EQ(this=days, expression=exp.Literal.number(0))
    last = exp.Case().when(exp.or_(every_day, at_once), calendar).else_(lookups.workday(worked))
    return Typed(exp.paren(last), FormulaKind.DAY)


def _district(given: Sequence[Typed], lookups: Lookups) -> Typed:
    (municipality,) = _count(given, 1, FormulaKind.TEXT)
    _fits(municipality, FormulaKind.TEXT)
    return Typed(lookups.district(municipality.sql), FormulaKind.TEXT)


def _office_municipality(given: Sequence[Typed], lookups: Lookups) -> Typed:
    (office,) = _count(given, 1, FormulaKind.TEXT)
    _fits(office, FormulaKind.TEXT)
    return Typed(lookups.office_municipality(office.sql), FormulaKind.TEXT)


def _online(given: Sequence[Typed], lookups: Lookups) -> Typed:
    service, day = _count(given, 2, FormulaKind.TEXT, FormulaKind.DAY)
    _fits(service, FormulaKind.TEXT)
    found = lookups.online(service.sql, as_day(day))
    offered = exp.Not(this=exp.paren(exp.Is(this=found, expression=exp.Null())))
    return Typed(exp.paren(offered), FormulaKind.TRUTH)


def _standard_minutes(given: Sequence[Typed], lookups: Lookups) -> Typed:
    service, day = _count(given, 2, FormulaKind.TEXT, FormulaKind.DAY)
    _fits(service, FormulaKind.TEXT)
    return Typed(lookups.minutes(service.sql, as_day(day)), FormulaKind.DECIMAL)


def _parameter(given: Sequence[Typed], lookups: Lookups) -> Typed:
    name, day = _count(given, 2, FormulaKind.TEXT, FormulaKind.DAY)
    _fits(name, FormulaKind.TEXT)
    return Typed(lookups.parameter(name.sql, as_day(day)), FormulaKind.WHOLE)


def _add_days(given: Sequence[Typed], lookups: Lookups) -> Typed:
    day, days = _count(given, 2, FormulaKind.DAY, FormulaKind.WHOLE)
    _fits(days, FormulaKind.WHOLE)
    later = exp.Add(this=as_day(day), expression=exp.cast(exp.paren(days.sql), "INT"))
    return Typed(exp.paren(later), FormulaKind.DAY)


def _add_months(given: Sequence[Typed], lookups: Lookups) -> Typed:
    day, months = _count(given, 2, FormulaKind.DAY, FormulaKind.WHOLE)
    _fits(months, FormulaKind.WHOLE)
    later = exp.AddMonths(this=as_day(day), expression=exp.cast(exp.paren(months.sql), "INT"))
    return Typed(exp.cast(later, "DATE"), FormulaKind.DAY)


def _year_start(given: Sequence[Typed], lookups: Lookups) -> Typed:
    (year,) = _count(given, 1, FormulaKind.WHOLE)
    _fits(year, FormulaKind.WHOLE)
    first = exp.Literal.number(1)
    return Typed(exp.DateFromParts(year=year.sql, month=first, day=first), FormulaKind.DAY)


def _hour(given: Sequence[Typed], lookups: Lookups) -> Typed:
    (moment,) = _count(given, 1, FormulaKind.MOMENT)
    _fits(moment, FormulaKind.MOMENT)
    return Typed(exp.Extract(this=exp.var("HOUR"), expression=moment.sql), FormulaKind.WHOLE)


def _seconds_between(given: Sequence[Typed], lookups: Lookups) -> Typed:
    start, end = _count(given, 2, FormulaKind.MOMENT)
    elapsed = exp.paren(exp.Sub(this=_microseconds(end), expression=_microseconds(start)))
    seconds = exp.IntDiv(this=elapsed, expression=exp.Literal.number(_MICROSECONDS))
    return Typed(exp.paren(seconds), FormulaKind.WHOLE)


def _microseconds(value: Typed) -> exp.Expr:
    _fits(value, FormulaKind.MOMENT)
    return exp.Anonymous(this="EPOCH_US", expressions=[value.sql])


def _abs(given: Sequence[Typed], lookups: Lookups) -> Typed:
    (number,) = _count(given, 1, FormulaKind.WHOLE)
    _fits(number, FormulaKind.WHOLE, FormulaKind.DECIMAL)
    return Typed(exp.Abs(this=number.sql), number.kind)


def _of_one_kind(node: type[exp.Expr], *but: FormulaKind, **marks: bool) -> Build:
    def build(given: Sequence[Typed], lookups: Lookups) -> Typed:
        kind = common([value.kind for value in given])
        if not given or kind is None or kind in but:
            raise WrongArguments(given[0].kind if given else FormulaKind.WHOLE)
        first, *rest = (value.sql for value in given)
        return Typed(node(this=first, expressions=rest, **marks), kind)

    return build


def _count(given: Sequence[Typed], count: int, *expected: FormulaKind) -> Sequence[Typed]:
    if len(given) != count:
        raise WrongArguments(*expected)
    return given


def _fits(value: Typed, *kinds: FormulaKind) -> None:
    if value.kind not in (*kinds, FormulaKind.NOTHING):
        raise WrongArguments(*kinds)


FUNCTIONS: dict[str, Build] = {
    "abs": _abs,
    "add_days": _add_days,
    "add_months": _add_months,
    "calendar_days": _calendar_days,
    "coalesce": _of_one_kind(exp.Coalesce),
    "date": _date,
    "deadline": _deadline,
    "district": _district,
    "greatest": _of_one_kind(exp.Greatest, FormulaKind.TRUTH, ignore_nulls=True),
    "hour": _hour,
    "least": _of_one_kind(exp.Least, FormulaKind.TRUTH, ignore_nulls=True),
    "office_municipality": _office_municipality,
    "online": _online,
    "parameter": _parameter,
    "seconds_between": _seconds_between,
    "standard_minutes": _standard_minutes,
    "working_days": _working_days,
    "year_start": _year_start,
}
IN_UTC = frozenset({"seconds_between"})  # these take the UTC companions of columns, nothing else
