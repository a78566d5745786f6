"""Expressions of Data Factory: a few are evaluated, and no other is guessed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sources.sending.expressions import Expression, NotInterpreted, evaluated, parts

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
