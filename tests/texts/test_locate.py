"""Where in its text each key and value of a document stands."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments
from reconciler.texts.locate import Positions, Syntax, locate, locate_first, read_text
from reconciler.texts.reading import MAX_PARTS

YAML_TEXT = b"""\
kind: ConnectionSpec
spec:
  name: "MailChimp"
  list:
    - a
    - {b: 1, c: [x, y]}
  base: &base {k: 1}
  again: *base
"""
JSON_TEXT = b"""\
{
  "spec": {"name": "x",
    "list": ["a", {"b": 1}]}
}
"""


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ((), (1, 1)),
        (("kind",), (1, 1)),
        (("spec",), (2, 1)),
        (("spec", "name"), (3, 3)),
        (("spec", "list", "0"), (5, 7)),
        (("spec", "list", "1", "c", "1"), (6, 21)),
        (("spec", "base", "k"), (7, 16)),
        (("spec", "again"), (8, 3)),
    ],
)
def test_yaml_keys_and_values_have_their_places(path: Segments, position: tuple[int, int]) -> None:
    positions = locate(YAML_TEXT, Syntax.YAML)
    assert positions.of(path) == position


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ((), (1, 1)),
        (("spec",), (2, 3)),
        (("spec", "name"), (2, 12)),
        (("spec", "list", "1"), (3, 19)),
        (("spec", "list", "1", "b"), (3, 20)),
    ],
)
def test_json_keys_and_values_have_their_places(path: Segments, position: tuple[int, int]) -> None:
    positions = locate(JSON_TEXT, Syntax.JSON)
    assert positions.of(path) == position


@pytest.mark.parametrize("path", [("spec", "name", "x"), ("spec", "name", "x", "y")])
def test_what_is_not_there_is_at_its_nearest_parent(path: Segments) -> None:
    positions = locate(YAML_TEXT, Syntax.YAML)
    assert positions.of(path) == (3, 3)


def test_what_stands_in_an_alias_is_at_the_alias() -> None:
    assert locate(YAML_TEXT, Syntax.YAML).of(("spec", "again", "k")) == (8, 3)


def test_of_a_duplicate_key_the_first_counts() -> None:
    assert locate(b"a: 1\na: 2\n", Syntax.YAML).of(("a",)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "syntax"),
    [(b"a: 1\nb: [", Syntax.YAML), (b'{"a": 1,\n x', Syntax.JSON), (b"a: 1\nb: " + b"[" * 100_000, Syntax.YAML)],
)
def test_a_broken_text_has_the_places_before_the_break(text: bytes, syntax: Syntax) -> None:
    assert locate(text, syntax).of(("a",))[0] == 1


@pytest.mark.parametrize("text", [b"a: &x 1\n*x : 2\n", b"a: 1\n? [b]\n: 2\n", b"a: 1\n---\nb: 2\n", b"a: 1\n{b: c}: d\n"])
def test_what_no_reader_takes_is_in_no_place(text: bytes) -> None:
    positions = locate(text, Syntax.YAML)
    assert (positions.of(("a",)), positions.exactly(("b",))) == ((1, 1), None)


def test_the_mark_of_a_key_may_be_the_end_of_the_file() -> None:
    assert locate(b"a: 1\n?", Syntax.YAML).exactly(("",)) == (2, 2)


@pytest.mark.parametrize("syntax", list(Syntax))
def test_bytes_that_are_no_text_have_no_places(syntax: Syntax) -> None:
    assert locate(b"\xff", syntax).of(("a",)) == (1, 1)


@pytest.mark.parametrize("syntax", list(Syntax))
def test_places_are_written_down_up_to_the_parts_that_are_read(syntax: Syntax) -> None:
    text = b'{"a": 1, "b": [' + b"1," * (MAX_PARTS + 10) + b"1]}"
    positions = locate(text, syntax)
    assert (positions.of(("a",)), positions.of(("b", str(MAX_PARTS + 9)))) == ((1, 2), (1, 10))


json_objects = st.dictionaries(
    st.text(),
    st.recursive(
        st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_size=3,
)


@given(json_objects)
def test_each_key_is_found_where_it_stands(value: dict[str, Json]) -> None:
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    lines = text.split("\n")
    positions = locate(text.encode(), Syntax.JSON)
    check_keys(value, (), positions, lines)


def check_keys(value: Json, path: Segments, positions: Positions, lines: list[str]) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            check_keys(item, (*path, str(index)), positions, lines)
    if isinstance(value, dict):
        for key, item in value.items():
            line, column = positions.of((*path, key))
            assert lines[line - 1][column - 1 :].startswith(msgspec.json.encode(key).decode() + ":")
            check_keys(item, (*path, key), positions, lines)


def test_both_syntaxes_agree_on_json() -> None:
    yaml, json = locate(JSON_TEXT, Syntax.YAML), locate(JSON_TEXT, Syntax.JSON)
    for path in [("spec",), ("spec", "list", "1", "b"), ("spec", "list", "0")]:
        assert yaml.of(path) == json.of(path)


def all_paths(value: Json, path: Segments = ()) -> list[Segments]:
    named = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, item in named for found in all_paths(item, (*path, str(name))))]


def exact(text: bytes, paths: list[Segments]) -> tuple[int, int] | None:
    """The position of the first of these paths, by all positions of the document."""
    positions = locate(text, Syntax.YAML)
    return next((found for path in paths if path and (found := positions.exactly(path))), None)


@given(json_objects, st.data())
def test_the_first_of_several_paths_is_found_as_among_all_positions(value: dict[str, Json], data: st.DataObject) -> None:
    text = msgspec.json.format(msgspec.json.encode(value), indent=data.draw(st.sampled_from([0, 2])))
    there = st.sampled_from([*all_paths(value)[1:], ("nowhere",)])
    paths = data.draw(st.lists(there | there.map(lambda path: (*path, "x")), min_size=1, max_size=4))
    assert locate_first(text, Syntax.YAML, paths) == exact(text, paths)


BLOCKS = b"""\
# a comment
kind: &kind ConnectionSpec
"overlays":
  eu: {spec: {name: *kind}, list: []}
