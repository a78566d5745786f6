"""The fields of a schema, from records."""

from __future__ import annotations

from reconciler.proving.making.fields import MOST_FIELDS, Field, fields_of


def test_each_scalar_of_a_record_becomes_a_field() -> None:
    rows = [{"items": {"id": 7, "name": "Ada", "vip": True, "score": 1.5}, "total": 2}]
    assert fields_of(rows).fields == (
        Field(("items", "id"), "integer"),
        Field(("items", "name"), "string"),
        Field(("items", "vip"), "boolean"),
        Field(("items", "score"), "number"),
        Field(("total",), "integer"),
    )


def test_a_type_holds_the_values_of_all_records() -> None:
    rows = [{"a": 1, "b": 1, "c": True}, {"a": 1.5, "b": "x", "c": 0}]
    assert [field.type for field in fields_of(rows).fields] == ["number", "string", "string"]


def test_a_large_integer_is_a_number() -> None:
    assert fields_of([{"at": 2**40}]).fields == (Field(("at",), "number"),)


def test_what_no_field_can_hold_is_left_out_and_listed() -> None:
    found = fields_of([{"tags": ["x"], "page[after]": "y", "none": None, "id": 1}])
    assert [field.source for field in found.fields] == ["id"]
    assert found.left_out == ("tags", "page[after]")


def test_a_name_that_is_an_object_in_one_record_and_a_scalar_in_another_is_an_object() -> None:
    found = fields_of([{"a": 1}, {"a": {"b": 2}}])
    assert [field.source for field in found.fields] == ["a.b"]
    assert found.left_out == ("a",)


def test_the_number_of_fields_is_limited() -> None:
    found = fields_of([{f"f{number}": number for number in range(MOST_FIELDS + 5)}])
    assert len(found.fields) == MOST_FIELDS
    assert len(found.left_out) == 5


def test_deep_records_end_at_a_limit() -> None:
    row: dict[str, object] = {"id": 1}
    for _ in range(500):
        row = {"down": row}
    assert fields_of([row]).fields == ()


def test_properties_have_an_object_for_each_level() -> None:
    found = fields_of([{"items": {"id": 7}}])
    assert found.properties() == {
        "items": {"title": "items", "type": "object", "properties": {"id": {"title": "id", "type": "integer"}}}
    }
    assert found.destination(found.fields[0], "acme") == "_acme.items.id"


def test_a_row_that_is_no_object_has_no_field() -> None:
    assert fields_of([1, "x", None, [1]]).fields == ()
