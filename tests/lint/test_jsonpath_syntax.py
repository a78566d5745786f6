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
        ("data[0]", "it does not begin with $", "$.data[0]"),
        ("[0].id", "it does not begin with $", "$[0].id"),
        ("/data/items", "it does not begin with $", "$.data.items"),
        ("next page", "it does not begin with $", "$['next page']"),
        ("$.data[", "the [ of character 7 is not closed", "$.data[*]"),
        ("$.data[0", "the [ of character 7 is not closed", "$.data[0]"),
        ("$.data[?(@.x==1", "the ( of character 9 is not closed", "$.data[?(@.x==1)]"),
        ("$.data[?(@.x==1)", "the [ of character 7 is not closed", "$.data[?(@.x==1)]"),
        ("$.data[?(@.x==1]", "the ( of character 9 is not closed before the ] of character 16", "$.data[?(@.x==1)]"),
        ("$.data[?(@['x'==1)]", "the [ of character 11 is not closed before the ) of character 18", "$.data[?(@['x']==1)]"),
        ("$.data[0.id", "the [ of character 7 is not closed", "$.data[0].id"),
        ("$.data['a', 'b'.id", "the [ of character 7 is not closed", "$.data['a', 'b'].id"),
        ("$.data['user].id", "the quote ' of character 8 is not closed", "$.data['user'].id"),
        ("$.data[?((@.x==1)]", "the ( of character 9 is not closed before the ] of character 18", "$.data[?((@.x==1))]"),
        ("$.data[?@.x==1)]", "the ) of character 15 closes nothing", "$.data[?@.x==1]"),
        ("$.data]", "the ] of character 7 closes nothing", "$.data"),
        ("$.data[0]]", "the ] of character 10 closes nothing", "$.data[0]"),
        ("$.data)", "the ) of character 7 closes nothing", "$.data"),
        ("$.sum($.a", "the ( of character 6 is not closed", "$.sum($.a)"),
        ("$.data['user]", "the quote ' of character 8 is not closed", "$.data['user']"),
        ('$.data["user', 'the quote " of character 8 is not closed', '$.data["user"]'),
        ("$.data[?(@.x=='1)]", "the quote ' of character 15 is not closed", "$.data[?(@.x=='1')]"),
        ("$.data[]", "nothing stands in the [ ] of character 7", "$.data[*]"),
        ("$.data[?()]", "nothing stands in the [ ] of character 7", "$.data[*]"),
        ("$.data[user-list]", "no name in quotes, number or filter stands in the [ ] of character 7", "$.data['user-list']"),
        ("$.data[a, 0,'b']", "no name in quotes, number or filter stands in the [ ] of character 7", None),
        ("$.data[a, 0]", "no name in quotes, number or filter stands in the [ ] of character 7", "$.data['a',0]"),
        ("$.data[0,]", "no name in quotes, number or filter stands in the [ ] of character 7", "$.data[0]"),
        ("$.data[@.x==1]", "no name in quotes, number or filter stands in the [ ] of character 7", "$.data[?(@.x==1)]"),
        ("$.data[@.length-1]", "no name in quotes, number or filter stands in the [ ] of character 7", "$.data[(@.length-1)]"),
        ("$.data.", "it ends with the . of character 7", "$.data"),
        ("$.", "it ends with the . of character 2", "$"),
        ("$.data..", "it ends with the . of character 8", "$.data"),
        ("$.data[0].", "it ends with the . of character 10", "$.data[0]"),
        ("$.user-list.x", "by RFC 9535 the name of character 3 stands in brackets and quotes", "$['user-list'].x"),
        ("$.a..user-list", "by RFC 9535 the name of character 6 stands in brackets and quotes", "$.a..['user-list']"),
        ("$.'a b'.c", "by RFC 9535 the name of character 3 stands in brackets and quotes", "$['a b'].c"),
        ("$.0.id", "by RFC 9535 the name of character 3 stands in brackets and quotes", "$[0].id"),
        ("$.it's", "by RFC 9535 the name of character 3 stands in brackets and quotes", "$['it\\'s']"),
        ("$.a.$ref", "by RFC 9535 the name of character 5 stands in brackets and quotes", "$.a['$ref']"),
        ("$data", "no dot stands before the name of character 2", "$.data"),
        ("$.a[0]b", "no dot stands before the name of character 7", "$.a[0].b"),
        ("$.a.$.b", "the $ of character 5 stands in the middle, and $ is the whole answer", "$.a.b"),
        ("$$.a", "the $ of character 2 stands in the middle, and $ is the whole answer", "$.a"),
        ("$.a.[0]", "no name stands behind the . of character 4", "$.a[0]"),
        ("$...a", "too many dots stand before the name of character 5", "$..a"),
        ("$...[0]", "no name stands behind the . of character 4", "$..[0]"),
    ],
)
def test_what_is_no_path_is_told_with_its_place_and_what_to_write(path: str, reason: str, instead: str | None) -> None:
    fault = fault_in(path)
    assert fault is not None
    assert (fault.reason, fault.instead) == (reason, instead)
    assert instead is None or fault_in(instead) is None


def test_a_path_with_many_faults_is_told_by_the_first_and_put_right_as_a_whole() -> None:
    fault = fault_in("data[?(@.x=='1].user-list[].")
    assert fault == Fault("it does not begin with $", "begin it with $", "$.data[?(@.x=='1')]['user-list'][*]")


def test_an_empty_path_has_nothing_to_put_right() -> None:
    assert fault_in("  ") == Fault("it is empty", "begin it with $, as in $.items")


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("$.data[", "write $.data[*]"),
        ("$.data['it's']", "close the quote ' of character 13 with another '"),
        ("$.data['a'b]", "write in the [ ] of character 7 a name in quotes, a number, or *"),
        ("$" + "[]" * 25, "write in the [ ] of character 2 a name in quotes, a number, or *"),
        (f"$.{'a' * 200}[", "close the [ of character 203 with ]"),
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
