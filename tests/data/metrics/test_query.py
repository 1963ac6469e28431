from __future__ import annotations

import json
from dataclasses import replace

import pytest

from data.metrics.query import Form, Join, Query
from tests.data.metrics.questions import BACKLOG, PERIODS, REPRINTED


@pytest.mark.parametrize("query", [*PERIODS, BACKLOG])
def test_a_query_survives_json(query: Query) -> None:
    again = Query.from_json(json.loads(json.dumps(query.to_json())))
    assert again == query
    assert again.content_hash == query.content_hash


def test_the_hash_follows_the_content() -> None:
    hashes = {query.content_hash for query in (*PERIODS, BACKLOG)}
    hashes |= {replace(BACKLOG, due=None).content_hash, replace(BACKLOG, joins=()).content_hash}
    assert len(hashes) == len(PERIODS) + 2


def test_the_order_in_which_a_join_is_written_does_not_matter() -> None:
    one, other = Join("x", {"a": "b", "c": "d"}), Join("x", {"c": "d", "a": "b"})
    hashes = {replace(REPRINTED, joins=(join,)).content_hash for join in (one, other)}
    assert len(hashes) == 1


def test_an_unknown_entry_is_an_error() -> None:
    with pytest.raises(TypeError):
        Query.from_json({"contract": "x", "form": Form.RATIO, "nonsense": 1})
