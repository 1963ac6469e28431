"""What a change leaves in the trail."""

from __future__ import annotations

from data.codec import canonical
from data.records import RECORD, Document, differences, folded

STEPS: list[Document] = [
    {"cost": 1, "text": "a"},
    {"cost": 1.0, "text": "a"},
    {"cost": True, "text": "a"},
    {"cost": None, "text": "b", "more": [1, {"x": 2}]},
]


def test_the_trail_folds_to_the_bytes_of_each_version_also_where_numbers_are_equal() -> None:
    entries: list[tuple[Document | None, Document | None]] = []
    before: Document = {}
    for step in STEPS:
        old, new = differences(before, step)
        entries.append(({RECORD: old}, {RECORD: new}))
        assert canonical(folded(entries)) == canonical(step)
        before = step
