"""Rules for the JSON Schemas in a body: forms, options, schedules, response shapes. All are draft-07.

They are validated as data, against the meta-schema included in jsonschema-rs: no reference in a spec is ever fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final, NoReturn

from reconciler.documents.json_text import Document, Json
from reconciler.documents.pointer import Segments, parse_pointer
from reconciler.errors import Severity
from reconciler.lint.body.schema_walk import embedded, schemas_of
from reconciler.lint.rule import Finding, Remove, Rule
from reconciler.lint.subject import Subject, entries_of, properties_of, shown, value_at
from reconciler.sdk.json_schemas import DRAFT_07, MISPRINT
from reconciler.wording.guesses import did_you_mean_one_of

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator

_DIALECT: Final = re.compile(r"https?://json-schema\.org/draft-07/schema#?")
_TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")
_LISTS_OF_FORMS: Final = (("sourceSpec", "spec", "properties", "paginationParams"),)
"""Where Adobe published a list of forms instead of a schema (beta page "Configuration options in Sources SDK")."""
_MAX_MESSAGE: Final = 160
_MAX_MISTAKES: Final = 20
"""Mistakes reported for one schema."""


@cache
def meta_schema() -> Draft7Validator:
    """The validator for draft-07 schemas. It uses the meta-schema included in jsonschema-rs, and cannot fetch anything."""
    from jsonschema_rs import Draft7Validator  # noqa: PLC0415 - takes time to load, and not every spec has a schema

    return Draft7Validator({"$ref": DRAFT_07}, retriever=_refuse, validate_formats=True)


def _refuse(uri: str) -> NoReturn:
    raise LookupError(f"{uri} is not fetched")


def _meta(subject: Subject) -> Iterable[Finding]:
    for path, schema in embedded(subject):
        plain = {name: value for name, value in schema.items() if name != "$schema"} if isinstance(schema, dict) else schema
        for error in islice(meta_schema().iter_errors(plain), _MAX_MISTAKES):
            place = tuple(str(segment) for segment in error.instance_path)
            if not (error.kind.name == "uniqueItems" and place[-1:] == ("required",)):
                found = _mistake((*path, *place), value_at(plain, place), error.message)
                yield replace(found, severity=Severity.WARNING) if found.path in _LISTS_OF_FORMS else found


def _mistake(path: Segments, written: Json, said: str) -> Finding:
    if path[-1:] == ("type",) and isinstance(written, str):
        message = f"invalid JSON Schema (draft-07): unknown type {shown(written)}"
        return Finding(path, message, did_you_mean_one_of(written, _TYPES) or f"write one of {', '.join(_TYPES)}")
    hint = "write it as a list, with a - before each name" if path[-1:] == ("required",) and isinstance(written, str) else None
    return Finding(path, f"invalid JSON Schema (draft-07): {said[:_MAX_MESSAGE]}", hint)


def _dialect(subject: Subject) -> Iterable[Finding]:
    for path, schema in embedded(subject):
        written = schema.get("$schema") if isinstance(schema, dict) else None
        known = isinstance(written, str) and _DIALECT.fullmatch(written)
        if written is None or known or (path[0] == "exploreSpec" and written == MISPRINT):
            continue
        yield Finding((*path, "$schema"), f"{shown(written)} is not draft-07, the dialect that the service reads")


def _references(subject: Subject) -> Iterable[Finding]:
    for place, item, _, (_, whole) in schemas_of(subject) if subject.may_hold(b'"$ref":') else ():
        written = item.get("$ref")
        if not isinstance(written, str):
            continue
        if not written.startswith("#"):
            yield Finding((*place, "$ref"), f"{shown(written)} points out of the spec; nothing is known to fetch it")
        elif not _leads_somewhere(whole, written):
            yield Finding(
                (*place, "$ref"),
                f"{shown(written)} is not found in this schema",
                _known_definitions(whole, written),
                severity=Severity.ERROR,
            )


def _leads_somewhere(schema: Json, reference: str) -> bool:
    """Whether a reference of the form `#/…` has a target. Other references, such as `#name` for an `$id`, are not checked."""
    if reference == "#" or not reference.startswith("#/"):
        return True
    try:
        return isinstance(value_at(schema, parse_pointer(reference[1:])), dict | bool)
    except ValueError:
        return False


def _known_definitions(schema: Json, reference: str) -> str:
    names = [f"#/definitions/{name}" for name, _ in entries_of(value_at(schema, ("definitions",)))]
    return did_you_mean_one_of(reference, names) or "write the schema where it is used"


def _declaring(subject: Subject) -> Iterator[tuple[Segments, Document, tuple[Document, ...]]]:
    """Each schema whose `required` can be compared with declared properties, and those properties."""
    for place, item, above, whole in schemas_of(subject):
        if not isinstance(item.get("required"), list):
            continue
        is_open = any(keyword in item for keyword in ("$ref", "patternProperties", "allOf", "anyOf", "oneOf"))
        is_form = place == whole.path and place[-1] == "spec"  # users see one field for each property, and no others
        if (properties_of(item) or is_form) and not is_open:
            yield place, item, (properties_of(item), *above)


def _undeclared(subject: Subject) -> Iterable[Finding]:
    for place, item, declared in _declaring(subject):
        for index, name in entries_of(item["required"]):
            if isinstance(name, str) and not any(name in properties for properties in declared):
                message = f"{shown(name)} is required but not declared in `properties`, so users cannot enter it"
                yield Finding((*place, "required", index), message, did_you_mean_one_of(name, declared[0]))


def _twice(subject: Subject) -> Iterable[Finding]:
    for place, item, *_ in schemas_of(subject):
        seen: set[str] = set()
        for index, name in entries_of(item.get("required")) if isinstance(item.get("required"), list) else ():
            if isinstance(name, str) and name in seen:
                yield Finding(
                    (*place, "required", index), f"{shown(name)} is twice in `required`, which draft-07 forbids", fix=Remove()
                )
            elif isinstance(name, str):
                seen.add(name)


def _default(subject: Subject) -> Iterable[Finding]:
    for place, item, *_ in schemas_of(subject):
        choices = item.get("enum")
        if isinstance(choices, list) and choices and "default" in item and item["default"] not in choices:
            yield Finding((*place, "default"), f"the default {shown(item['default'])} is not one of the `enum` values")


def _example(schema: str) -> str:
    return f"sourceSpec:\n  spec:\n    type: object\n{schema}"


_LIST_ID: Final = "    properties: {listId: {type: string}}\n"

RULES: Final = (
    Rule(
        code="json-schema",
        severity=Severity.ERROR,
        title="Embedded schemas are valid JSON Schemas (draft-07)",
        why=(
            "The service builds forms from them and validates connections and flows with them. An invalid schema checks "
            "nothing or rejects everything."
        ),
        instead="Correct the keyword according to draft-07.",
        bad=_example("    properties: {listId: {type: text}}\n"),
        good=_example(_LIST_ID),
        check=_meta,
    ),
    Rule(
        code="schema-dialect",
        severity=Severity.WARNING,
        title="`$schema` is draft-07",
        why=(
            "All schemas of Flow Service use draft-07. The only exception is the exploreSpec that Adobe says to copy "
            "unchanged, with a space in `http: //`."
        ),
        instead=f"Write $schema: {DRAFT_07}",
        bad=_example("    $schema: https://json-schema.org/draft/2020-12/schema\n"),
        good=_example(f"    $schema: {DRAFT_07}\n"),
        check=_dialect,
    ),
    Rule(
        code="schema-reference",
        severity=Severity.WARNING,
        at_most=Severity.ERROR,
        title="A `$ref` points into its own schema",
        why=(
            "The documentation does not say that the service follows references out of the spec. `validate` follows none: a"
            " spec must not decide what is fetched."
        ),
        instead="Put the schema under definitions, or write it where it is used.",
        bad=_example("    properties: {listId: {$ref: '#/definitions/id'}}\n"),
        good=_example("    properties: {listId: {$ref: '#/definitions/id'}}\n    definitions: {id: {type: string}}\n"),
        check=_references,
    ),
    Rule(
        code="required-undeclared",
        severity=Severity.WARNING,
        title="Required properties are declared",
        why=(
            "A form has a field for each property. A name that is only in `required` has no field, so the form can never be"
            " completed. Published specs have this mistake."
        ),
        instead="Declare the property, or remove the name from required.",
        bad=_example(_LIST_ID + "    required: [list_id]\n"),
        good=_example(_LIST_ID + "    required: [listId]\n"),
        check=_undeclared,
    ),
    Rule(
        code="required-twice",
        severity=Severity.WARNING,
        title="`required` has no duplicates",
        why="In draft-07 the entries of `required` are unique.",
        instead="Remove the second entry.",
        bad=_example(_LIST_ID + "    required: [listId, listId]\n"),
        good=_example(_LIST_ID + "    required: [listId]\n"),
        check=_twice,
        fixable=True,
    ),
    Rule(
        code="default-of-enum",
        severity=Severity.WARNING,
        title="A default is one of the enum values",
        why="The form starts with a value that it then rejects.",
        instead="Write a default that is in enum, or add it to enum.",
        bad=_example("    properties: {region: {type: string, enum: [eu, us], default: uk}}\n"),
        good=_example("    properties: {region: {type: string, enum: [eu, us], default: eu}}\n"),
        check=_default,
    ),
)
