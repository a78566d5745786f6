from __future__ import annotations

import pytest

from reconciler.documents.json_text import NotJson
from reconciler.texts.raw_json import elements, members


def test_the_items_of_a_list_are_their_texts_whatever_is_in_them() -> None:
    text = rb' [ {"a": "x,]}\"", "b": [1, {"c": 2}]} , "\ud83d", null, 1e400,nul ] '
    assert elements(text) == [rb'{"a": "x,]}\"", "b": [1, {"c": 2}]}', rb'"\ud83d"', b"null", b"1e400", b"nul"]
    assert elements(b"[]") == []
    assert elements(b"[" + b"[" * 3000 + b"]" * 3000 + b"]") == [b"[" * 3000 + b"]" * 3000]


def test_the_members_of_an_object_are_all_there() -> None:
    text = b'{"id": "a:b", "id" : "c", "\\u006eame":{"x":"y"}, "\\ud8": [1,2], "\xff":1}'
    assert members(text) == [("id", b'"a:b"'), ("id", b'"c"'), ("name", b'{"x":"y"}'), ('"\\ud8"', b"[1,2]"), ('"\\xff"', b"1")]
    assert members(b" {} ") == []


@pytest.mark.parametrize("text", [b"", b"{", b"[1", b'["a]', b"[1]]", b"[1] 2", b"[}", b"]", b"{]", b"[1][2]", b'"a"', b"1"])
def test_what_is_cut_off_or_does_not_fit_is_refused(text: bytes) -> None:
    with pytest.raises(NotJson):
        elements(text)
    with pytest.raises(NotJson):
        members(text)
