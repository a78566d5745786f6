"""Files changed in place: the lines of the values change, and no others."""

from __future__ import annotations

import json
from collections.abc import Callable
from difflib import unified_diff
from typing import Any

import pytest

from reconciler.texts.in_place.rewrite import CannotChange, rewrite
from reconciler.texts.locate import Syntax
from reconciler.texts.yaml import read_yaml

TEXT = """\
# At the top: what this file is.
kind: ConnectionSpec   # the kind
key: "a-b"


spec:
    # Above the name.
    name: 'Odd  name'    # after the name
    "quoted key": "value"   # keys in quotes
    limit: &limit "500"
    again: *limit

    flow: {a: 1,   b: [x,y , z], c: {}}  # spaced as it is
    over: [
      one,   # the first
      two,
    ]
    list:
    - one

    # Before two.
    - two # after two
    -   name: first
        v: 1
        # Between.
        text: |
            lines
              that are indented

    - - p
      - q
    empty:
    folded: >-
        one
        line
    block: &block
        # Inside.
        k1: v1   # after k1


        k2:
            deep: {x: 1}
    copy: *block
# Before the last.
last: 1.0 # after the last
"""


FLOW = "    flow: {a: 1,   b: [x,y , z], c: {}}  # spaced as it is"


def changed(change: Callable[[Any], object], text: str = TEXT, syntax: Syntax = Syntax.YAML) -> list[str]:
    """The lines that go and come when what a text says is changed like this."""
    wanted = read_yaml(text.encode()).value
    wanted = json.loads(json.dumps(wanted))
    change(wanted)
    after = rewrite(text.encode(), syntax, wanted).decode()
    return [
        line
        for line in list(unified_diff(text.split("\n"), after.split("\n"), n=0, lineterm=""))[2:]
        if not line.startswith("@@")
    ]


def spec(**values: Any) -> Callable[[Any], object]:
    return lambda document: document["spec"].update(values)


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (spec(name="New"), ["-    name: 'Odd  name'    # after the name", "+    name: 'New'    # after the name"]),
        (
            spec(**{"quoted key": "x"}),
            ['-    "quoted key": "value"   # keys in quotes', '+    "quoted key": "x"   # keys in quotes'],
        ),
        (lambda document: document.update(last=2), ["-last: 1.0 # after the last", "+last: 2 # after the last"]),
        (
            lambda document: document["spec"]["flow"].update(a=2, d="new"),
            [f"-{FLOW}", "+" + FLOW.replace("a: 1", "a: 2").replace("{}", "{},   d: new")],
        ),
        (
            lambda document: document["spec"]["flow"]["b"].remove("y"),
            [f"-{FLOW}", "+" + FLOW.replace("x,y ,", "x ,")],
        ),
        (lambda document: document["spec"]["list"][2].update(v=2), ["-        v: 1", "+        v: 2"]),
        (
            lambda document: document["spec"]["list"][2].update(v=[1, {"a": 2}]),
            ["-        v: 1", "+        v:", "+        - 1", "+        - a: 2"],
        ),
        (lambda document: document["spec"]["list"].remove("two"), ["-    # Before two.", "-    - two # after two"]),
        (lambda document: document["spec"]["list"].insert(1, "three"), ["+    - three"]),
        (lambda document: document["spec"]["list"][2].pop("name"), ["-    -   name: first", "-        v: 1", "+    -   v: 1"]),
        (spec(empty="x"), ["-    empty:", "+    empty: x"]),
        (spec(empty={"a": {"b": 1}}), ["+        a:", "+            b: 1"]),
        (spec(folded="one line more"), ["+        more"]),
        (spec(folded="one\nline\n"), ["-    folded: >-", "+    folded: >", "+"]),
        (spec(folded=" one\nline"), ["-    folded: >-", "-        one", "-        line", '+    folded: " one\\nline"']),
        (spec(new=True), ["+    new: true"]),
        (lambda document: document["spec"].pop("empty"), ["-    empty:"]),
    ],
)
def test_only_the_lines_of_the_value_change(change: Callable[[Any], object], lines: list[str]) -> None:
    assert sorted(changed(change)) == sorted(lines)


