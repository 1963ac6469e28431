"""What all systems of the demo agency share: its offices, its places, its applications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa

from dashboard.demo import agency, demand
from dashboard.demo.cases import Cases, Intake
from dashboard.demo.clock import DAY, Ints, WorkClock, moment
from dashboard.demo.columns import codes, joined
from dashboard.demo.demand import TRAITS
from dashboard.demo.extracts.plot import Plot
from dashboard.demo.snapshot import case_identifiers
from dashboard.demo.spec import DemoSpec
from dashboard.demo.streams import Streams, choose
from dashboard.demo.timeline import Timeline
from data.store import reference

SERVICES = tuple(trait.code for trait in TRAITS)
BEFORE = timedelta(days=700)  # how far back a birth may lie that is registered now
# Where Serbian is the language of most, an assumption from general knowledge: north, 14, 23, 34-37.
SERBIAN_PLACES = frozenset({"12", "14", "23", "28", "29", "34", "35", "36", "37", "38"})
TURKISH_PLACES = frozenset({"32"})


@dataclass(frozen=True)
class World:
    """The demo agency as every one of its systems sees it."""

    spec: DemoSpec
    clock: WorkClock
    cases: Cases  # every application handed in, practice aside, with all that will happen to it

    @classmethod
    def of(cls, spec: DemoSpec) -> World:
        clock = WorkClock.spanning(spec.first.start - BEFORE, spec.today + timedelta(days=500))
        intake = Intake(spec, clock, Timeline(spec, clock))
        cases = np.concatenate([intake.of_month(span) for span in spec.spans()])
        return cls(spec, clock, cases[~cases["test"]])

    def rng(self, name: str) -> np.random.Generator:
        """The stream of one thing drawn."""
        return Streams(self.spec.seed).of(f"extracts.{name}")

    @cached_property
    def plot(self) -> Plot:
        return Plot(self.spec)

    @property
    def start(self) -> int:
        return moment(self.spec.first.start)

    @property
    def end(self) -> int:
        """The cut-off of the last file."""
        return moment(self.spec.last.end)

    @cached_property
    def known_cases(self) -> Cases:
        """The applications of which the agency knows at the end."""
        known: Cases = self.cases[self.cases["submitted"] < self.end]
        return known

    @cached_property
    def months(self) -> tuple[date, ...]:
        return tuple(period.start for period in self.spec.first.until(self.spec.last))

    @cached_property
    def days(self) -> Ints:
        """The number of every day of the months."""
        return np.arange(self.start // DAY, self.end // DAY, dtype=np.int64)

    @cached_property
    def offices(self) -> tuple[str, ...]:
        return tuple(office.code for office in agency.offices(self.spec))

    @cached_property
    def places(self) -> tuple[str, ...]:
        return tuple(row.code for row in reference.municipalities())

    @cached_property
    def people(self) -> np.ndarray:
        """The population of each place."""
        return np.array([float(row.population or 0) for row in reference.municipalities()])

    @cached_property
    def place_of_office(self) -> np.ndarray:
        """The position in places of each office."""
        rows = agency.offices(self.spec)
        return np.array([self.places.index(office.municipality_code) for office in rows])

    def main_offices(self, place: np.ndarray) -> pa.Array:
        """The main office of each place."""
        return codes([agency.main_office(code) for code in self.places], place)

    def office_shares(self, month: date) -> np.ndarray:
        """Share of each office in the work of a month."""
        shares = demand.office_shares(month, self.spec)
        return np.asarray(shares / shares.sum())

    def spread(self, name: str, size: int, width: float) -> np.ndarray:
        """A factor around 1 for each office, place or the like, the same in every month."""
        return self.rng(f"spread.{name}").lognormal(0, width, size)

    def languages(self, name: str, place: np.ndarray) -> pa.Array:
        """The language people want to be spoken to in, by where they live."""
        names = ("sq", "sr", "tr")
        usual = np.array([
            1 if code in SERBIAN_PLACES else 2 if code in TURKISH_PLACES else 0
            for code in self.places
        ])  # fmt: skip
        other = choose(self.rng(f"{name}.language"), np.array([0.955, 0.025, 0.02]), len(place))
        return codes(names, np.where(usual[place] == 0, other, usual[place]))


def ids_of(cases: Cases, prefix: str) -> pa.Array:
    """The identifier of something that belongs to each application."""
    return joined(prefix, case_identifiers(cases))


def month_numbers(seconds: Ints) -> Ints:
    """Months since year 0 of moments, as cases count them."""
    return seconds.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
