"""What the demo agency aims at beside the catalogue: a line, stages, a threshold, two offices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dashboard.demo.spec import DemoSpec
from kpis.assessment import Target
from kpis.targets import Baseline, Course, Path, Stage
from kpis.targets.wishes import Wish

LABEL = "Demo: "  # before everything somebody could take for said in earnest
PLAN = f"{LABEL}strategic plan, invented"
YEAR = 12
OFFICES = {"O19": 400, "O21": 160}  # cases at the full volume: five days of intake, about


def wishes(spec: DemoSpec) -> Iterator[Wish]:
    """Aims that hold from the beginning of the last twelve months on."""
    yield _electronic_payments(spec)
    yield _address_matches(spec)
    yield _overdue_backlog(spec)
    for office, cases in OFFICES.items():
        most = float(max(round(cases * spec.scale), 1))
        target = Target(high=most, source=f"{LABEL}five days of intake", assumption=True)
        yield Wish("SD-04", _begins(spec), target, office=office)


def _electronic_payments(spec: DemoSpec) -> Wish:
    """A straight line over two years, kept ahead of."""
    path = Path(Course.LINEAR, _baseline(spec, 15.4), spec.last.shift(YEAR).last_day)
    return Wish("CS-07", _begins(spec), Target(low=65.0, source=PLAN, tolerance=5.0), path)


def _address_matches(spec: DemoSpec) -> Wish:
    """Stages by quarter, behind since the register was migrated."""
    stages = tuple(
        Stage(spec.last.shift(3 * quarter - YEAR).last_day, low=low)
        for quarter, low in enumerate((92.0, 93.0, 94.0, 95.0), start=1)
    )
    path = Path(Course.STAGES, _baseline(spec, 91.2), spec.last.shift(6).last_day, stages)
    return Wish("DQ-01", _begins(spec), Target(low=97.0, source=PLAN, tolerance=3.0), path)


def _overdue_backlog(spec: DemoSpec) -> Wish:
    """A line down to what the catalogue proposes; the backlog of the summer is far off it."""
    path = Path(Course.LINEAR, _baseline(spec, 4.0), spec.last.shift(6).last_day)
    return Wish("SD-05", _begins(spec), Target(high=2.0, source=PLAN, tolerance=10.0), path)


def _begins(spec: DemoSpec) -> date:
    return spec.months_before_end(YEAR)


def _baseline(spec: DemoSpec, value: float) -> Baseline:
    """Where the agency stood the day before the last twelve months began."""
    return Baseline(value, spec.last.shift(-YEAR).last_day, f"{LABEL}yearbook, invented")
