"""YAML 1.2 as JSON values, and everything that is refused."""

import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from reconciler.documents.json_text import Json
from reconciler.texts.reading import MAX_BYTES, MAX_LEVELS, MAX_MISTAKES, MAX_PARTS, Mistake
from reconciler.texts.yaml import MAX_EXPANSION, build, pure_events, read_yaml
from tests.texts.documents import json_objects, yaml_scraps


def value_of(text: str | bytes) -> Json:
    reading = read_yaml(text.encode() if isinstance(text, str) else text)
    assert reading.mistakes == ()
    return reading.value


def mistakes_in(text: str | bytes) -> tuple[Mistake, ...]:
    mistakes = read_yaml(text.encode() if isinstance(text, str) else text).mistakes
    assert mistakes
    return mistakes


def only_mistake(text: str | bytes) -> Mistake:
    (mistake,) = mistakes_in(text)
    return mistake


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("~", None),
        ("true", True),
        ("False", False),
        ("no", "no"),
        ("on", "on"),
        ("22:22", "22:22"),
        ("2024-01-15", "2024-01-15"),
        ("1_000", "1_000"),
        ("=", "="),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("0755", 755),
        ("0o755", 493),
        ("0xff", 255),
        ("0b11", "0b11"),
        ("1e3", 1000.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("-.5e-1", -0.05),
        (".", "."),
        ("+a", "+a"),
        ("1.0.0", "1.0.0"),
        ("9007199254740993", 9007199254740993),
        ("1" * 4300, int("1" * 4300)),
        ("'1'", "1"),
        ('"null"', "null"),
        ("!!str 1", "1"),
        ("! 1", "1"),
        ("!!int 1", 1),
        ("!!float 1", 1.0),
        ("!!float 1.5", 1.5),
        ("!!bool true", True),
        ('!!null ""', ""),
        ("!!null", None),
        ("!!int '7'", 7),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_a_scalar_means_what_the_core_schema_says(text: str, value: Json) -> None:
    if text == '!!null ""':
        assert only_mistake(f"v: {text}").code == "tag"
        return
    read = value_of(f"v: {text}")["v"]
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize(
    "scalar",
    [
        ".nan",
        ".inf",
        "-.Inf",
        "1e999",
        "9" * 4301,
        "0x" + "f" * 3501,
    ],
)
def test_a_scalar_that_json_has_not_is_refused_where_it_stands(scalar: str) -> None:
    mistake = only_mistake(f"a: 1\nv: {scalar}\n")
    assert (mistake.code, mistake.line, mistake.column) == ("scalar", 2, 4)


@pytest.mark.parametrize(
    "scalar", ["!!int x", "!!float true", "!!bool 1", "!!null x", "!foo x", "!!timestamp x", "!!python/object:os.system x"]
)
def test_a_tag_that_json_has_not_is_to_be_removed(scalar: str) -> None:
    mistake = only_mistake(f"a: 1\nv: {scalar}\n")
    assert (mistake.code, mistake.line, mistake.column) == ("tag", 2, 4)
    assert mistake.hint.startswith("remove the tag")


def test_a_float_tag_on_an_integer_that_no_float_holds_is_refused() -> None:
    assert only_mistake("v: !!float 1" + "0" * 400).code == "scalar"


def test_keys_are_taken_by_their_text() -> None:
    assert value_of("1: a\n~: b\n'no': c\ntrue: d\n'': e\n") == {"1": "a", "~": "b", "no": "c", "true": "d", "": "e"}


def test_json_is_yaml() -> None:
    assert value_of('{"a":1, "b":[true, {"c":"\\u00e9\\n"}], "d":{}}') == {"a": 1, "b": [True, {"c": "é\n"}], "d": {}}


def test_an_anchor_gives_its_value_again() -> None:
    assert value_of("a: &x {k: [1]}\nb: *x\nc: &s text\nd: *s\n&k e: 1\nf: *k\n") == {
        "a": {"k": [1]},
        "b": {"k": [1]},
        "c": "text",
        "d": "text",
        "e": 1,
        "f": "e",
    }


def test_a_byte_order_mark_is_not_part_of_the_text() -> None:
    assert value_of(b"\xef\xbb\xbfa: 1") == {"a": 1}


@pytest.mark.parametrize("head", ["%YAML 1.2\n---\n", "# why\n\n%YAML 1.2 # x\n---\n", "---\n", "# only a comment\n"])
def test_a_head_that_says_1_2_or_nothing_is_read(head: str) -> None:
    assert value_of(head + "a: no\n") == {"a": "no"}


@pytest.mark.parametrize("directive", ["%YAML 1.1", "%YAML 1.3", "%TAG ! tag:example.com,2000:", "%FOO bar"])
def test_another_directive_is_refused(directive: str) -> None:
    mistake = only_mistake(f"# c\n{directive}\n---\na: 1\n")
    assert (mistake.code, mistake.line, mistake.column) == ("directive", 2, 1)


def test_every_duplicate_key_is_told() -> None:
    found = [(mistake.code, mistake.line, mistake.column) for mistake in mistakes_in("a: 1\nb: {c: 1, c: 2}\na: 2\n")]
    assert found == [("duplicate-key", 2, 11), ("duplicate-key", 3, 1)]


def test_a_text_with_mistakes_still_has_a_value_to_look_into() -> None:
    assert read_yaml(b"a: 1\na: 2\nb: .nan\n").value == {"a": 2, "b": ".nan"}


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("a: {<<: 1}", "merge-key", (1, 5)),
        ("a: 1\n---\nb: 2\n", "documents", (2, 1)),
        ("", "empty", (1, 1)),
        ("# nothing\n", "empty", (2, 1)),
        ("a:\n\tb: 1\n", "tab", (2, 1)),
        ("a: |\n\tb\n", "tab", (2, 1)),
        ("a: [1\n", "syntax", (2, 1)),
        ("a: b: c\n", "syntax", (1, 5)),
        ('a: "\\ud800"', "syntax", (1, 7)),
        ("a: @b\n", "syntax", (1, 4)),
        ("? [a]\n: 1\n", "key", (1, 3)),
        ("? {a: b}\n: 1\n", "key", (1, 3)),
        ("!!int 1: a\n", "tag", (1, 1)),
        ("a: !!set {x}\n", "tag", (1, 4)),
        ("a: !foo [x]\n", "tag", (1, 4)),
        ("a: !!map [x]\n", "tag", (1, 4)),
        ("a: &x [*x]\n", "alias", (1, 8)),
        ("a: *x\n", "alias", (1, 4)),
        ("a: &x b\n*x : 1\n", "alias", (2, 1)),
        ("é: \x00\n", "encoding", (1, 4)),
        ("a: '\x1b'\n", "encoding", (1, 5)),
        ("a: '\u2028'\n", "encoding", (1, 5)),
        ("a: 1\nb: '\x85'\n", "encoding", (2, 5)),
        ("a: 1\r\nb: '\ufffe'\n", "encoding", (2, 5)),
        (b"a: 1\nb\xc3\xa9: \xff\n", "encoding", (2, 5)),
        ("a: b".encode("utf-16"), "encoding", (1, 1)),
    ],
)
def test_what_json_has_not_is_refused_with_its_place(text: str | bytes, code: str, position: tuple[int, int]) -> None:
    mistake = only_mistake(text)
    assert (mistake.code, (mistake.line, mistake.column)) == (code, position)
    assert mistake.hint


