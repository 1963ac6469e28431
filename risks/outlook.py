"""What the register may cost in so many simulated years, now and once its treatments are done, held
against what the agency says it bears of each category.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from risks.appetite.statement import Appetite
from risks.exposure import TRIALS, Compared, Simulation, Tolerance, compare, simulate
from risks.exposure.curves import exceedance
from risks.portfolio import Portfolio, portfolio
from risks.register.record import Risk


@dataclass(frozen=True, slots=True)
class Borne:
    """The simulated years of one category at the losses of which its appetite speaks."""

    category: str
    before: tuple[Compared, ...]
    after: tuple[Compared, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Outlook:
    """The same years before and after treatments, of the risks whose estimates can be summed."""

    portfolio: Portfolio
    before: Simulation
    after: Simulation
    borne: tuple[Borne, ...]


def outlook(
    risks: Iterable[Risk], appetite: Mapping[str, Appetite], today: date, trials: int = TRIALS
) -> Outlook:
    """So many years of the risks that are active on a day."""
    summed = portfolio(risks, today)
    before, after = simulate(summed.before, trials), simulate(summed.after, trials)
    return Outlook(summed, before, after, tuple(_borne(summed, before, after, appetite)))


def _borne(
    summed: Portfolio, before: Simulation, after: Simulation, appetite: Mapping[str, Appetite]
) -> Iterator[Borne]:
    categories = [one.risk.category_code for one in summed.estimated]
    for code, said in sorted(appetite.items()):
        rows = [place for place, category in enumerate(categories) if category == code]
        if rows and len(said.tolerance) > 1:
            tolerance = Tolerance(said.tolerance)
            yield Borne(code, _at(before, rows, tolerance), _at(after, rows, tolerance))


def _at(years: Simulation, rows: Sequence[int], tolerance: Tolerance) -> tuple[Compared, ...]:
    annual = years.losses[list(rows)].sum(axis=0)
    return compare(exceedance(annual, [loss for _chance, loss in tolerance.points]), tolerance)
