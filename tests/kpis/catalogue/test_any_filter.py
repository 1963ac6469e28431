"""Values, lineage and rows of every KPI agree, whatever is asked."""

from __future__ import annotations

import numpy as np
import pytest

from tests.kpis.any_filter import Question, agrees, parts_are_the_whole
from tests.kpis.catalogue.conftest import CUTS, EXTRACTS, LINES, Story

EVENTS = (len(CUTS) + 1) * len(EXTRACTS)


ASKED = 2


@pytest.mark.parametrize("code", list(LINES))
def test_everything_said_of_a_value_agrees(story: Story, code: str) -> None:
    random = np.random.default_rng([*code.encode()])
    questions = [Question.any(random, EVENTS) for _ in range(ASKED)]
    for question in questions:
        agrees(story.workspace, code, question)


@pytest.mark.parametrize("code", list(LINES))
def test_the_parts_of_what_was_counted_are_the_whole(story: Story, code: str) -> None:
    random = np.random.default_rng([1, *code.encode()])
    parts_are_the_whole(story.workspace, code, Question.any(random, EVENTS))