def test_half_a_surrogate_pair_has_its_own_hint() -> None:
    assert "surrogate" in only_mistake('a: "\\ud83d\\ude00"').hint


@pytest.mark.parametrize("head", ["# a line of a long licence\r\n", "\r\n", "  # x\r\n"])
def test_a_long_head_with_windows_line_breaks_is_read_in_one_go(head: str) -> None:
    """Each such line used to double the time of looking for a directive below it."""
    assert value_of(head * 5_000 + "a: 1\r\n") == {"a": 1}


def test_more_parts_than_a_spec_can_need_are_refused_where_the_rest_begins() -> None:
    mistake = only_mistake("- a\n" * (MAX_PARTS + 1))
    assert (mistake.code, mistake.line, mistake.column) == ("too-large", MAX_PARTS - 2, 3)


def test_lines_are_counted_as_yaml_counts_them() -> None:
    assert only_mistake('a: "\x0b"\n\tb: 1\n').line == 1
    assert only_mistake("a: b\n\tb: 1\n").code == "tab"


def test_quoted_arrows_are_an_ordinary_key() -> None:
    assert value_of('"<<": 1') == {"<<": 1}


def test_a_text_over_the_size_is_not_even_parsed() -> None:
    assert only_mistake(b"#" * (MAX_BYTES + 1)).code == "too-large"


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- ", "? "])
def test_a_hundred_thousand_levels_do_not_crash(bracket: str) -> None:
    assert mistakes_in(bracket * 100_000)[0].code in {"too-deep", "key", "syntax"}


def test_the_deepest_that_is_read() -> None:
    value_of("[" * MAX_LEVELS + "]" * MAX_LEVELS)
    mistake = only_mistake("[" * (MAX_LEVELS + 1) + "]" * (MAX_LEVELS + 1))
    assert (mistake.code, mistake.column) == ("too-deep", MAX_LEVELS + 1)


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]" for n in range(1, 12)]
    assert only_mistake("\n".join(lines)).code == "alias"


