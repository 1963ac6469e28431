"""The generator draws what is published, wherever it is asked, and draws well."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risks.exposure.draws import LARGEST, MOST_COUNTER, SMALLEST, draws
from tests.risks.exposure.published import published

TRIALS = [
    0.30000695597846061, 0.67499572376254946, 0.59884038858581334, 0.98922140349168330,
    0.84254225564654917, 0.51487968524452299, 0.77276995277497917, 0.33072483108844608,
    0.29704009892884642, 0.71950439678039402,
]  # fmt: skip
TRIALS_AND_VARS = [
    0.053218575776554644, 0.243460569414310157, 0.745142751489765942,
    0.994623701670207083, 0.324652930605225265,
]  # fmt: skip
ENTITY_383 = [
    0.677989144227467477, 0.043021414545364678, 0.452998373773880303,
    0.209166418411768973, 0.693993013002909720,
]  # fmt: skip
counters = st.integers(0, MOST_COUNTER)


def test_the_published_draws() -> None:
    """rHDR of the R package rmetalog, to all digits."""
    assert draws(np.arange(1, 11), var=0).tolist() == TRIALS
    pairs = np.arange(1, 11).reshape(5, 2)
    assert draws(pairs[:, 0], var=pairs[:, 1]).tolist() == TRIALS_AND_VARS
    assert draws(np.arange(1, 6), var=7, entity=383).tolist() == ENTITY_383


@given(counters, counters, counters, counters, counters)
def test_every_draw_is_exact(trial: int, var: int, entity: int, time: int, agent: int) -> None:
    drawn = draws(trial, var=var, entity=entity, time=time, agent=agent)
    assert float(drawn) == published(trial, var, entity, time, agent)
    assert SMALLEST <= drawn <= LARGEST


def test_counters_are_broadcast_against_each_other() -> None:
    table = draws(np.arange(1, 4)[:, None], var=1, entity=np.arange(5))
    assert table.tolist() == [[published(t, 1, e) for e in range(5)] for t in (1, 2, 3)]


@pytest.mark.parametrize("counter", [-1, MOST_COUNTER + 1])
def test_counters_beyond_exactness_are_a_bug(counter: int) -> None:
    with pytest.raises(ValueError, match="counters run"):
        draws(1, var=1, entity=counter)


def test_draws_are_even_and_streams_apart() -> None:
    """200 risks with two variables and two events: each stream even, no two go together.

    The limits are those that 800 fair streams break less than once in a hundred times.
    """
    trials = 10_000
    streams = np.stack(
        [
            draws(np.arange(1, trials + 1), var=var, entity=entity, time=time)
            for entity in range(1, 201)
            for var in (1, 2)
            for time in (0, 1)
        ]
    )
    means = (streams.mean(axis=1) - 0.5) * np.sqrt(12 * trials)
    assert np.abs(means).max() < 4.5
    tenths = np.stack([np.bincount((each * 10).astype(int), minlength=10) for each in streams])
    chi_squared = ((tenths - trials / 10) ** 2 / (trials / 10)).sum(axis=1)
    assert chi_squared.max() < 36
    together = np.corrcoef(streams) - np.eye(len(streams))
    assert np.abs(together).max() * np.sqrt(trials) < 5.5
