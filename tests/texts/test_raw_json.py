from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import NotJson, decode, encode
from reconciler.texts.raw_json import compact_members, elements, members


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


@given(
    st.lists(
        st.tuples(
            st.sampled_from(['"a"', '"b"', '"\\u0061"', '"\xe9"', '""']), st.sampled_from(["1", '{"x": 1}', "nul", '"\\ud800"'])
        )
    ),
    st.sampled_from(["", " ", "\n"]),
)
def test_compact_members_are_those_of_the_object_or_none(entries: list[tuple[str, str]], space: str) -> None:
    text = "{" + ",".join(f"{key}{space}:{value}" for key, value in entries) + "}"
    found = compact_members(text.encode())
    if found is not None:
        assert [(key, bytes(value)) for key, value in found.items()] == members(text.encode())


def test_compact_members_are_those_of_every_object_as_we_write_it() -> None:
    value = {"a": 1, "b": {"a": [1, {"b": 2}]}, "": None}
    found = compact_members(encode(value))
    assert found is not None
    assert {key: decode(bytes(text)) for key, text in found.items()} == value
    assert compact_members(b"{}") == {}


@pytest.mark.parametrize("text", [b"[]", b"1", b"", b"{", b'{"a":1,"a":1}', b'{"a": 1}', b'{"\\u0061":1}', b" {}", b'{"\xff":1}'])
def test_other_texts_have_no_compact_members(text: bytes) -> None:
    assert compact_members(text) is None
