"""The reference tables a formula needs beside its row, as joins that never multiply rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from data.metrics.reference import (
    CALENDAR,
    DISTRICTS,
    MINUTES,
    OFFICES,
    ONLINE,
    PARAMETERS,
    RULES,
    WORKDAYS,
)

DIALECT = "duckdb"


@dataclass
class Lookups:
    """Joins in the order they were asked for: a later one may lean on columns of an earlier one."""

    _aliases: dict[str, str] = field(default_factory=dict)
    asked: list[exp.Expr] = field(default_factory=list)  # every expression a join leans on

    def joins(self) -> str:
        """The LEFT JOIN clauses, one a line."""
        return "\n".join(clause.format(alias=alias) for clause, alias in self._aliases.items())

    def worked(self, day: exp.Expr) -> exp.Column:
        """Working days from the start of the calendar up to and including the day."""
        return self._column(CALENDAR, "worked", day=day)

    def workday(self, worked: exp.Expr) -> exp.Column:
        """The day on which so many working days have passed since the start of the calendar."""
        return self._column(WORKDAYS, "day", worked=worked)

    def district(self, municipality: exp.Expr) -> exp.Column:
        """The district in which the municipality lies."""
        return self._column(DISTRICTS, "district", municipality=municipality)

    def office_municipality(self, office: exp.Expr) -> exp.Column:
        """The municipality in which the office lies."""
        return self._column(OFFICES, "municipality", office=office)

    def online(self, service: exp.Expr, day: exp.Expr) -> exp.Column:
        """The service where it was offered online on the day, else nothing."""
        return self._column(ONLINE, "service", day, service=service)

    def minutes(self, service: exp.Expr, day: exp.Expr) -> exp.Column:
        """The standard minutes of the service on the day."""
        return self._column(MINUTES, "minutes", day, service=service)

    def parameter(self, name: exp.Expr, day: exp.Expr) -> exp.Column:
        """The value in force on the day of a number that law or the agency sets."""
        return self._column(PARAMETERS, "value", day, name=name)

    def rule(
        self, service: exp.Expr, speed: exp.Expr, day: exp.Expr
    ) -> tuple[exp.Column, exp.Column]:
        """Days and basis of the rule in force for the service and speed on the day."""
        keys = {"service": service, "speed": speed}
        return self._column(RULES, "days", day, **keys), self._column(RULES, "basis", day, **keys)

    def _column(
        self, table: str, wanted: str, within: exp.Expr | None = None, **keys: exp.Expr
    ) -> exp.Column:
        self.asked += [*keys.values(), *([within] if within else [])]
        meets = [f'"{{alias}}"."{name}" = {_sql(value)}' for name, value in keys.items()]
        if within is not None:
            meets.append(
                f'{_sql(within)} BETWEEN "{{alias}}"."valid_from" AND "{{alias}}"."valid_to"'
            )
        clause = f'LEFT JOIN {table} AS "{{alias}}" ON {" AND ".join(meets)}'
        alias = self._aliases.setdefault(clause, f"{table}_{len(self._aliases) + 1}")
        return exp.column(wanted, table=alias, quoted=True)


def _sql(expression: exp.Expr) -> str:
    """The expression in the engine's SQL, safe inside a template that is filled once more."""
    return expression.sql(dialect=DIALECT).replace("{", "{{").replace("}", "}}")
