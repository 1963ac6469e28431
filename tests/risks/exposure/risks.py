"""Risks to simulate in tests."""

from __future__ import annotations

from hypothesis import strategies as st

from risks.exposure import Bernoulli, Lognormal, Pert, Poisson, Quantified
from risks.exposure.frequency import Frequency
from risks.exposure.severity import Severity

LAW = Lognormal(100_000, 1_000_000)


def bernoulli(number: int, chance: float, severity: Severity = LAW) -> Quantified:
    return Quantified(number, Bernoulli(chance), severity)


def poisson(number: int, rate: float, severity: Severity = LAW) -> Quantified:
    return Quantified(number, Poisson(rate), severity)


frequencies: st.SearchStrategy[Frequency] = st.one_of(
    st.builds(Bernoulli, st.floats(0, 1)), st.builds(Poisson, st.floats(0, 5))
)
severities: st.SearchStrategy[Severity] = st.one_of(
    st.builds(
        lambda low, times: Lognormal(low, low * times), st.floats(1, 1e6), st.floats(1.1, 1e3)
    ),
    st.builds(
        lambda least, up, more: Pert(least, least + up, least + up + more),
        st.floats(0, 1e6),
        st.floats(0, 1e6),
        st.floats(1, 1e6),
    ),
)
registers = st.lists(
    st.builds(Quantified, st.integers(1, 9_999), frequencies, severities),
    min_size=1,
    max_size=6,
    unique_by=lambda risk: risk.number,
)
