"""The simulation as formulas of a worksheet: text that gives in a cell what Python gives here.

Only functions that Excel and LibreOffice both have under these names since long ago are used, so
that nothing needs a prefix. Every argument is text of a formula: a reference such as `$A2`, a
number, or an array in braces.
"""

from __future__ import annotations

from collections.abc import Sequence

from risks.exposure import draws
from risks.exposure.frequency import Bernoulli
from risks.exposure.quantified import Quantified
from risks.exposure.severity import Lognormal
from risks.exposure.simulation import EVENTS, SEVERITY


def cell_formula(
    trial: str, *, var: str, entity: str = "0", time: str = "0", agent: str = "0"
) -> str:
    """The draw at this address, without the leading equals sign.

    One remainder more than in the published formula: LibreOffice rounds a quotient to 15 digits
    before it takes the whole part of it, and would answer #VALUE! where the last remainder is
    4294967295. Reduced by 2^32 before it is multiplied, the quotient stays below 1344 and nothing
    is rounded; the draw is the same. All other quotients were tried over every remainder they can
    meet: none is near enough to a whole number to be rounded to it.
    """
    counters = (trial, var, entity, time, agent)
    first, second = (_weighted(counters, weights) for weights in draws.WEIGHTS)
    first = _spread(first, draws.FIRST_MODULUS, draws.FIRST_SPREAD)
    second = _spread(second, draws.SECOND_MODULUS, draws.SECOND_SPREAD)
    times, modulus, scale = draws.FIRST_MIX
    left = f"MOD({first}*{times},{modulus})*{scale}"
    times, modulus = draws.SECOND_MIX
    right = f"MOD({second}*{times},{modulus})"
    small = f"MOD({left}+{right},{draws.RANGE})"
    return f"(MOD({small}*{draws.LAST_FACTOR},{draws.RANGE})+0.5)/{draws.RANGE}"


def parameters(risk: Quantified) -> tuple[float, ...]:
    """The figures `loss_formula` refers to, in the order of its `severity` cells: mu and sigma of
    a lognormal law; alpha, beta, least and most of a PERT law.
    """
    severity = risk.severity
    if isinstance(severity, Lognormal):
        return severity.mu, severity.sigma
    return severity.alpha, severity.beta, severity.least, severity.most


def loss_formula(
    risk: Quantified, trial: str, *, entity: str, rate: str, severity: Sequence[str]
) -> str:
    """The annual loss of this risk in a trial, EUR, without the leading equals sign.

    `entity` is the risk's number, `rate` its chance or rate, `severity` refers to `parameters`.
    """
    happens = cell_formula(trial, var=str(EVENTS), entity=entity)
    if isinstance(risk.frequency, Bernoulli):
        return f"IF({happens}<{rate},{_one_loss(risk, trial, entity, severity)},0)"
    if risk.frequency.most == 0:
        return "0"
    which = "{" + ";".join(map(str, range(risk.frequency.most))) + "}"
    losses = _one_loss(risk, trial, entity, severity, which)
    return f"SUMPRODUCT(({happens}<1-POISSON({which},{rate},TRUE))*{losses})"


def _one_loss(
    risk: Quantified, trial: str, entity: str, cells: Sequence[str], which: str = "0"
) -> str:
    uniform = cell_formula(trial, var=str(SEVERITY), entity=entity, time=which)
    function = "LOGINV" if isinstance(risk.severity, Lognormal) else "BETAINV"
    return f"{function}({uniform},{','.join(cells)})"


def _weighted(counters: Sequence[str], weights: Sequence[int]) -> str:
    terms = zip(counters, weights, strict=True)
    return "+".join(f"{counter}*{weight}" for counter, weight in terms if counter != "0")


def _spread(weighted: str, modulus: int, spread: tuple[int, int]) -> str:
    factor, start = spread
    return f"MOD({draws.NUMERATOR},MOD({weighted},{modulus})*{factor}+{start})"
