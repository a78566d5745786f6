"""Expressions of Data Factory: a few are evaluated, and no other is guessed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sources.sending.expressions import Expression, Malformed, NotInterpreted, evaluated, parsed, parts

ZENDESK = "/search@{if(empty(coalesce(pipeline()?.parameters?.ingestionStart,'')),'?query=type:user&','')}"


def parameter(name: str) -> str | None:
    if name != "ingestionStart":
        raise NotInterpreted(f"the parameter '{name}' is not known")
    return None


def value(text: str, start: str | None = None) -> str:
    return "".join(
        part if isinstance(part, str) else evaluated(part, lambda name: parameter(name) or start) for part in parts(text)
    )


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (ZENDESK, "/search?query=type:user&"),
        ("@{'it''s'}", "it's"),
        ("a@{1}b@{2.5}c", "a1b2.5c"),
        ("@{null}", ""),
        ("@{-3}", "-3"),
        ("@{concat('a', 1, null, 'b')}", "a1b"),
        ("@{if(equals('a','a'),'same','other')}", "same"),
        ("@{if(equals(1,'1'),'same','other')}", "other"),
        ("@{if(equals(1,true),'same','other')}", "other"),
        ("@{if(not(false),'yes','no')}", "yes"),
        ("@{coalesce(null,'b','c')}", "b"),
        ("@{ IF ( TRUE , 'a}' , 'b' ) }", "a}"),
        ("@{if(empty(''),'e','')}", "e"),
        ("@@{x}", "@{x}"),
        ("me@acme.example", "me@acme.example"),
        ("", ""),
    ],
)
def test_a_known_expression_is_evaluated(text: str, result: str) -> None:
    assert value(text) == result


def test_the_start_of_a_run_decides() -> None:
    assert value(ZENDESK, "2024-01-01T00:00:00Z") == "/search"
    assert value("@{pipeline().parameters.ingestionStart}", "2024") == "2024"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("@{utcnow()}", "'utcnow' is not one of the functions if, empty, coalesce, equals, concat, not"),
        ("@{if(true,'a')}", "'if' has 2 arguments"),
        ("@{if(true,'a','b','c')}", "'if' has 4 arguments"),
        ("@{not()}", "'not' has 0 arguments"),
        ("@{not(true,true)}", "'not' has 2 arguments"),
        ("@{empty()}", "'empty' has 0 arguments"),
        ("@{empty('','')}", "'empty' has 2 arguments"),
        ("@{equals(1)}", "'equals' has 1 argument"),
        ("@{equals(1,1,1)}", "'equals' has 3 arguments"),
        ("@{concat()}", "'concat' has 0 arguments"),
        ("@{coalesce()}", "'coalesce' has 0 arguments"),
        ("@{empty('a')}", "its value is false, not a string"),
        ("@{if('true','a','b')}", "'if' needs true or false"),
        ("@{not(1)}", "'not' needs true or false"),
        ("@{empty(1)}", "'empty' needs a string"),
        ("@{concat(true)}", "'concat' needs strings"),
        ("@{pipeline()?.parameters?.other}", "the parameter 'other' is not known"),
        ("@{pipeline().runId}", "of pipeline() only the parameters are known"),
        ("@{pipeline()?.parameters?.}", "pipeline().parameters has no name of a parameter"),
        ("@{'a' 'b'}", "\"'b'\" follows a complete value"),
        ("@{}", "a value was expected at the end"),
        ("@{concat(,)}", "a value was expected instead of ','"),
        ("@{concat('a'", "it has no closing brace"),
        ("@{concat('a}", "it has no closing brace"),
        ("@{concat('a'}", "')' was expected at the end"),
        ("@{concat 'a'}", "'(' was expected instead of \"'a'\""),
        ("@{a$b}", "'$b' is not understood"),
        ("@{1x}", "'1x' is not understood"),
        ("@{" + "not(" * 40 + "true" + ")" * 40 + "}", "it is nested deeper than 30 calls"),
        ("@{'" + "a" * 5000 + "'}", "it is longer than 4,000 characters"),
        ("@{concat(" + ",".join("1" * 101) + ")}", "'concat' has 101 arguments"),
    ],
)
def test_anything_else_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(NotInterpreted) as refused:
        value(text)
    assert str(refused.value) == why


def test_an_expression_is_as_long_as_its_bound() -> None:
    assert len(value("@{'" + "a" * 3998 + "'}")) == 3998
    with pytest.raises(NotInterpreted, match="it is longer than 4,000 characters"):
        value("x" * 3000 + "@{'" + "a" * 3999 + "'}")
    with pytest.raises(NotInterpreted, match="it has no closing brace"):
        value("x" * 5000 + "@{'a'")


def test_a_long_expression_behind_any_text_is_as_long_as_its_bound() -> None:
    assert value("x" * 5000 + "@{'" + "a" * 3998 + "'}" + "y" * 5000) == "x" * 5000 + "a" * 3998 + "y" * 5000


def test_an_expression_that_has_no_end_is_malformed_up_to_the_bound_and_too_long_behind_it() -> None:
    for length, kind in ((4000, Malformed), (4001, NotInterpreted)):
        with pytest.raises(NotInterpreted) as refused:
            value("@{" + "1" * length)
        assert type(refused.value) is kind


def test_the_content_of_an_expression_has_the_same_bound() -> None:
    assert parsed(" " * 3999 + "1") == parsed("1")
    with pytest.raises(NotInterpreted, match="it is longer than 4,000 characters"):
        parsed(" " * 4000 + "1")


def test_calls_are_nested_as_deep_as_the_bound() -> None:
    def nested(depth: int) -> str:
        return "@{if(" + "not(" * (depth - 1) + "true" + ")" * (depth - 1) + ",'yes','no')}"

    assert (value(nested(29)), value(nested(30))) == ("yes", "no")
    with pytest.raises(NotInterpreted, match="it is nested deeper than 30 calls"):
        value(nested(31))
    assert value("@{if(true,'yes'," + "concat(" * 29 + "'no'" + ")" * 29 + ")}") == "yes"
    with pytest.raises(NotInterpreted, match="it is nested deeper than 30 calls"):
        value("@{if(true,'yes'," + "concat(" * 30 + "'no'" + ")" * 30 + ")}")


def test_a_function_has_as_many_arguments_as_its_bound() -> None:
    assert value("@{concat(" + ",".join("1" * 100) + ")}") == "1" * 100
    assert value("@{coalesce(" + ",".join(["null"] * 99) + ",'a')}") == "a"
    with pytest.raises(NotInterpreted, match="'coalesce' has 101 arguments"):
        value("@{coalesce(" + ",".join(["null"] * 101) + ")}")


def test_a_number_has_up_to_18_digits() -> None:
    assert value("@{" + "9" * 18 + "}") == "9" * 18
    with pytest.raises(NotInterpreted, match="is not understood"):
        value("@{" + "9" * 19 + "}")


def test_what_follows_a_value_is_shown_in_short() -> None:
    for text, why in (
        (f"@{{1 '{'a' * 99}'}}", f'"\'{"a" * 39}" follows a complete value'),
        (f"@{{{'b' * 60}()}}", f"'{'b' * 40}' is not"),
    ):
        with pytest.raises(NotInterpreted) as refused:
            value(text)
        assert str(refused.value).startswith(why)


def test_a_sign_that_is_not_understood_is_shown_in_short() -> None:
    with pytest.raises(NotInterpreted) as refused:
        value("@{'a' # this is a comment}")
    assert str(refused.value) == "'# this is a comment' is not understood"


def test_placeholders_are_filled_in_strings_alone() -> None:
    (_, expression, _) = parts("@{concat('a${x}','b')}")
    assert isinstance(expression, Expression)
    assert evaluated(expression, parameter, lambda text: text.replace("${x}", "1")) == "a1b"


@given(st.text(st.sampled_from("@{}()'.,?ifnotconcatempty10 $pipeline"), max_size=60))
def test_no_text_breaks_anything(text: str) -> None:
    with suppress(NotInterpreted):
        assert isinstance(value(text), str)


@given(st.text(max_size=50))
def test_any_string_can_be_written(text: str) -> None:
    quoted = text.replace("'", "''")
    assert value(f"@{{'{quoted}'}}") == text
