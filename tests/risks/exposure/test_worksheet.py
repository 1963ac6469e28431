"""Another program computes the same draws and the same losses from the formulas of a workbook."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xlsxwriter

from risks.exposure import Lognormal, Pert, Poisson, Quantified, simulate, worksheet
from risks.exposure.draws import MOST_COUNTER, Counts, draws
from tests.reports.test_libreoffice import ALWAYS_RECALCULATE
from tests.requirements import required
from tests.risks.exposure.risks import bernoulli, poisson

STEPS = 2**32
# (trial, variable, entity) at which the last remainder is 4294967295: as published, the formula
# fails there in LibreOffice.
HARD = [(96_647, 1, 1683), (63_458, 1, 48_252), (184_349, 1, 55_477)]
RISKS = [
    bernoulli(3, 0.3),
    poisson(12, 1.7, Lognormal(2_000, 90_000)),
    bernoulli(17, 0.6, Pert(10_000, 40_000, 500_000)),
    Quantified(40, Poisson(0.4), Pert(0, 1_000, 2_000)),
    poisson(41, 0),
]
YEARS = 100
TRIALS = range(1, YEARS + 1)

Grid = list[list[float | str]]


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[object]]]:
    """Every sheet as LibreOffice calculates it, from a workbook that holds no results."""
    soffice = required("LibreOffice (soffice)", shutil.which("soffice"))
    folder = tmp_path_factory.mktemp("worksheet")
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)
    write(folder / "draws.xlsx")
    command = [soffice, f"-env:UserInstallation={profile.parent.as_uri()}", "--headless",
               "--convert-to", "xlsx", "--outdir", str(folder / "out"),
               str(folder / "draws.xlsx")]  # fmt: skip
    subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    book = openpyxl.load_workbook(folder / "out" / "draws.xlsx", data_only=True)
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }


def write(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in {"addresses": address_rows(), "losses": loss_rows()}.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def addresses() -> list[tuple[int, ...]]:
    """Of a simulation, of the farthest counters, and of the hard cases."""
    random = np.random.default_rng(8)
    near = random.integers((1, 1, 1, 0, 0), (10_001, 3, 2_000, 20, 2), (2_000, 5))
    far = random.integers(0, MOST_COUNTER, (500, 5), endpoint=True)
    ends = [[MOST_COUNTER] * 5, [0] * 5]
    return [*map(tuple, [*near.tolist(), *far.tolist(), *ends]), *((*h, 0, 0) for h in HARD)]


def address_rows() -> Grid:
    return [
        [*address, "=" + worksheet.cell_formula(
            f"$A{row}", var=f"$B{row}", entity=f"$C{row}", time=f"$D{row}", agent=f"$E{row}")]
        for row, address in enumerate(addresses(), start=1)
    ]  # fmt: skip


def loss_rows() -> Grid:
    """Numbers, rates and parameters on top, six rows; below it a row a trial."""
    columns = [
        [risk.number, risk.frequency.mean, *[*worksheet.parameters(risk), 0.0, 0.0][:4]]
        for risk in RISKS
    ]
    top: Grid = [["", *row] for row in zip(*columns, strict=True)]
    return top + [[trial, *map(loss_cell(trial + 6), range(len(RISKS)))] for trial in TRIALS]


def loss_cell(row: int) -> Callable[[int], str]:
    def formula(place: int) -> str:
        risk, column = RISKS[place], "BCDEF"[place]
        cells = [f"{column}${3 + n}" for n in range(len(worksheet.parameters(risk)))]
        return "=" + worksheet.loss_formula(
            risk, f"$A{row}", entity=f"{column}$1", rate=f"{column}$2", severity=cells
        )

    return formula


def test_every_draw_is_the_same_in_a_cell(recalculated: dict[str, list[list[object]]]) -> None:
    """The file keeps 15 digits, enough to know which of the 2^32 draws it is."""
    cells = [row[5] for row in recalculated["addresses"]]
    steps = [round(cell * STEPS - 0.5) for cell in cells if isinstance(cell, float)]
    trial, var, entity, time, agent = np.array(addresses()).T
    exact = draws(trial, var=var, entity=entity, time=time, agent=agent)
    assert steps == (exact * STEPS - 0.5).astype(np.int64).tolist()
    assert steps[-len(HARD) :] == [STEPS - 1] * len(HARD)


def test_every_loss_is_the_same_in_a_cell(recalculated: dict[str, list[list[object]]]) -> None:
    rows = np.array([row[1:] for row in recalculated["losses"][6:]], dtype=np.float64)
    simulation = simulate(RISKS, YEARS)
    for column, losses in zip(rows.T, simulation.losses, strict=True):
        assert column == pytest.approx(losses, rel=1e-7)


def test_no_quotient_of_the_formula_is_rounded_to_the_next_whole_number() -> None:
    """LibreOffice rounds a quotient to 15 digits before it takes its whole part. Over all
    remainders that the streams can leave, that changes nothing.
    """
    numerator = 999_999_999_999_989
    first = np.arange(7_450_589) * 4_658 + 7_450_581
    second = np.arange(7_450_987) * 7_580 + 7_560_584
    quotients: list[tuple[Counts, Counts]] = [
        (np.full_like(first, numerator), first),
        (np.full_like(second, numerator), second),
        (numerator % first * 383, np.full_like(first, 99_991)),
        (numerator % second * 17_669, np.full_like(second, 7_440_893)),
    ]
    for dividend, divisor in quotients:
        near = np.flatnonzero(divisor - dividend % divisor < 1e-14 * dividend)
        tops, bottoms = dividend[near].tolist(), divisor[near].tolist()
        for top, bottom in zip(tops, bottoms, strict=True):
            assert int(float(f"{top / bottom:.15g}")) == top // bottom


def test_formulas_are_short_enough_for_a_cell() -> None:
    busy = Quantified(99_999, Poisson(100), Lognormal(1, 2))
    cells = ["AA$123456", "AA$123457"]
    formula = worksheet.loss_formula(
        busy, "$AA123456", entity="AA$123456", rate="AA$123456", severity=cells
    )
    assert len(formula) < 8192
