"""The status of an objective follows from its rule: every rule against every case by hand."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import ceil

import pytest

from data.errors import Invalid
from kpis.assessment import Status, StatusKind
from kpis.strategy.rule import Rule, RuleKind
from kpis.strategy.status import ObjectiveStatus, Why, status_of

SHORT = {
    "M": StatusKind.MET,
    "I": StatusKind.BEHIND_IMPROVING,
    "W": StatusKind.BEHIND_WORSENING,
    "N": StatusKind.NO_DATA,
    "S": StatusKind.STALE,
    "T": StatusKind.NO_TARGET,
}
ORDER = "ABCDE"


@dataclass(frozen=True)
class Row:
    code: str
    status: Status


def rows(letters: str) -> list[Row]:
    """A row a letter, named A, B, C ..."""
    return [Row(ORDER[n], Status(SHORT[letter])) for n, letter in enumerate(letters)]


def told(rule: Rule, letters: str) -> tuple[StatusKind, str]:
    found = status_of(rule, rows(letters))
    return found.kind, "".join(found.decided_by)


WORST = Rule()
TWO = Rule(kind=RuleKind.AT_LEAST, least=2)
HALF = Rule(kind=RuleKind.SHARE, share=0.5)
KEYS = Rule(kind=RuleKind.KEY, keys=("B", "C"))


@pytest.mark.parametrize(
    ("rule", "letters", "kind", "decided"),
    [
        (WORST, "MMM", "M", "ABC"),
        (WORST, "MIM", "I", "B"),
        (WORST, "WIW", "W", "AC"),
        (WORST, "MNM", "N", "B"),
        (WORST, "MSM", "S", "B"),
        (WORST, "NSM", "N", "AB"),
        (WORST, "NWM", "W", "B"),
        (WORST, "MTM", "M", "AC"),
        (WORST, "TT", "T", "AB"),
        (Rule(gaps=1), "MNM", "M", "AC"),
        (Rule(gaps=1), "MNN", "N", "BC"),
        (Rule(gaps=2), "NNN", "N", "ABC"),
        (TWO, "MMW", "M", "AB"),
        (TWO, "MWI", "I", "BC"),
        (TWO, "MWW", "W", "BC"),
        (TWO, "MNW", "N", "B"),
        (TWO, "NWW", "W", "BC"),
        (TWO, "MTT", "T", "BC"),
        (TWO, "MMN", "M", "AB"),
        (HALF, "MMWW", "M", "AB"),
        (HALF, "MMWWW", "W", "CDE"),
        (HALF, "MTW", "M", "A"),
        (KEYS, "WMM", "M", "BC"),
        (KEYS, "MMW", "W", "C"),
        (KEYS, "MM", "N", "C"),
    ],
)
def test_each_rule_decides_as_it_says(rule: Rule, letters: str, kind: str, decided: str) -> None:
    assert told(rule, letters) == (SHORT[kind], decided)


def test_without_a_kpi_there_is_no_data() -> None:
    assert status_of(WORST, []) == ObjectiveStatus(StatusKind.NO_DATA, Why.NO_KPI)


def test_what_is_missing_never_makes_it_met_nor_behind() -> None:
    """Whatever the missing values turn out to be, a verdict that was given would have stood."""
    for rule in (WORST, TWO, HALF):
        for letters in product("MWN", repeat=4):
            said = status_of(rule, rows("".join(letters))).kind
            filled = [
                status_of(rule, rows("".join(full))).kind
                for full in product(*("MW" if one == "N" else one for one in letters))
            ]
            if said is not StatusKind.NO_DATA:
                assert {one is StatusKind.MET for one in filled} == {said is StatusKind.MET}
            elif "N" in letters and "W" not in letters:
                assert len(set(filled)) > 1


def test_the_reason_carries_the_counts() -> None:
    found = status_of(HALF, rows("MNWWT"))
    assert (found.why, found.met, found.known, found.aimed) == (Why.TOO_LITTLE_DATA, 1, 3, 4)
    assert found.needed == ceil(4 / 2)


def test_a_share_needs_exactly_so_many() -> None:
    for tenths in range(1, 11):
        for judged in range(1, 40):
            rule = Rule(kind=RuleKind.SHARE, share=tenths / 10)
            assert rule.needed(judged) == max(1, -(-tenths * judged // 10))


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        (Rule(kind=RuleKind.KEY), "no_key"),
        (Rule(kind=RuleKind.KEY, keys=("A", "Z")), "key_unknown"),
        (Rule(kind=RuleKind.AT_LEAST, least=3), "least"),
        (Rule(kind=RuleKind.AT_LEAST, least=0), "least"),
        (Rule(kind=RuleKind.SHARE, share=0), "share"),
        (Rule(kind=RuleKind.SHARE, share=1.2), "share"),
        (Rule(gaps=2), "gaps"),
        (Rule(gaps=-1), "gaps"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(rule: Rule, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        rule.check(("A", "B"))
    assert refused.value.key == f"strategy.refused.{key}"
