"""What is a JSONPath, and what is told of what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.lint.body.jsonpath_syntax import Fault, fault_in, hint_for


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
        "$.a[?(@.b)].max()",
        "$.sum($.a, $.b[0])",
        "$.concat($.a, ' )')",
        "@.items",
        "$[?@.a == 'it''s)']",
        "$.a[?length(@.b) > 2 && !(@.c in ['[', \"(\"])].d",
        "$.a[?match(@.b, '[a-z](1)')]",
        "$.a[?(@.b =~ /[(]'/)]",
        "$.a [0] .b",
        "$.a[-2:-1:-1, 'b', *]",
        "$.a[1 : 5 : 2]",
        "$['@odata.nextLink']",
        "$.a[?@.b[?@.c == $.d[0]]]",
        " $.a ",
    ],
)
def test_a_path_is_in_order(path: str) -> None:
    assert fault_in(path) is None


@pytest.mark.parametrize(
    ("path", "reason", "instead"),
    [
        ("data[0]", "it does not start with $", "$.data[0]"),
        ("[0].id", "it does not start with $", "$[0].id"),
        ("/data/items", "it does not start with $", "$.data.items"),
        ("next page", "it does not start with $", "$['next page']"),
        ("$.data[", "the [ at character 7 is not closed", "$.data[*]"),
        ("$.data[0", "the [ at character 7 is not closed", "$.data[0]"),
        ("$.data[?(@.x==1", "the ( at character 9 is not closed", "$.data[?(@.x==1)]"),
        ("$.data[?(@.x==1)", "the [ at character 7 is not closed", "$.data[?(@.x==1)]"),
        ("$.data[?(@.x==1]", "the ( at character 9 is not closed before the ] at character 16", "$.data[?(@.x==1)]"),
        ("$.data[?(@['x'==1)]", "the [ at character 11 is not closed before the ) at character 18", "$.data[?(@['x']==1)]"),
        ("$.data[0.id", "the [ at character 7 is not closed", "$.data[0].id"),
        ("$.data['a', 'b'.id", "the [ at character 7 is not closed", "$.data['a', 'b'].id"),
        ("$.data['user].id", "the quote ' at character 8 is not closed", "$.data['user'].id"),
        ("$.data[?((@.x==1)]", "the ( at character 9 is not closed before the ] at character 18", "$.data[?((@.x==1))]"),
        ("$.data[?@.x==1)]", "the ) at character 15 has no opening bracket", "$.data[?@.x==1]"),
        ("$.data]", "the ] at character 7 has no opening bracket", "$.data"),
        ("$.data[0]]", "the ] at character 10 has no opening bracket", "$.data[0]"),
        ("$.data)", "the ) at character 7 has no opening bracket", "$.data"),
        ("$.sum($.a", "the ( at character 6 is not closed", "$.sum($.a)"),
        ("$.data['user]", "the quote ' at character 8 is not closed", "$.data['user']"),
        ('$.data["user', 'the quote " at character 8 is not closed', '$.data["user"]'),
        ("$.data[?(@.x=='1)]", "the quote ' at character 15 is not closed", "$.data[?(@.x=='1')]"),
        ("$.data[]", "the [ ] at character 7 is empty", "$.data[*]"),
        ("$.data[?()]", "the [ ] at character 7 is empty", "$.data[*]"),
        (
            "$.data[user-list]",
            "the [ ] at character 7 must contain a quoted name, a number, * or a filter",
            "$.data['user-list']",
        ),
        ("$.data[a, 0,'b']", "the [ ] at character 7 must contain a quoted name, a number, * or a filter", None),
        ("$.data[a, 0]", "the [ ] at character 7 must contain a quoted name, a number, * or a filter", "$.data['a',0]"),
        ("$.data[0,]", "the [ ] at character 7 must contain a quoted name, a number, * or a filter", "$.data[0]"),
        ("$.data[@.x==1]", "the [ ] at character 7 must contain a quoted name, a number, * or a filter", "$.data[?(@.x==1)]"),
        (
            "$.data[@.length-1]",
            "the [ ] at character 7 must contain a quoted name, a number, * or a filter",
            "$.data[(@.length-1)]",
        ),
        ("$.data.", "it ends with the . at character 7", "$.data"),
        ("$.", "it ends with the . at character 2", "$"),
        ("$.data..", "it ends with the . at character 8", "$.data"),
        ("$.data[0].", "it ends with the . at character 10", "$.data[0]"),
        ("$.user-list.x", "the name at character 3 must be quoted in brackets (RFC 9535)", "$['user-list'].x"),
        ("$.a..user-list", "the name at character 6 must be quoted in brackets (RFC 9535)", "$.a..['user-list']"),
        ("$.'a b'.c", "the name at character 3 must be quoted in brackets (RFC 9535)", "$['a b'].c"),
        ("$.0.id", "the name at character 3 must be quoted in brackets (RFC 9535)", "$[0].id"),
        ("$.it's", "the name at character 3 must be quoted in brackets (RFC 9535)", "$['it\\'s']"),
        ("$.a.$ref", "the name at character 5 must be quoted in brackets (RFC 9535)", "$.a['$ref']"),
        ("$data", "a dot is missing before the name at character 2", "$.data"),
        ("$.a[0]b", "a dot is missing before the name at character 7", "$.a[0].b"),
        ("$.a.$.b", "$ at character 5 is not at the start; $ is the whole response", "$.a.b"),
        ("$$.a", "$ at character 2 is not at the start; $ is the whole response", "$.a"),
        ("$.a.[0]", "no name follows the . at character 4", "$.a[0]"),
        ("$...a", "too many dots before the name at character 5", "$..a"),
        ("$...[0]", "no name follows the . at character 4", "$..[0]"),
    ],
)
def test_what_is_no_path_is_told_with_its_place_and_what_to_write(path: str, reason: str, instead: str | None) -> None:
    fault = fault_in(path)
    assert fault is not None
    assert (fault.reason, fault.instead) == (reason, instead)
    assert instead is None or fault_in(instead) is None


def test_a_path_with_many_faults_is_told_by_the_first_and_put_right_as_a_whole() -> None:
    fault = fault_in("data[?(@.x=='1].user-list[].")
    assert fault == Fault("it does not start with $", "start it with $", "$.data[?(@.x=='1')]['user-list'][*]")


def test_an_empty_path_has_nothing_to_put_right() -> None:
    assert fault_in("  ") == Fault("it is empty", "start it with $, as in $.items")


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("$.data[", "write $.data[*]"),
        ("$.data['it's']", "close the quote ' at character 13 with another '"),
        ("$.data['a'b]", "write a quoted name, a number or * in the [ ] at character 7"),
        ("$" + "[]" * 25, "write a quoted name, a number or * in the [ ] at character 2"),
        (f"$.{'a' * 200}[", "close the [ at character 203 with ]"),
    ],
)
def test_a_hint_is_the_path_to_write_or_where_it_is_too_long_or_not_known_the_step(path: str, hint: str) -> None:
    fault = fault_in(path)
    assert fault is not None
    assert hint_for(fault) == hint


def test_a_path_of_any_length_is_not_judged() -> None:
    assert fault_in("$[" * 1001) is None


@given(st.text("$.[]()'\"?@\\/=~a- *0,:", max_size=30))
def test_any_text_is_judged_and_what_is_proposed_is_in_order(text: str) -> None:
    for path in (f"${text}", text):
        fault = fault_in(path)
        assert fault is None or fault.instead is None or fault_in(fault.instead) is None


@given(st.lists(st.sampled_from([".a", "..b", "[0]", "[-1:]", "['x]']", "[?(@.a == 'b)')]", ".*", "[*]", ".size()"]), max_size=5))
def test_a_path_that_is_cut_off_is_told_or_still_one(steps: list[str]) -> None:
    path = "$" + "".join(steps)
    assert fault_in(path) is None
    for cut in (path.rstrip(character) for character in ")]'"):
        fault = fault_in(cut)
        assert (fault is None) is (cut == path)