def test_a_long_text_by_alias_counts_for_its_length() -> None:
    text = "a: &a " + "x" * 1_000_000 + "\nb: [" + ", ".join(["*a"] * (MAX_EXPANSION * 50 // 1_000_000 + 1)) + "]\n"
    assert only_mistake(text).code == "alias"


def test_levels_by_alias_count_too() -> None:
    lines = ["a0: &a0 [[[x]]]"] + [f"a{n}: &a{n} {{k: [*a{n - 1}]}}" for n in range(1, 150)]
    assert only_mistake("\n".join(lines)).code == "too-deep"


def test_an_anchor_may_be_used_anew() -> None:
    assert value_of("a: &x 1\nb: *x\nc: &x [2]\nd: *x\n") == {"a": 1, "b": 1, "c": [2], "d": [2]}


def test_a_list_in_an_anchored_list_is_measured_once_and_counted_each_time() -> None:
    lines = ["a: &a [" + "x, " * 3_000 + "]", "b: &b [*a, *a]", "c: [" + "*b, " * 16 + "]"]
    assert only_mistake("\n".join(lines)).line == 3


def test_mistakes_are_told_up_to_a_hundred() -> None:
    assert len(mistakes_in("a: 1\n" * 1000)) == MAX_MISTAKES


def test_the_outermost_keys_have_their_places() -> None:
    assert read_yaml(b"# c\nkind: A\nspec:\n  kind: x\n").top == {"kind": (2, 1), "spec": (3, 1)}


@given(json_objects)
def test_a_document_reads_the_same_from_json_written_with_escapes(value: dict[str, Json]) -> None:
    text = msgspec.json.encode(value).decode()
    escaped = "".join(c if " " <= c <= "~" else f"\\U{ord(c):08x}" for c in text)
    assert value_of(escaped) == value


@given(json_objects)
def test_a_document_reads_the_same_from_yaml(value: dict[str, Json]) -> None:
    written = io.BytesIO()
    yaml = YAML(typ="rt", pure=True)
    yaml.allow_unicode = False
    yaml.width = 1_000_000  # the writer folds escapes wrongly
    yaml.dump(value, written)
    assert value_of(written.getvalue()) == value


@given(st.binary(max_size=200))
def test_random_bytes_never_raise(data: bytes) -> None:
    read_yaml(data)


@given(yaml_scraps)
def test_scraps_of_yaml_are_read_or_refused_with_a_place_in_the_text(text: str) -> None:
    for mistake in read_yaml(text.encode()).mistakes:
        assert 1 <= mistake.line <= text.count("\n") + 2
        assert mistake.column >= 1


@given(json_objects)
def test_the_pure_parser_gives_the_same(value: dict[str, Json]) -> None:
    text = msgspec.json.encode(value).decode()
    escaped = "".join(c if " " <= c <= "~" else f"\\U{ord(c):08x}" for c in text)
    assert build(pure_events(escaped.encode()), escaped).value == value


@given(yaml_scraps)
def test_the_pure_parser_never_raises(text: str) -> None:
    build(pure_events(text.encode()), text)


def test_a_bracket_that_is_not_closed_has_a_hint_of_its_own() -> None:
    (mistake,) = read_yaml(b"spec: {name: a\nkind: b\n").mistakes
    assert mistake.hint == "close the { or [ opened above, or add a comma between its entries"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('a: 1\nb: "one\nc: 2\n', (2, 4)),
        ("a: 'one\nb: 2\n", (1, 4)),
        ('a: "one\nb: a "nice" list\nc: 3\n', (1, 4)),
        ("a: 'one\nb: 2\nc: it's\n", (1, 4)),
        ('a: ["x, y]\nb: 1\n', (1, 5)),
        ('a: "x\\"\nb: "y"\n', (1, 4)),
        ('- "one\n- "two"\n', (1, 3)),
        ('"a: 1\nb: "c"\n', (1, 1)),
        ('a: "b\n  c"\nd: "e\nf: "g"\n', (3, 4)),
    ],
)
def test_an_unclosed_quote_is_reported_where_it_opens(text: str, place: tuple[int, int]) -> None:
    (mistake,) = read_yaml(text.encode()).mistakes
    assert (mistake.line, mistake.column) == place
    assert "this quote is not closed on its line" in mistake.message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('a: "b\n  c"\nd: [1\ne: 2\n', (4, 2)),
        ('a: "b\n  c"\nd: "e" f\n', (3, 8)),
        ('a: "b" c\n', (1, 8)),
        ("a: it's\nb: 'c'd\n", (2, 7)),
        ("a: 'it''s\n  fine'\nb: [1\n", (4, 1)),
    ],
)
def test_a_quote_that_is_closed_is_not_blamed(text: str, place: tuple[int, int]) -> None:
    (mistake,) = read_yaml(text.encode()).mistakes
    assert (mistake.line, mistake.column) == place
    assert "quote" not in mistake.message
