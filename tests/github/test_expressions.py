from __future__ import annotations

from typing import Any

import pytest

from tests.github.runner.expressions import (
    EvaluationError,
    InvalidExpression,
    Scope,
    condition,
    evaluate,
    expand,
    interpolate,
    text,
)

CONTEXTS = {
    "github": {
        "ref": "refs/heads/main",
        "event": {
            "labels": [{"name": "a"}, {"name": "b"}, {"id": 1}],
            "groups": [{"people": [{"name": "a"}, {"name": "b"}]}, {"people": [{"name": "c"}]}, {}],
            "number": 7,
        },
        "Actor": "Jane",
    },
    "steps": {"plan": {"outputs": {"has-changes": "true"}}},
    "matrix": {"targets": ["stage", "prod"], "empty": {}},
}
SCOPE = Scope(CONTEXTS)


def standing(*, success: bool) -> Scope:
    status = {"success": lambda: success, "failure": lambda: not success, "always": lambda: True, "cancelled": lambda: False}
    return Scope(CONTEXTS, status)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("null", None),
        ("true", True),
        ("-1.5e2", -150.0),
        ("0xff", 255.0),
        ("0o17", 15.0),
        ("'it''s'", "it's"),
        ("github.ref", "refs/heads/main"),
        ("GitHub['REF']", "refs/heads/main"),
        ("github.actor", "Jane"),
        ("github.nothing.there", None),
        ("steps.plan.outputs.has-changes", "true"),
        ("matrix.targets[1]", "prod"),
        ("matrix.targets[9]", None),
        ("matrix.targets['1']", "prod"),
        ("join(github.event.labels.*.name, ' ')", "a b"),
        ("github.event.labels[0].name", "a"),
        ("contains(github.event.labels.*.name, 'B')", True),
        ("contains('Hello', 'hell')", True),
        ("contains(matrix.empty, 'x')", False),
        ("startsWith(github.ref, 'refs/HEADS/')", True),
        ("endsWith(github.ref, 'main')", True),
        ("format('{0} {{{1}}} {0}', 'a', 2)", "a {2} a"),
        ("join(matrix.targets)", "stage,prod"),
        ("join('one', '-')", "one"),
        ("fromJSON('{\"a\": [1, true]}').a[0]", 1.0),
        ("toJSON(matrix.targets)", '[\n  "stage",\n  "prod"\n]'),
        ("toJSON(fromJSON('1'))", "1"),
        ("toJSON(fromJSON('{\"a\": [1.5, null]}'))", '{\n  "a": [\n    1.5,\n    null\n  ]\n}'),
        ("hashFiles('**')", ""),
        ("join(github.event.groups.*.people.*.name)", "a,b,c"),
        ("join(github.event.groups.*.people[0].name)", "a,c"),
        ("format('{0} {1} {2} {3}', NaN, Infinity, -0x10, 1e21)", "NaN Infinity -16 1E+21"),
        ("join(matrix.empty)", ""),
        ("github.event.labels['x']", None),
        ("github.ref[0]", None),
        ("matrix.targets[matrix.empty]", None),
        ("join(steps.*.outputs.has-changes)", "true"),
    ],
)
def test_an_expression_has_its_value(expression: str, value: Any) -> None:
    assert evaluate(expression, SCOPE) == value


@pytest.mark.parametrize(
    "expression",
    [
        "'Main' == 'mAIN'",
        "1 == '1'",
        "'' == 0",
        "null == ''",
        "null == false",
        "true == '1'",
        "true != 'true'",
        "'abc' != 0",
        "matrix.targets == matrix.targets",
        "matrix.targets != null",
        "matrix.targets != 'Array'",
        "NaN != NaN",
        "2 > '1'",
        "'b' > 'A'",
        "!('a' < 1)",
        "!(null < null)",
        "1 <= 1 && 2 >= 1",
    ],
)
def test_values_are_compared_loosely(expression: str) -> None:
    assert evaluate(expression, SCOPE) is True


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'' || 'default'", "default"),
        ("'a' && 'b'", "b"),
        ("0 && 'b'", 0.0),
        ("true || false && false", True),
        ("!true || true", True),
        ("1 < 2 == true", True),
        ("(true || false) && false", False),
        ("NaN || 'number'", "number"),
        ("matrix.empty && 'objects are true'", "objects are true"),
    ],
)
def test_operators_bind_in_githubs_order_and_give_the_operand_that_decided(expression: str, value: Any) -> None:
    assert evaluate(expression, SCOPE) == value


@pytest.mark.parametrize(
    "expression", ["1 +", "github.", "'open", "github.ref github", "a && ", "(1", "join(1,", "github[0", "1.2.3", '"double"']
)
def test_bad_syntax_is_an_error(expression: str) -> None:
    with pytest.raises(InvalidExpression):
        evaluate(expression, SCOPE)


@pytest.mark.parametrize(
    "expression", ["secrets.X", "false && secrets.X", "shout('a')", "success()", "format()", "join(1, 2, 3)"]
)
def test_a_name_that_is_not_known_there_is_an_error_even_where_it_is_not_reached(expression: str) -> None:
    with pytest.raises(InvalidExpression):
        evaluate(expression, SCOPE)


@pytest.mark.parametrize("expression", ["fromJSON('{')", "format('{1}', 'a')", "format('{')"])
def test_an_expression_that_fails_when_it_is_worked_out_is_another_error(expression: str) -> None:
    with pytest.raises(EvaluationError):
        evaluate(expression, SCOPE)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("plain", "plain"),
        ("", ""),
        ("${{ matrix.targets }}", ["stage", "prod"]),
        ("${{ 1 }}", 1.0),
        ("is ${{ 1 }}, ${{ true }}, ${{ null }}, ${{ 1.50 }}", "is 1, true, , 1.5"),
        ("${{ 'a }} b' }}!", "a }} b!"),
        ("${{ matrix.targets }} ${{ matrix.empty }}", "Array Object"),
    ],
)
def test_a_text_is_filled_in_and_a_lone_expression_keeps_its_kind(source: str, value: Any) -> None:
    assert interpolate(source, SCOPE) == value


def test_an_expression_that_does_not_end_is_an_error() -> None:
    with pytest.raises(InvalidExpression, match="no }}"):
        interpolate("${{ 'a }}", SCOPE)


def test_a_structure_is_filled_in_as_a_whole() -> None:
    source = {"include": "${{ matrix.targets }}", "${{ github.event.number }}": ["${{ github.actor }}", 1, True]}
    assert expand(source, SCOPE) == {"include": ["stage", "prod"], "7": ["Jane", 1, True]}
    assert text(True, SCOPE) == "true"


@pytest.mark.parametrize(
    ("source", "after_success", "after_failure"),
    [
        (None, True, False),
        ("github.actor == 'jane'", True, False),
        ("${{ github.actor == 'jane' }}", True, False),
        ("${{ always() }}", True, True),
        ("always() && github.actor == 'joe'", False, False),
        ("failure()", False, True),
        ("!cancelled()", True, True),
        ("${{ github.actor }} == 'joe'", True, False),
        (False, False, False),
        ("", False, False),
    ],
)
def test_a_condition_asks_for_success_unless_it_asks_for_the_status_itself(
    source: Any, after_success: bool, after_failure: bool
) -> None:
    assert condition(source, standing(success=True)) is after_success
    assert condition(source, standing(success=False)) is after_failure
