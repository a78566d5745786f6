from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sources.answers.jsonpath import MISSING, Complex, Reply, at, look_up, parse
from reconciler.sources.evidence import Assumptions

BODY = {"a": {"b": [{"c": 1}, None]}, "x y": 2, "n": None, "it's": 3, "0": 4, "naïve": 5, "page-info": 6}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", BODY),
        ("$.a.b[0].c", 1),
        ("a.b[0].c", 1),
        (" $.a['b'][1] ", None),
        ("$['x y']", 2),
        ('$["x y"]', 2),
        (r"$['it\'s']", 3),
        ("$.n", None),
        ("$.0", 4),
        ("$.naïve", 5),
        ("$.page-info", 6),
        ("$.a.b[ 0 ]", {"c": 1}),
    ],
)
def test_a_path_leads_to_one_value(path: str, value: object) -> None:
    assert at(BODY, path) == value


@pytest.mark.parametrize("path", ["$.b", "$.a.b[2]", "$.a[0]", "$.n.x", "$[0]", "b", "$.a.b.c"])
def test_a_path_that_leads_nowhere_is_missing_and_not_null(path: str) -> None:
    assert at(BODY, path) is MISSING


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            " ",
            "$.",
            "$..a",
            "$.a[*]",
            "$.*",
            "$.a[0:2]",
            "$.a[?(@.b)]",
            "$.a[-1]",
            "$.a[0",
            "$.a]",
            "$a",
            "$.a b",
            "$['a','b']",
        ),
        *(".a", "a..b", "$.a.length()", "$['a", "$.a[0]b", "@.a", "$." + "a" * 2_000),
    ],
)
def test_anything_else_is_complex(path: str) -> None:
    with pytest.raises(Complex):
        parse(path)


@given(st.text(max_size=40))
def test_any_text_is_parsed_or_complex(text: str) -> None:
    try:
        parse(text)
    except Complex:
        return


def test_a_header_is_found_whatever_its_case() -> None:
    reply = Reply({"x-pagecount": "3"}, {"headers": {"b": 1}})
    assert [
        look_up(text, reply, Assumptions()) for text in ("headers.x-pagecount", "Headers.X-PageCount", " headers.x-pagecount ")
    ] == ["3"] * 3
    assert look_up("headers.x-other", reply, Assumptions()) is MISSING
    assert look_up("$.headers.b", reply, Assumptions()) == 1


def test_a_path_without_a_dollar_relies_on_the_row_of_the_table() -> None:
    for path, relies in (("a", True), ("$.a", False), (" $", False)):
        assumed = Assumptions()
        look_up(path, Reply({}, BODY), assumed)
        assert ("path.without-dollar" in assumed.used) is relies
