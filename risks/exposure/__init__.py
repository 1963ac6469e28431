"""What the register may cost in a year: quantified risks, simulated years, curves, treatments.

Pure: figures in, figures out; EUR and years throughout. Draws come from a generator that a
worksheet cell computes too, see `worksheet`.
"""

from risks.exposure.curves import ExceedancePoint, exceedance, losses_to_draw
from risks.exposure.estimates import (
    LEVELS,
    Estimate,
    Percentile,
    expected_shortfall,
    mean,
    percentile,
)
from risks.exposure.frequency import Bernoulli, FrequencyKind, Poisson
from risks.exposure.quantified import Quantified, chance_of_any, expected_loss
from risks.exposure.severity import Lognormal, Pert, SeverityKind
from risks.exposure.simulation import TRIALS, Simulation, simulate
from risks.exposure.tolerance import (
    Compared,
    Span,
    Tolerance,
    ToleranceVerdict,
    compare,
    spans_above,
)
from risks.exposure.treatment import (
    Cost,
    Effect,
    Payoff,
    TailEffect,
    Treatment,
    effect,
    effect_between,
    tail_effect,
    treated,
)

__all__ = [
    "LEVELS",
    "TRIALS",
    "Bernoulli",
    "Compared",
    "Cost",
    "Effect",
    "Estimate",
    "ExceedancePoint",
    "FrequencyKind",
    "Lognormal",
    "Payoff",
    "Percentile",
    "Pert",
    "Poisson",
    "Quantified",
    "SeverityKind",
    "Simulation",
    "Span",
    "TailEffect",
    "Tolerance",
    "ToleranceVerdict",
    "Treatment",
    "chance_of_any",
    "compare",
    "effect",
    "effect_between",
    "exceedance",
    "expected_loss",
    "expected_shortfall",
    "losses_to_draw",
    "mean",
    "percentile",
    "simulate",
    "spans_above",
    "tail_effect",
    "treated",
]
