from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator.dataplane.mapping import checked_mappings, expression_problem, mapped

RECORD: dict[str, Any] = {
    "id": 7,
    "email": " Ann@Example.com ",
    "name": {"first": "Ann", "last": None},
    "tags": ["a", "b"],
    "on": True,
    "dotted.name": "whole",
    "a b": "spaced",
}


def of(kind: str, source: Any, destination: str = "_acme.x") -> dict[str, Any]:
    return {"sourceType": kind, "source": source, "destination": destination}


def value(expression: str, record: dict[str, Any] = RECORD) -> Any:
    result = mapped({"mappings": [of("EXPRESSION", expression, "x")]}, record)
    assert not result.errors, result.errors
    return (result.row or {}).get("x")


def refusal(one: dict[str, Any]) -> str:
    (problem,) = checked_mappings({"mappings": [one]})
    assert problem is not None
    return problem.exception


def test_attributes_go_to_nested_fields() -> None:
    mapping_set = {"mappings": [of("ATTRIBUTE", "id", "_acme.id"), of("ATTRIBUTE", "name.first", "_acme.person.first")]}
    assert mapped(mapping_set, RECORD).row == {"_acme": {"id": 7, "person": {"first": "Ann"}}}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("tags[1]", "b"),
        ("tags[9]", None),
        ("dotted.name", "whole"),
        (r"dotted\.name", "whole"),
        ("${a b}", "spaced"),
        ("name.x.y", None),
    ],
)
def test_an_attribute_is_found_by_its_path(source: str, found: object) -> None:
    row = mapped({"mappings": [of("ATTRIBUTE", source, "x")]}, RECORD).row
    assert row == ({} if found is None else {"x": found})


def test_the_form_of_the_tutorials_maps_the_same() -> None:
    old = {"destinationXdmPath": "_acme.id", "sourceAttribute": "id", "identity": False, "version": 0}
    assert mapped({"version": 0, "mappings": [old]}, RECORD).row == {"_acme": {"id": 7}}


def test_a_static_value_is_the_same_in_each_row() -> None:
    assert mapped({"mappings": [of("STATIC", "crm", "source")]}, {}).row == {"source": "crm"}


def test_an_item_of_an_array_can_be_a_destination() -> None:
    assert mapped({"mappings": [of("ATTRIBUTE", "id", "ids[1].value")]}, RECORD).row == {"ids": [None, {"value": 7}]}


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ('concat(name.first, "-", id)', "Ann-7"),
        ("lower(trim(email))", "ann@example.com"),
        ("UPPER", None),
        ("upper(name.first)", "ANN"),
        ("upper(name.last)", None),
        ("coalesce(name.last, name.first)", "Ann"),
        ('iif(on == true, "yes", "no")', "yes"),
        ('iif(id != 7 || !on, "yes", "no")', "no"),
        ('iif(id == 7 && (on), "yes", "no")', "yes"),
        ("on == 1", False),
        ('to_integer("12")', 12),
        ('to_decimal("1.5")', 1.5),
        ('to_bool("Y")', True),
        ("substr(name.first, 1, 1)", "n"),
        ("substr(name.first, 1)", "nn"),
        ('replacestr(name.first, "n", "m")', "Amm"),
        ('explode("a,b", ",")', ["a", "b"]),
        ('join("+", tags)', "a+b"),
        ('join("+", tags[0], id)', "a+7"),
        ("size_of(tags)", 2),
        ("length(name.first)", 3),
        ("is_empty(name.last)", True),
        ("nullify()", None),
        ('md5("a")', "0cc175b9c0f1b6a831c399e269772661"),
        ('sha256("a")', "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
        ("'it\\'s'", "it's"),
        ("-2.5", -2.5),
    ],
)
def test_an_expression_is_computed(expression: str, result: object) -> None:
    assert value(expression) == result


@pytest.mark.parametrize("expression", ["now()", "id + 1", "get_keys(name)", "id > 3", "id ? 1 : 2"])
def test_what_is_not_interpreted_is_an_error_and_no_value(expression: str) -> None:
    assert "not interpreted here" in (expression_problem(expression) or "")
    result = mapped({"mappings": [of("EXPRESSION", expression), of("ATTRIBUTE", "id", "id")]}, RECORD)
    assert (result.row, result.partial, len(result.errors)) == (None, {"id": 7}, 1)


@pytest.mark.parametrize(
    "expression", ["", "concat(", "concat(id", "id id", "concat(id,)", '"open', "a..b", "upper(id, id)", "iif(id)", ")", "#"]
)
def test_an_expression_that_cannot_be_parsed_is_an_error(expression: str) -> None:
    problem = refusal(of("EXPRESSION", expression))
    assert "not interpreted here" not in problem


@pytest.mark.parametrize(
    "expression", ["(" * 500 + "1" + ")" * 500, "!" * 500 + "on", "==".join(["id"] * 500), "x" * 6_000, "lower(" * 300]
)
def test_an_endless_expression_is_an_error(expression: str) -> None:
    assert refusal(of("EXPRESSION", expression))


@pytest.mark.parametrize(
    "expression",
    ['to_integer("x")', 'to_decimal("nan")', "concat(tags)", "substr(email, -1)", 'explode(email, "")', "size_of(id)", "!id"],
)
def test_a_function_that_fails_on_a_record_fails_the_record(expression: str) -> None:
    result = mapped({"mappings": [of("EXPRESSION", expression, "x")]}, RECORD)
    assert result.row is None
    assert [(error.source, error.destination) for error in result.errors] == [(expression, "x")]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (of("ATTRIBUTE", "id", ""), "not a path of a field"),
        (of("ATTRIBUTE", "id", "a..b"), "not a path of a field"),
        ({"sourceType": "ATTRIBUTE", "source": "id"}, "not a path of a field"),
        (of("ATTRIBUTE", None), "source is missing"),
        (of("ATTRIBUTE", "tags[*]"), "not a path of an attribute"),
        (of("STATIC", None), "source is missing"),
        (of("SCRIPT", "1"), "the source type SCRIPT is not interpreted here"),
        ({"sourceType": ["x"], "source": "id", "destination": "x"}, "not interpreted here"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused(mapping: dict[str, Any], words: str) -> None:
    assert words in refusal(mapping)


def test_two_mappings_that_write_into_each_other_fail() -> None:
    result = mapped({"mappings": [of("ATTRIBUTE", "id", "x"), of("ATTRIBUTE", "on", "x.y")]}, RECORD)
    assert [error.exception for error in result.errors] == ["the destination x.y is below another value"]


@pytest.mark.parametrize("mapping_set", [{}, {"mappings": None}, {"mappings": "all"}, {"mappings": [None, 3]}])
def test_a_set_of_another_shape_maps_nothing(mapping_set: dict[str, Any]) -> None:
    assert mapped(mapping_set, RECORD).row == {}
