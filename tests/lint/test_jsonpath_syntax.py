"""What is a JSONPath, and what is told of what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.lint.jsonpath_syntax import fault_in


@pytest.mark.parametrize(
    "path",
    [
        "$",
        "$.members",
        "$.a.b_c.d1",
        "$..items",
        "$..*",
        "$.*",
        "$..[0]",
        "$.Größe",
        "$[*]",
        "$[0]",
        "$[-1]",
        "$[1:3]",
        "$[::2]",
        "$[0,2]",
        "$['a.b']",
        '$["a]b"]',
        "$['it\\'s']",
        "$[ 'a' , 'b' ]",
        "$.a[?(@.x == 1)]",
        "$.a[?@.x == 1].b",
        "$.a[?(@['x'] == 'y]')]",
        "$.a[?((@.x > 1 && @.y < 2) || @.z)]",
        "$.a[?(@.name =~ /it's \\/ [a-z(]+/i)]",
        "$.a[?(@.b in ['x', 'y'])].c",
        "$.a[(@.length-1)]",
        "$.a.length()",
    ],
)
def test_a_path_is_in_order(path: str) -> None:
    assert fault_in(path) is None


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("data[0]", "begin it with $, as in $.items"),
        ("$.data[", "close the [ of character 7 with ]"),
        ("$.data[?(@.x==1]", "take out the ] of character 16, which closes nothing: first ) is to close the ( of character 9"),
        ("$.data[?(@.x=='1)]", "close the quote ' of character 15 with another '"),
        ("$.data]", "take out the ] of character 7, which closes nothing"),
        ("$.data[0", "close the [ of character 7 with ]"),
        (
            "$.data[]",
            "write between the brackets which entry is meant: [0], ['name'], [*], or a filter such as [?(@.type == 'user')]",
        ),
        (
            "$.data[?()]",
            "write between the brackets which entry is meant: [0], ['name'], [*], or a filter such as [?(@.type == 'user')]",
        ),
        ("$.data[user-list]", "write a name in quotes: ['user-list']"),
        ("$.data.", "write $.data"),
        ("$.", "write $"),
        ("$.data..", "write $.data"),
        ("$.user-list.x", "write $['user-list'].x"),
        ("$.a..user-list", "write $.a..['user-list']"),
        ("$.it's", "write $['it\\'s']"),
        ("$data", "write $['data']"),
        ("$.a.$.b", "write $.a['$'].b"),
        ("$.a.[0]", "write a name behind the dot of character 4, or take the dot out"),
        ("$...a", "write $..['a']"),
    ],
)
def test_what_is_no_path_is_told_with_what_to_write(path: str, hint: str) -> None:
    assert fault_in(path) == hint


@given(st.text("$.[]()'\"?@\\/=~a- *0,:", max_size=30))
def test_any_text_is_judged(text: str) -> None:
    hint = fault_in(f"${text}")
    assert hint is None or hint
