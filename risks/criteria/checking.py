"""What makes criteria whole: nothing missing, nothing that falls where it has to rise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from data.errors import Invalid
from risks.criteria.scale import SIZE, Criteria, Names

LANGUAGES = ("sq", "sr", "en")
LONGEST = 200  # characters of a name
# Who may bear a risk, from the lower to the higher: the roles that decide on acceptances.
ACCEPTORS = ("unit_head", "manager")
MOST_REVIEW_DAYS = 731
MOST_DAYS = 366  # for which a risk is accepted, or anything is late
_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")


def checked(criteria: Criteria) -> Criteria:
    """The criteria, or Invalid with what is wrong with them.

    Scales have five steps; chances rise from 0 to 1 without gap; levels never fall as likelihood or
    impact rises; the higher a level, the oftener it is reviewed and the higher the role that may
    accept it, the highest nobody; every name is there in every language.
    """
    _check_shape(criteria)
    _check_chances(criteria)
    _check_matrix(criteria)
    _check_levels(criteria)
    _check_days(criteria)
    _check_names(criteria)
    return criteria


def check_follows(new: Criteria, old: Criteria) -> None:
    """Levels keep their codes and their order from one version to the next, else Invalid: past
    assessments and what is said of appetite name them. New ones may come between.
    """
    known = [level.code for level in old.levels]
    kept = [level.code for level in new.levels if level.code in known]
    if kept != known:
        lost = [level.names for level in old.levels if level.code not in kept]
        raise Invalid("risks.criteria.refused.drops_levels", levels=lost or known)


def _check_shape(criteria: Criteria) -> None:
    rows = (criteria.likelihood, criteria.matrix, *criteria.matrix)
    steps = tuple(one.steps for one in criteria.dimensions)
    if any(len(each) != SIZE for each in (*rows, *steps)) or not criteria.dimensions:
        raise Invalid("risks.criteria.refused.size", size=SIZE)
    if not _are_codes([one.code for one in criteria.dimensions]):
        raise Invalid("risks.criteria.refused.dimensions")
    is_whole = all(_within(one.review_days, 1, MOST_REVIEW_DAYS) for one in criteria.levels)
    if len(criteria.levels) < 2 or not _are_codes([one.code for one in criteria.levels]):
        is_whole = False
    if not is_whole:
        raise Invalid("risks.criteria.refused.levels")


def _check_chances(criteria: Criteria) -> None:
    edges = [step.low for step in criteria.likelihood] + [criteria.likelihood[-1].high]
    meets = all(one.high == following.low for one, following in pairwise(criteria.likelihood))
    rises = all(one < following for one, following in pairwise(edges))
    if not (meets and rises and edges[0] == 0 and edges[-1] == 1):
        raise Invalid("risks.criteria.refused.chances")


def _check_matrix(criteria: Criteria) -> None:
    ranks = [[criteria.rank(level) for level in row] for row in criteria.matrix]
    columns = [list(column) for column in zip(*ranks, strict=True)]
    if any(each != sorted(each) for each in (*ranks, *columns)):
        raise Invalid("risks.criteria.refused.falls")


def _check_levels(criteria: Criteria) -> None:
    days = [level.review_days for level in criteria.levels]
    if days != sorted(days, reverse=True):
        raise Invalid("risks.criteria.refused.reviews")
    roles = [level.accepted_by for level in criteria.levels]
    if roles[-1] is not None:
        raise Invalid("risks.criteria.refused.highest", level=criteria.levels[-1].names)
    order = (*ACCEPTORS, None)
    if any(role not in order for role in roles):
        raise Invalid("risks.criteria.refused.acceptors")
    ranks = [order.index(role) for role in roles]
    if ranks != sorted(ranks):
        raise Invalid("risks.criteria.refused.acceptors")


def _check_days(criteria: Criteria) -> None:
    late = (criteria.late_review_days, criteria.late_treatment_days)
    is_whole = all(_within(days, 0, MOST_DAYS) for days in late)
    if not (is_whole and _within(criteria.acceptance_days, 1, MOST_DAYS)):
        raise Invalid("risks.criteria.refused.days", most=MOST_DAYS)


def _check_names(criteria: Criteria) -> None:
    for names in _all_names(criteria):
        if any(not names.get(language, "").strip() for language in LANGUAGES):
            raise Invalid("risks.criteria.refused.names")
        if any(len(text) > LONGEST for text in names.values()):
            raise Invalid("risks.criteria.refused.long_names", longest=LONGEST)


def _all_names(criteria: Criteria) -> Iterable[Names]:
    yield from (one.names for one in criteria.likelihood)
    yield from (one.names for one in criteria.levels)
    yield from (one.names for one in criteria.dimensions)
    yield from (step for one in criteria.dimensions for step in one.steps)


def _are_codes(codes: Sequence[str]) -> bool:
    return len(set(codes)) == len(codes) and all(_CODE.fullmatch(code) for code in codes)


def _within(days: int, least: int, most: int) -> bool:
    return type(days) is int and least <= days <= most
