"""The heads by which a sheet that comes back is understood."""

from __future__ import annotations

import pytest

from data.language.languages import Language
from data.language.texts import Texts
from reports.register_columns import RiskColumn, TreatmentColumn, by_header


@pytest.mark.parametrize("columns", [RiskColumn, TreatmentColumn])
def test_a_head_names_one_column_in_whatever_language(
    columns: type[RiskColumn] | type[TreatmentColumn],
) -> None:
    known = by_header(columns)
    for language in Language:
        for one in columns:
            assert known[Texts(language).word(one).casefold()] is one