def test_what_says_it_already_is_the_same_bytes() -> None:
    data = TEXT.replace("\n", "\r\n").encode()
    assert rewrite(data, Syntax.YAML, dict(reversed(read_yaml(data).value.items()))) is data


def test_an_alias_is_written_out_only_where_it_means_another_value_now() -> None:
    assert changed(spec(limit="100")) == [
        '-    limit: &limit "500"',
        "-    again: *limit",
        '+    limit: &limit "100"',
        '+    again: "500"',
    ]
    assert changed(spec(limit="100", again="100")) == ['-    limit: &limit "500"', '+    limit: &limit "100"']
    assert changed(spec(again="100")) == ["-    again: *limit", '+    again: "100"']


def test_a_change_inside_of_an_anchor_leaves_its_copy_as_it_was() -> None:
    lines = changed(lambda document: document["spec"]["block"]["k2"]["deep"].update(x=2))
    assert lines[:3] == ["-            deep: {x: 1}", "-    copy: *block", "+            deep: {x: 2}"]
    assert lines[3:] == ["+    copy:", "+        k1: v1", "+        k2:", "+            deep:", "+                x: 1"]


def test_a_change_of_both_an_anchor_and_its_copy_is_one_change() -> None:
    def both(document: Any) -> None:
        document["spec"]["block"]["k1"] = document["spec"]["copy"]["k1"] = "v2"

    assert changed(both) == ["-        k1: v1   # after k1", "+        k1: v2   # after k1"]


def test_an_anchor_that_goes_takes_no_alias_with_it() -> None:
    lines = changed(lambda document: document["spec"].pop("limit"))
    assert lines == ['-    limit: &limit "500"', "-    again: *limit", '+    again: "500"']


def test_line_breaks_and_a_byte_order_mark_stay() -> None:
    data = "\ufeffa: 1\r\nb:\r\n  - x # c\r\n".encode()
    assert (
        rewrite(data, Syntax.YAML, {"a": {"z": 1}, "b": ["x", "z"]})
        == "\ufeffa:\r\n  z: 1\r\nb:\r\n  - x # c\r\n  - z\r\n".encode()
    )


def test_a_text_without_a_line_break_at_its_end_gets_none() -> None:
    assert rewrite(b"a: 1\nb: 2", Syntax.YAML, {"a": 1, "b": 3, "c": 4}) == b"a: 1\nb: 3\nc: 4"
    assert rewrite(b"a: 1", Syntax.YAML, {"a": "x\n"}) == b"a: |\n  x\n"


def test_json_keeps_its_order_and_its_indentation() -> None:
    text = '{\n    "b": 1,\n    "a": {"x": [1, 2]},\n    "list": [\n        "one"\n    ]\n}\n'
    wanted = {"a": {"x": [1, 3]}, "b": 10**30, "list": ["one", {"k": {}}], "new": {"z": []}}
    assert rewrite(text.encode(), Syntax.JSON, wanted).decode() == (
        '{\n    "b": 1000000000000000000000000000000,\n    "a": {"x": [1, 3]},\n    "list": [\n        "one",\n'
        '        {\n            "k": {}\n        }\n    ],\n    "new": {\n        "z": []\n    }\n}\n'
    )


def test_json_in_one_line_stays_in_one_line() -> None:
    assert rewrite(b'{"a":1,"b":[1]}', Syntax.JSON, {"b": [1, {"c": 2}]}) == b'{"b":[1,{"c":2}]}'


def test_yaml_that_is_json_stays_json() -> None:
    assert rewrite(b'{"a": 1}', Syntax.YAML, {"a": "\u2028\U0001f600"}) == '{"a": "\\u2028\U0001f600"}'.encode()


def test_json_that_escapes_goes_on_escaping() -> None:
    assert rewrite(b'{"a": "\\u00e9"}', Syntax.JSON, {"a": "\u00e9", "b": "\u00fc"}) == b'{"a": "\\u00e9", "b": "\\u00fc"}'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("[1]", {"a": 1}), ("\xff", {})],
    ids=["no mapping", "another text"],
)
def test_what_cannot_be_changed_in_place_is_refused(text: str, wanted: dict[str, Any]) -> None:
    with pytest.raises(CannotChange):
        rewrite(text.encode("latin-1"), Syntax.YAML, wanted)


