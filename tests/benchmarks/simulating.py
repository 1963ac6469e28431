"""Ten thousand years of two hundred risks, against the same simulation on numpy's own generator."""

from __future__ import annotations

import numpy as np

from risks.exposure import Bernoulli, Lognormal, Quantified, simulate
from risks.exposure.draws import Floats
from tests.benchmarks.timing import Line, best

RISKS, TRIALS = 200, 10_000
REACH = "under 1 s"
BASELINE = "the same in numpy (PCG64), nothing by address"


def lines() -> list[Line]:
    what = f"exposure, {TRIALS:,} years of {RISKS} risks"
    return [
        _line(f"{what}: Bernoulli and Poisson, lognormal and PERT, in equal parts", _mixed()),
        _line(f"{what}: once a year each, PERT", _all("bernoulli", 1.0, "pert")),
        _line(f"{what}: Bernoulli 10 %, lognormal", _all("bernoulli", 0.1, "lognormal")),
    ]


def _line(what: str, risks: list[Quantified]) -> Line:
    simulate(risks, 100)  # the libraries are loaded before the clock runs
    ours = best(lambda: simulate(risks, TRIALS), times=5)
    return Line(what, ours, BASELINE, best(lambda: in_numpy(risks, TRIALS), times=5), REACH)


def in_numpy(risks: list[Quantified], trials: int) -> Floats:
    """What somebody would write who needed the curve once: annual losses of all risks, EUR."""
    random = np.random.default_rng(1)
    annual = np.zeros(trials)
    for risk in risks:
        frequency, law = risk.frequency, risk.severity
        if isinstance(frequency, Bernoulli):
            events = random.binomial(1, frequency.mean, trials)
        else:
            events = random.poisson(frequency.mean, trials)
        if isinstance(law, Lognormal):
            losses = random.lognormal(law.mu, law.sigma, events.sum())
        else:
            losses = law.least + law.span * random.beta(law.alpha, law.beta, events.sum())
        np.add.at(annual, np.repeat(np.arange(trials), events), losses)
    return annual


def _mixed() -> list[Quantified]:
    """Chances from 2 to 50 % and rates from 0.1 to 2, evenly spread over the four kinds."""
    risks = []
    for number in range(1, RISKS + 1):
        place = number / RISKS
        frequency, rate = (
            ("bernoulli", 0.02 + 0.48 * place) if number % 2 else ("poisson", 0.1 + 1.9 * place)
        )
        risks.append(_risk(number, frequency, rate, ("lognormal", "pert")[number // 2 % 2]))
    return risks


def _all(frequency: str, rate: float, severity: str) -> list[Quantified]:
    return [_risk(number, frequency, rate, severity) for number in range(1, RISKS + 1)]


def _risk(number: int, frequency: str, rate: float, severity: str) -> Quantified:
    return Quantified.of(
        number,
        frequency=frequency,
        rate=rate,
        severity=severity,
        low=10_000,
        high=500_000,
        mode=50_000,
    )