spec: !!map
  name: >-
    folded
    text
  list:
  - a
  -   - b
      - {c: 1}
  - d: 1
    e: |
      text
  ? f
  : [x, y: z]
  again: *kind
"""


def test_every_entry_in_any_style_is_found_alone() -> None:
    paths = all_paths(read_text(BLOCKS, Syntax.YAML).value)[1:]
    assert len(paths) > 20
    for path in paths:
        assert locate_first(BLOCKS, Syntax.YAML, [path]) == exact(BLOCKS, [path]) is not None


@pytest.mark.parametrize("text", [b"a: 1\nb: [", b"a: &x 1\n*x : b\n", b"\xff", b""])
def test_what_cannot_be_searched_is_left_to_all_positions(text: bytes) -> None:
    assert locate_first(text, Syntax.YAML, [("b", "c"), ("a",)]) is None
    assert locate_first(b'{"a": 1}', Syntax.JSON, [("a",)]) is None


@pytest.mark.parametrize(
    "key", [b"overlays", b'"\\u006fverlays"', b'? "over\\\n  lays"\n', b"? >-\n  overlays\n", b"? &x overlays\n"]
)
def test_a_key_is_found_before_others_however_it_is_written(key: bytes) -> None:
    text = b"a: 1\n" + key + b": {eu: 2}\n"
    assert locate_first(text, Syntax.YAML, [("overlays", "eu"), ("a",)]) == exact(text, [("overlays", "eu")]) is not None


def test_a_key_that_is_no_word_is_found_before_others_however_it_is_written() -> None:
    for text in (b"a: 1\n'it''s': 2\n", b"a: 1\n'it''s': &x\n", b"a: 1\n? it''s\n: 2\n"):
        assert locate_first(text, Syntax.YAML, [("it's",), ("a",)]) == exact(text, [("it's",), ("a",)]) is not None


def test_nothing_is_read_on_for_a_key_that_the_document_does_not_have() -> None:
    assert locate_first(b"a: 1\nb: [", Syntax.YAML, [("overlays", "eu"), ("a",)]) == (1, 1)