def test_what_no_single_entry_of_can_be_changed_is_changed_whole() -> None:
    assert rewrite(b"a: [b: 1, c]\n", Syntax.YAML, {"a": [{"b": 2}, "c"]}) == b"a:\n  - b: 2\n  - c\n"


EXPLICIT = """\
? a # of a
# between
: 1 # one
? b
:
  c: 2 # two
d: 3
"""


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        ({"a": 5, "b": {"c": 2}, "d": 3}, ["-: 1 # one", "+: 5 # one"]),
        ({"a": 1, "b": {"c": 9}, "d": 3}, ["-  c: 2 # two", "+  c: 9 # two"]),
        ({"a": 1, "b": {"c": 2, "e": 1}, "d": 3}, ["+  e: 1"]),
        ({"a": 1, "b": {"c": 2}, "d": 3, "e": 1}, ["+e: 1"]),
        ({"a": 1, "d": 3}, ["-? b", "-:", "-  c: 2 # two"]),
        ({"a": [1, {"x": 2}], "b": {"c": 2}, "d": 3}, ["-: 1 # one", "+: # one", "+  - 1", "+  - x: 2"]),
    ],
)
def test_keys_behind_question_marks_stay_what_they_are(wanted: dict[str, Any], lines: list[str]) -> None:
    def change(document: Any) -> None:
        document.clear()
        document.update(wanted)

    assert changed(change, EXPLICIT) == lines


FOUR = """\
spec:
    name: 'A'
    lists:
    -   x: 1
    nested:
        deep: true
"""


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        ({"text": "one\ntwo\n"}, ["+    text: |", "+        one", "+        two"]),
        ({"more": {"a": {"b": 1}}}, ["+    more:", "+        a:", "+            b: 1"]),
        ({"items": [{"a": 1, "b": [{"c": 2}]}]}, ["+    items:", "+    -   a: 1", "+        b:", "+        -   c: 2"]),
        ({"quoted": "yes"}, ["+    quoted: 'yes'"]),
        ({"plain": "word"}, ["+    plain: 'word'"]),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_new_is_written_as_the_file_is(new: dict[str, Any], lines: list[str]) -> None:
    assert changed(spec(**new), FOUR) == lines


@pytest.mark.parametrize(("list_", "width"), [("list:\n    - a\n", 4), ("list:\n- a\n", 2), ("list:\n  - a\nk:\n    m: 1\n", 4)])
def test_what_is_new_is_indented_as_lists_are_where_there_are_no_mappings(list_: str, width: int) -> None:
    wanted = {**read_yaml(list_.encode()).value, "new": {"deep": 1}, "text": "one\ntwo\n"}
    pad = " " * width
    expected = f"{list_}new:\n{pad}deep: 1\ntext: |\n{pad}one\n{pad}two\n"
    assert rewrite(list_.encode(), Syntax.YAML, wanted).decode() == expected


@pytest.mark.parametrize(
    ("text", "item", "after"),
    [
        ("a: ['x', 'y']\n", "z", "a: ['x', 'y', 'z']\n"),
        ('a: ["x", y]\n', "z", 'a: ["x", y, z]\n'),
        ("a: ['x', y]\n", "no", "a: ['x', y, 'no']\n"),
        ("a:\n- 'x'\n", "z", "a:\n- 'x'\n- 'z'\n"),
        ('a:\n- "x"\n- 1\n', "1.0", 'a:\n- "x"\n- 1\n- "1.0"\n'),
        ("a:\n- x\n", "no", 'a:\n- x\n- "no"\n'),
        ("a:\n- 'x'\n", "a\u00a0b", "a:\n- 'x'\n- \"a\\_b\"\n"),
    ],
)
def test_a_text_stands_in_the_quotes_of_its_neighbours(text: str, item: str, after: str) -> None:
    document = read_yaml(text.encode()).value
    wanted = {"a": [*document["a"], item]}
    assert rewrite(text.encode(), Syntax.YAML, wanted).decode() == after


