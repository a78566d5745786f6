from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator.dataplane.registry.fitting import MAX_VIOLATIONS, Fields


def fit(schema: dict[str, Any], value: Any) -> tuple[Any, list[str]]:
    fitted = Fields("_acme", {"_acme": {"type": "object", "properties": {"x": schema}}}).fitted({"_acme": {"x": value}})
    return fitted.row["_acme"]["x"], [f"{one.path} {one.message}" for one in fitted.violations]


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("string", 7, "7"),
        ("string", True, "true"),
        ("string", "a", "a"),
        ("integer", "7", 7),
        ("integer", 7.0, 7),
        ("number", "1.5", 1.5),
        ("number", 2, 2),
        ("boolean", "True", True),
        ("boolean", False, False),
        ("array", [1], [1]),
        ("integer", None, None),
        ("other", "kept", "kept"),
    ],
)
def test_a_value_is_converted_to_the_type_of_its_field(kind: str, value: Any, kept: Any) -> None:
    found, violations = fit({"type": kind}, value)
    assert (found, type(found), violations) == (kept, type(kept), [])


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"type": "integer"}, "x", "must be an integer, not a string"),
        ({"type": "integer"}, True, "must be an integer, not a boolean"),
        ({"type": "integer"}, 1.5, "must be an integer, not a number"),
        ({"type": "number"}, "inf", "must be a number, not a string"),
        ({"type": "boolean"}, 1, "must be true or false, not an integer"),
        ({"type": "string"}, [], "must be a string, not an array"),
        ({"type": "array"}, {}, "must be an array, not an object"),
        ({"type": "object"}, "x", "must be an object, not a string"),
        ({"type": "string", "enum": ["a"]}, "b", "is not one of the values that the schema allows"),
        ({"type": "string", "format": "date-time"}, "2026-01-01T00:00:00", "is a date-time without a time zone"),
        ({"type": "string", "format": "date-time"}, "today", "is not a date-time in ISO 8601"),
        ({"type": "integer", "minimum": 1}, 0, "is outside the range that the schema allows"),
        ({"type": "integer", "maximum": 1}, 2, "is outside the range that the schema allows"),
    ],
)
def test_a_value_that_does_not_fit_is_a_violation(schema: dict[str, Any], value: Any, message: str) -> None:
    kept, violations = fit(schema, value)
    assert (kept, violations) == (value, [f"_acme.x {message}"])


@pytest.mark.parametrize(
    ("schema", "value"),
    [({"type": "string", "format": "date-time"}, "2026-01-01T00:00:00Z"), ({"type": "integer", "minimum": 1, "maximum": 3}, 2)],
)
def test_a_value_of_a_format_fits(schema: dict[str, Any], value: Any) -> None:
    assert fit(schema, value) == (value, [])


def test_a_field_that_the_schema_lacks_is_a_violation_below_the_tenant_only() -> None:
    fields = Fields("_acme", {})
    assert fields.fitted({"person": {"name": "Ann"}}).violations == ()
    assert [one.path for one in fields.fitted({"_acme": {"x": 1}}).violations] == ["_acme.x"]


def test_a_required_field_and_items_of_arrays_are_checked() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer"}}}, "required": ["a", "b"]}
    _, violations = fit(schema, {"a": [1, "x"]})
    assert violations == ["_acme.x.a[1] must be an integer, not a string", "_acme.x.b is required"]


def test_violations_are_bounded() -> None:
    _, violations = fit({"type": "array", "items": {"type": "integer"}}, ["x"] * 1_000)
    assert len(violations) == MAX_VIOLATIONS
