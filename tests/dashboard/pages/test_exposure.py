"""Exposure: every figure on the page is computed here again, by numpy or by the closed forms."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from dashboard.components.risks.exposure import calibration
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Period
from risks.calibration import Forecast, score
from risks.exposure import FrequencyKind, SeverityKind
from risks.exposure.draws import draws
from risks.incidents.actions import record_incident
from risks.incidents.record import IncidentWording
from risks.register.record import Quantity
from tests.dashboard.pages.measured import Tab, rounded
from tests.dashboard.pages.quantified import (
    CASES,
    LONG_AGO,
    NOT_QUANTIFIED,
    SUMMED,
    TOLERANCE,
    Case,
    quantified,
)
from tests.risks.house import RiskHouse
from tests.risks.rounds import TODAY

MP = pytest.MonkeyPatch
EN = Texts(Language.EN)
TRIALS = np.arange(1, 10_001)
Z95 = 1.6448536269514722
DIRECTOR = "director@example.org"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    return quantified(tmp_path_factory)


def opened(house: RiskHouse, monkeypatch: MP, email: str = DIRECTOR, **link: str) -> Tab:
    return Tab(house.workspace, monkeypatch, "exposure", email=email, **link)


# The same figures by other means: events counted one by one, quantiles written out


def years(number: int, quantity: Quantity) -> np.ndarray:
    """What a risk costs in each of 10,000 years, event after event."""
    chance = draws(TRIALS, var=1, entity=number)
    cost, n = np.zeros(TRIALS.size), 0
    while (happens := chance < at_least(n + 1, quantity)).any():
        uniform = draws(TRIALS, var=2, entity=number, time=n)
        cost += np.where(happens, quantile(uniform, quantity), 0.0)
        n += 1
    return cost


def at_least(events: int, quantity: Quantity) -> float:
    """The chance of so many events in a year, or more."""
    if quantity.frequency is FrequencyKind.BERNOULLI:
        return quantity.rate if events == 1 else 0.0
    below = math.fsum(quantity.rate**n / math.factorial(n) for n in range(events))
    return 1 - math.exp(-quantity.rate) * below if events < 15 else 0.0


def quantile(uniform: np.ndarray, quantity: Quantity) -> np.ndarray:
    from scipy import stats

    low, high = quantity.low, quantity.high
    if quantity.severity is SeverityKind.LOGNORMAL:
        mu, sigma = (math.log(low) + math.log(high)) / 2, math.log(high / low) / (2 * Z95)
        return np.asarray(np.exp(mu + sigma * stats.norm.ppf(uniform)))
    mode = quantity.mode or 0.0
    alpha = 1 + 4 * (mode - low) / (high - low)
    return np.asarray(low + (high - low) * stats.beta.ppf(uniform, alpha, 6 - alpha))


def expected(quantity: Quantity) -> float:
    """By the laws: events a year times the mean of one."""
    low, high = quantity.low, quantity.high
    if quantity.severity is SeverityKind.PERT:
        return quantity.rate * (low + 4 * (quantity.mode or 0.0) + high) / 6
    sigma = math.log(high / low) / (2 * Z95)
    return quantity.rate * math.exp((math.log(low) + math.log(high)) / 2 + sigma**2 / 2)


def stated(case: Case) -> Quantity:
    assert case.now is not None
    return case.now


def euros(amount: float) -> str:
    """To three digits, by way of its decimal form."""
    if amount < 1_000:
        return f"EUR {amount:.0f}"
    shown = float(f"{amount:.3g}")
    if shown >= 1e6:
        return f"EUR {shown / 1e6:g} million"
    return f"EUR {shown:,.0f}"


@pytest.fixture(scope="module")
def now() -> np.ndarray:
    """Risks by years."""
    return np.array([years(n, stated(case)) for n, case in enumerate(SUMMED, start=1)])


@pytest.fixture(scope="module")
def after() -> np.ndarray:
    return np.array([years(n, case.later or stated(case)) for n, case in enumerate(SUMMED, 1)])


def table(tab: Tab, head: str) -> pd.DataFrame:
    """The first table with this column."""
    frames: list[pd.DataFrame] = [one.value for one in (*tab.page.dataframe, *tab.page.table)]
    return next(frame for frame in frames if head in frame.columns)


def row(frame: pd.DataFrame, begins: str) -> list[str]:
    return next([str(c) for c in each] for each in frame.to_numpy() if begins in str(each[0]))


# The losses of a year


def test_the_answer_is_what_plain_numpy_makes_of_the_draws(
    house: RiskHouse, monkeypatch: MP, now: np.ndarray, after: np.ndarray
) -> None:
    tab = opened(house, monkeypatch)
    mean = sum(expected(stated(case)) for case in SUMMED)
    assert f"5 of 7 active risks are counted; a year of them is expected to cost {euros(mean)}" in (
        tab.said
    )
    frame = table(tab, "95% interval of simulating")
    annual, later = np.sort(now.sum(axis=0)), np.sort(after.sum(axis=0))
    simulated = row(frame, "Mean of the simulated years")
    assert simulated[1].startswith(euros(annual.mean()))
    assert simulated[3] == euros(later.mean())
    assert row(frame, "Expected by the laws")[1] == euros(mean)
    for level in (0.5, 0.8, 0.9, 0.95, 0.99):
        figures = row(frame, f"Exceeded in {100 * (1 - level):.0f}%")
        place = round(10_000 * level) - 1
        assert figures[1] == euros(annual[place])
        assert figures[3] == euros(later[place])
    worst = row(frame, "Mean of the worst tenth")
    assert worst[1].startswith(euros(annual[9_000:].mean()))


def test_the_error_of_simulating_is_that_of_the_laws(
    house: RiskHouse, monkeypatch: MP, now: np.ndarray
) -> None:
    simulated = row(table(opened(house, monkeypatch), "95% interval of simulating"), "Mean of the")
    shown = float(simulated[1].partition("± ")[2].replace(",", ""))
    spread = 1.96 * now.sum(axis=0).std(ddof=1) / 100
    assert shown == pytest.approx(spread, rel=0.1)


def test_the_message_of_the_chart_is_the_bad_year_against_what_is_borne(
    house: RiskHouse, monkeypatch: MP, now: np.ndarray
) -> None:
    tab = opened(house, monkeypatch)
    assert "No tolerance in EUR is stated for: " in tab.said  # of property
    tab.choose("exposure.category", "OPERATIONS")
    operations = np.sort(now[[0, 1, 3]].sum(axis=0))
    spec = str(tab.page.get("plotly_chart")[0].proto)
    message = f"costs more than {euros(operations[8_999])}; tolerated is EUR 300,000"
    assert message in spec
    assert "No tolerance in EUR is stated" not in tab.said
    shown = row(table(tab, "95% interval of simulating"), "Exceeded in 10%")
    assert shown[4] == euros(TOLERANCE["OPERATIONS"][0][1])
    assert row(table(tab, "95% interval of simulating"), "Exceeded in 1%")[4] == "EUR 2 million"
    assert "Above what is tolerated for losses of EUR" in tab.said


def test_what_drives_it_adds_up(house: RiskHouse, monkeypatch: MP, now: np.ndarray) -> None:
    frame = table(opened(house, monkeypatch), "In a bad year")
    worst = np.argsort(now.sum(axis=0), kind="stable")[9_000:]
    means = now[:, worst].mean(axis=1)
    order = np.argsort(-means)
    assert [str(cell)[:6] for cell in frame["Risk"]] == [f"R-{n + 1:04}" for n in order]
    for place, line in zip(order, frame.to_numpy(), strict=True):
        assert line[2] == euros(expected(stated(SUMMED[place])))
        assert line[4].startswith(euros(means[place]))
        assert line[5] == f"{rounded(100 * means[place] / means.sum(), 0)}%"
    laws = dict(zip(frame["Risk"], frame["How often"], strict=True))
    assert laws["R-0001 Blank passports run out"] == "at most once a year"
    assert laws["R-0002 Printer of cards fails"] == "any number of times a year"


def test_each_category_is_held_against_its_own_tolerance(
    house: RiskHouse, monkeypatch: MP, now: np.ndarray
) -> None:
    frame = table(opened(house, monkeypatch), "One year in ten costs more than")
    shown = frame.map(lambda cell: str(cell).replace("\\", ""))
    rows = {line[0]: list(line) for line in shown.to_numpy()}
    operations = np.sort(now[[0, 1, 3]].sum(axis=0))[8_999]
    property_ = np.sort(now[[2, 4]].sum(axis=0))[8_999]
    by_risks = {line[1]: line for line in rows.values()}
    assert by_risks["3"][2:] == [
        euros(operations),
        by_risks["3"][3],
        "EUR 300,000",
        "▲ above tolerance",
    ]
    assert (by_risks["2"][2], by_risks["2"][5]) == (euros(property_), "no tolerance stated")


def test_what_is_left_out_is_named_with_the_reason(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch)
    titles = [one.label for one in tab.page.expander]
    assert "Left out because not quantified: 1" in titles
    assert "Left out because the estimate is of a year that is over: 1" in titles
    assert NOT_QUANTIFIED in tab.said
    assert LONG_AGO in tab.said
    frame = table(tab, "In a bad year")
    assert not any(str(cell).startswith((NOT_QUANTIFIED, LONG_AGO)) for cell in frame["Risk"])


def test_a_part_of_the_agency_is_not_held_against_the_tolerance_of_all(
    house: RiskHouse, monkeypatch: MP, now: np.ndarray
) -> None:
    tab = opened(house, monkeypatch)
    tab.choose("exposure.unit", "O02")
    assert "a part of the register" in tab.said
    annual = np.sort(now[[3, 4]].sum(axis=0))
    figures = row(table(tab, "95% interval of simulating"), "Exceeded in 10%")
    assert (figures[1], figures[4]) == (euros(annual[8_999]), "–")
    own = opened(house, monkeypatch, "owner@example.org")
    assert "3 of 5 active risks are counted" in own.said
    assert "a part of the register" in own.said


def test_it_says_how_it_is_counted(house: RiskHouse, monkeypatch: MP) -> None:
    said = opened(house, monkeypatch).said
    for words in ("Bernoulli", "Poisson", "10,000 possible years", "can be reproduced"):
        assert words in said


def test_it_is_as_it_was_on_an_earlier_day(house: RiskHouse, monkeypatch: MP) -> None:
    day = TODAY - timedelta(days=300)
    said = opened(house, monkeypatch, as_of=day.isoformat()).said
    mean = sum(expected(case.now) for case in CASES if case.now)
    assert f"6 of 7 active risks are counted; a year of them is expected to cost {euros(mean)}" in (
        said
    )


# What treatments save


def test_each_treatment_saves_what_the_same_years_save(
    house: RiskHouse, monkeypatch: MP, now: np.ndarray, after: np.ndarray
) -> None:
    tab = opened(house, monkeypatch, part="treatments")
    frame = table(tab, "Saves a year, as simulated").map(lambda c: str(c).replace("\\", ""))
    for number, line in zip((0, 1), frame.to_numpy(), strict=True):
        case, saved = SUMMED[number], now[number] - after[number]
        assert case.later is not None
        assert line[0].startswith(f"R-{number + 1:04} · Treat")
        assert line[2] == euros(case.cost or 0.0)
        assert line[3].startswith(euros(saved.mean()))
        error = float(line[3].partition("± ")[2].replace(",", ""))
        assert error == pytest.approx(1.96 * saved.std(ddof=1) / 100, rel=0.06)
        assert line[4] == euros(expected(stated(case)) - expected(case.later))
    assert list(frame["Verdict"]) == ["saves more than it costs", "costs more than it saves"]
    whole = [sum(expected(q) for q in side) for side in _sides()]
    assert f"expected to cost {euros(whole[1])} instead of {euros(whole[0])}" in tab.said


def _sides() -> tuple[list[Quantity], list[Quantity]]:
    return [stated(one) for one in SUMMED], [one.later or stated(one) for one in SUMMED]


def test_a_cost_may_be_spread_over_years(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, part="treatments")
    per_euro = [float(cell) for cell in plain_column(tab)]
    tab.page.number_input(key="exposure.years").set_value(10).run()
    spread = [float(cell) for cell in plain_column(tab)]
    assert spread == pytest.approx([10 * each for each in per_euro], abs=0.051)


def plain_column(tab: Tab) -> list[str]:
    frame = table(tab, "Saves a year, as simulated")
    return [str(cell).replace("\\", "") for cell in frame["Saved per euro of a year’s cost"]]


# How good estimates were


def test_where_there_is_too_little_to_tell_it_is_said(house: RiskHouse, monkeypatch: MP) -> None:
    wording = IncidentWording(
        "It broke", "For a day", TODAY - timedelta(days=200), "O01", None, ("R-0002",)
    )
    record_incident(house.workspace, by=house["owner"], wording=wording)
    tab = opened(house, monkeypatch, part="calibration")
    assert "Too little to tell" in tab.said
    assert "1 came true" in tab.said
    assert "Brier" not in tab.said
    frame = table(tab, "Estimated chance").map(lambda c: str(c).replace("\\", ""))
    assert sum(int(cell.split(" of ")[0]) for cell in frame["Came true"]) == 1
    assert all(cell == "○ too few to tell" for cell in frame["Verdict"])


def test_enough_estimates_are_scored_against_the_base_rate() -> None:
    said = [(0.1, n < 6) for n in range(40)] + [(0.7, n < 28) for n in range(40)]
    year = Period.parse("2025")
    found = score(Forecast(chance, year, happened) for chance, happened in said)
    assert found is not None
    brier = sum((chance - happened) ** 2 for chance, happened in said) / 80
    rate = 34 / 80
    told = calibration.scored(EN, found)
    assert f"Brier score {rounded(brier, 3)} (0 is perfect)" in told
    assert (
        f"base rate of {rounded(100 * rate)}% would score {rounded(rate * (1 - rate), 3)}" in told
    )
    assert "The estimates are better than that." in told
    summary = calibration.sentence(EN, found)
    assert (
        "Of 80 forecasts 34 came true; 32.0 were to be expected: as often as forecast." in summary
    )
    sheet = calibration.bands(EN, found)
    assert [row[1] for row in sheet.rows] == ["10.0%", "70.0%"]
    assert [row[2].partition(" · ")[0] for row in sheet.rows] == ["6 of 40", "28 of 40"]


def test_estimates_no_better_than_the_base_rate_are_said_to_be() -> None:
    said = [(0.9, n % 4 == 0) for n in range(40)]
    found = score(Forecast(chance, Period.parse("2025"), came) for chance, came in said)
    assert found is not None
    assert "The estimates are no better than that." in calibration.scored(EN, found)
    assert "less often than forecast" in calibration.sentence(EN, found)


@pytest.mark.parametrize("language", ["sq", "sr"])
def test_it_speaks_the_other_languages(house: RiskHouse, monkeypatch: MP, language: str) -> None:
    for part in ("losses", "treatments", "calibration"):
        said = opened(house, monkeypatch, language=language, part=part).said
        assert "exposure." not in said
        assert "calibration." not in said


@pytest.mark.parametrize("who", ["viewer"])
def test_who_sees_only_what_is_published_is_refused(
    house: RiskHouse, monkeypatch: MP, who: str
) -> None:
    assert "Your roles do not allow this" in opened(house, monkeypatch, f"{who}@example.org").said