@pytest.mark.parametrize(
    ("text", "wanted", "after"),
    [
        (
            "# Above.\nold: {x: 1,  c: [2]} # beside\nb: 1\n",
            {"new": {"x": 1, "c": [2]}, "b": 1},
            "# Above.\nnew: {x: 1,  c: [2]} # beside\nb: 1\n",
        ),
        ("a: 1\n'old': |\n  lines\nb: 2\n", {"a": 1, "new key": "lines\n", "b": 2}, "a: 1\n'new key': |\n  lines\nb: 2\n"),
        ('f: {"old": &x 1, b: *x}\n', {"f": {"no": 1, "b": 1}}, 'f: {"no": &x 1, b: *x}\n'),
        ("&k old: 1\nb: *k\n", {"new": 1, "b": "old"}, "&k new: 1\nb: old\n"),
        ("? old\n: - 1\nb: 1\n", {"new": [1], "b": 1}, "? new\n: - 1\nb: 1\n"),
        ("old: 1\nb: 2\n", {"b": 2, "new": 1}, "b: 2\nnew: 1\n"),
    ],
    ids=["in brackets", "over lines", "with an anchor", "an anchored key", "behind a question mark", "elsewhere"],
)
def test_a_key_with_another_name_keeps_what_is_under_it_as_it_is_written(text: str, wanted: dict[str, Any], after: str) -> None:
    assert rewrite(text.encode(), Syntax.YAML, wanted).decode() == after


def test_a_key_of_json_with_another_name_keeps_what_is_under_it_as_it_is_written() -> None:
    text = b'{"old": [1,2,  3],\n "b": {}}'
    assert rewrite(text, Syntax.JSON, {"new": [1, 2, 3], "b": {}}) == text.replace(b"old", b"new")


@pytest.mark.parametrize(
    ("text", "after"),
    [("{a: 'x'}", "{a: 'z'}"), ('{a: "x"}', '{a: "z"}'), ("{a: x}", "{a: z}"), ("['x']", "['z']")],
)
def test_a_text_in_brackets_keeps_its_quotes(text: str, after: str) -> None:
    wanted = {"k": json.loads(json.dumps(read_yaml(text.encode()).value).replace("x", "z"))}
    assert rewrite(f"k: {text}\n".encode(), Syntax.YAML, wanted).decode() == f"k: {after}\n"


ITEMS = """\
list:
  # Above a.
  # Twice.
  - a # beside a
  - b

  # Above c.
  - name: c # beside c
    # Inside c.
    v:   1
  # Above d.
  - d
end: 1
"""
C = ["  # Above c.", "  - name: c # beside c", "    # Inside c.", "    v:   1"]


def lines_of(wanted: list[Any]) -> list[str]:
    """The lines of the list, once its items stand in this order."""
    after = rewrite(ITEMS.encode(), Syntax.YAML, {"list": wanted, "end": 1}).decode()
    return after.removeprefix("list:\n").removesuffix("end: 1\n").rstrip("\n").split("\n")


def test_an_item_that_moved_takes_its_comments_along() -> None:
    c = {"name": "c", "v": 1}
    a = ["  # Above a.", "  # Twice.", "  - a # beside a"]
    assert lines_of(["b", "a", c, "d"]) == ["  - b", *a, "", *C, "  # Above d.", "  - d"]
    assert lines_of([c, "a", "b", "d"]) == [*C, *a, "  - b", "", "  # Above d.", "  - d"]
    assert lines_of(["d", "a", "b", c])[:2] == ["  # Above d.", "  - d"]


def test_a_new_first_item_takes_no_comment_of_the_one_behind_it() -> None:
    assert lines_of(["new", "a", "b", {"name": "c", "v": 1}, "d"])[:4] == [
        "  - new",
        "  # Above a.",
        "  # Twice.",
        "  - a # beside a",
    ]


def test_an_item_that_moved_in_brackets_stays_as_it_is_written() -> None:
    text = b"a: [{x:   1}, b, c]\n"
    assert rewrite(text, Syntax.YAML, {"a": ["b", "c", {"x": 1}]}) == b"a: [b, c, {x:   1}]\n"
    text = b'{"a": [{"x":   1}, "b", "c"]}'
    assert rewrite(text, Syntax.JSON, {"a": ["b", "c", {"x": 1}]}) == b'{"a": ["b", "c", {"x":   1}]}'
