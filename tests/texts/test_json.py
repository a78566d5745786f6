"""JSON, strictly, with the place of every mistake."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import Json
from reconciler.texts.json import read_json
from reconciler.texts.json_nodes import JsonNodes
from reconciler.texts.reading import MAX_BYTES, MAX_LEVELS, MAX_MISTAKES, MAX_PARTS


@pytest.mark.parametrize(
    "text", ["null", '"a"', " [1, 2.5, true] ", '{"a": {"a": [{"b": ":"}]}, "\\"": 1}', "{}", "[]", '"\\ud83d\\ude00"']
)
def test_json_in_order_reads_as_it_is(text: str) -> None:
    reading = read_json(text.encode())
    assert (reading.value, reading.mistakes) == (msgspec.json.decode(text), ())
    assert JsonNodes(text).value() == reading.value


def test_a_byte_order_mark_is_tolerated() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}').value == {"a": 1}


def test_integers_are_exact() -> None:
    assert read_json(b"[9007199254740993, -%d]" % 10**400).value == [9007199254740993, -(10**400)]


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ('{"a": 1,\n "a": 2}', "duplicate-key", (2, 2)),
        ('{"a": 1, "\\u0061": 2}', "duplicate-key", (1, 10)),
        ('{"a": NaN}', "scalar", (1, 7)),
        ("[1,\n-Infinity]", "scalar", (2, 1)),
        ("1e999", "scalar", (1, 1)),
        ("[" + "1" * 4301 + "]", "scalar", (1, 2)),
        ("[1,]", "syntax", (1, 4)),
        ('{"a": 1,}', "syntax", (1, 9)),
        ("[1] x", "syntax", (1, 5)),
        ("[1", "syntax", (1, 3)),
        ("[1}", "syntax", (1, 3)),
        ("]", "syntax", (1, 1)),
        ("{1: 2}", "syntax", (1, 2)),
        ('{"a" 1}', "syntax", (1, 6)),
        ("[1 2]", "syntax", (1, 4)),
        ("['a']", "syntax", (1, 2)),
        ("[True]", "syntax", (1, 2)),
        ("[1] // why", "syntax", (1, 5)),
        ('["a\nb"]', "syntax", (1, 2)),
        ('["a', "syntax", (1, 2)),
        ('["\\x"]', "escape", (1, 2)),
        ('["\\ud800"]', "escape", (1, 2)),
        ("01", "syntax", (1, 2)),
        ("", "empty", (1, 1)),
        (" \n", "empty", (2, 1)),
        ("[" * (MAX_LEVELS + 1) + "]" * (MAX_LEVELS + 1), "too-deep", (1, MAX_LEVELS + 1)),
        ("[" * 100_000, "too-deep", (1, MAX_LEVELS + 1)),
    ],
)
def test_a_mistake_has_its_place(text: str, code: str, position: tuple[int, int]) -> None:
    (mistake,) = read_json(text.encode()).mistakes
    assert (mistake.code, (mistake.line, mistake.column)) == (code, position)
    assert mistake.hint


def test_every_mistake_is_told() -> None:
    reading = read_json(b'{"a": NaN, "a": 1e999, "b": {"c": 1, "c": "\\x"}}')
    assert [mistake.code for mistake in reading.mistakes] == ["scalar", "duplicate-key", "scalar", "duplicate-key", "escape"]
    assert reading.value == {"a": None, "b": {"c": "\\x"}}


def test_mistakes_are_told_up_to_a_hundred() -> None:
    assert len(read_json(b"[" + b"NaN, " * 1000 + b"1]").mistakes) == MAX_MISTAKES


def test_the_deepest_that_is_read() -> None:
    assert read_json(b"[" * MAX_LEVELS + b"]" * MAX_LEVELS).mistakes == ()


@pytest.mark.parametrize("text", ['{"a": 1', '{"a": 1,\n // why\n "b": 2}', '{"a": 1} x'])
def test_a_text_that_cannot_be_read_to_its_end_has_no_value(text: str) -> None:
    """Half a value would be told to lack what stands in the other half."""
    assert read_json(text.encode()).value is None


@pytest.mark.parametrize("item", [b"1", b"[]", b'{"a":1}'])
def test_more_parts_than_a_spec_can_need_are_refused_where_the_rest_begins(item: bytes) -> None:
    tokens = sum(item.count(token) for token in (b"1", b'"a"', b"[", b"]", b"{", b"}"))
    most = (MAX_PARTS - 2) // tokens
    assert read_json(b"[" + b",".join([item] * most) + b"]").mistakes == ()
    (mistake,) = read_json(b"[" + b",".join([item] * (most + 1)) + b"]").mistakes
    assert (mistake.code, mistake.line) == ("too-large", 1)
    assert mistake.column > most * len(item)


@pytest.mark.parametrize("data", [b"\xff", b'{"\xe9": 1}', b" " * (MAX_BYTES + 1)])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    assert [mistake.code for mistake in read_json(data).mistakes] in (["encoding"], ["too-large"])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_both_ways_read_what_was_written(value: Json) -> None:
    text = msgspec.json.encode(value)
    reading = read_json(text)
    assert (reading.value, reading.mistakes) == (value, ())
    nodes = JsonNodes(text.decode())
    assert (nodes.value(), nodes.mistakes) == (value, [])


@given(st.binary(max_size=200) | st.text(alphabet='[]{}:,"\\ue1-.nulltrf \n', max_size=30).map(str.encode))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    reading = read_json(data)
    try:
        assert reading.value == msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        assert reading.mistakes
