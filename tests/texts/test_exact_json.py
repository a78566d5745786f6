from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.canonical import digest, same
from reconciler.documents.json_text import NotJson, decode, encode, encode_readable, encode_sorted
from reconciler.documents.verbatim import Verbatim
from reconciler.texts.exact_json import MAX_LEVELS, decode_exact

SPELLINGS = [
    "1E5",
    "1e+5",
    "1.10",
    "-0",
    "-0.0",
    "1e400",
    "-1e999",
    "9" * 5000,
    "123456789012345678901234567890",
    "1.0",
    "5e-324",
]


@pytest.mark.parametrize("number", SPELLINGS)
def test_a_number_goes_back_as_it_is_spelled(number: str) -> None:
    text = f'{{"a":[{number}],"b":{{"c":{number}}}}}'.encode()
    assert encode(decode_exact(text)) == text
    assert encode_sorted(decode_exact(text)) == text


@pytest.mark.parametrize(("one", "other"), [("1E5", "100000"), ("1.10", "1.1"), ("-0", "0"), ("1.0", "1"), ("-0.0", "0")])
def test_a_number_means_the_same_however_it_is_spelled(one: str, other: str) -> None:
    first, second = decode_exact(one.encode()), decode(other)
    assert first == second
    assert same({"a": first}, {"a": second})
    assert digest({"a": first}) == digest({"a": second})


def test_numbers_that_no_double_holds_are_equal_only_to_their_own_text() -> None:
    huge = decode_exact(b"1e400")
    assert same(huge, decode_exact(b"1e400"))
    assert not same(huge, decode_exact(b"1e500"))
    assert not same(huge, "1e400")


@pytest.mark.parametrize(
    "text",
    [
        rb'{"name":"half \ud83d","\udc00":[1.10]}',
        b'{"a":{"x":1,"x":2},"b":1}',
        b'{"a":' + b"[" * 3000 + b"]" * 3000 + b',"b":1}',
        b'{"a":' + b'{"n":' * 3000 + b"1" + b"}" * 3000 + b',"b":1}',
    ],
    ids=["half a pair", "a key twice", "3000 lists", "3000 objects"],
)
def test_what_is_hard_to_read_goes_back_as_it_came(text: bytes) -> None:
    assert encode(decode_exact(text)) == text


def test_a_key_that_is_there_twice_leaves_what_is_around_it_readable() -> None:
    found = decode_exact(b'{"a": {"x": 1, "x": 2}, "b": {"c": "x:y", "d": [1.5, {}]}}')
    assert found == {"a": Verbatim('{"x": 1, "x": 2}'), "b": {"c": "x:y", "d": [1.5, {}]}}


def test_white_space_and_levels_alone_do_not_make_a_text_hard_to_read() -> None:
    wide = b"[" + b", ".join([b"[ [ ] ]"] * 400) + b"]"
    assert decode_exact(wide) == [[[]]] * 400
    deep = b"[" * MAX_LEVELS + b"]" * MAX_LEVELS
    assert "Verbatim" not in repr(decode_exact(deep))


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[1,]", b"[1 2]", b'{"a" 1}', b'{"a":}', b"{1:2}", b'{"a":1,}', b"[}", b"]", b"NaN", b"01", b'"\x01"', b'"\\ud8"',
     b"[1]]", b"1 2", b'{"a":"\\ud83d"', b'["\\ud83d", nul]', b'"\xff"', b'["\\ud83d" : 1]', b'{"\\ud83d"}', b'{"\\ud83d":1:2}'],
)  # fmt: skip
def test_what_is_not_json_is_refused(text: bytes) -> None:
    with pytest.raises(NotJson):
        decode_exact(text)


def test_a_copy_keeps_the_spelling() -> None:
    value = decode_exact(b'{"a":1E5,"b":1e400}')
    assert encode(copy.deepcopy(value)) == b'{"a":1E5,"b":1e400}'


def test_a_report_shows_what_cannot_be_read_as_text_that_any_reader_takes() -> None:
    value = decode_exact(rb'{"half":"\ud83d","\udc00":1,"huge":1e400,"twice":{"x":1,"x":"\ud83d"},"number":1.10}')
    assert decode(encode_readable(value)) == {
        "half": "\\ud83d",
        "\\udc00": 1,
        "huge": "1e400",
        "twice": r'{"x":1,"x":"\ud83d"}',
        "number": 1.1,
    }


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(), inner, max_size=6),
    max_leaves=20,
)


@given(json_values)
def test_ordinary_values_are_read_as_ever(value: object) -> None:
    text = encode(value)
    assert decode_exact(text) == decode(text)
    assert encode(decode_exact(text)) == text
    assert type(decode_exact(text)) is type(decode(text))
