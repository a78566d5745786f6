"""How the service changes a spec before it stores it: one small function per switch."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from reconciler.documents.json_text import value_at
from reconciler.documents.semantics import ID_LISTS
from reconciler.emulator.model import CONNECTION_SPECS, FLOW_SPECS
from reconciler.emulator.switches.behaviour import Behaviour
from reconciler.emulator.switches.habits import NameForm

Body = dict[str, Any]

TRANSFORMATION_FIELDS = ("transformationSpecs", "transformationSpec", "transformationSpecDTOS")
_NAME_FORMS: Mapping[NameForm, Callable[[str], str]] = {
    "nfc": lambda name: unicodedata.normalize("NFC", name),
    "nfd": lambda name: unicodedata.normalize("NFD", name),
    "trimmed": str.strip,
    "padded": lambda name: f"{name} ",
    "upper": str.upper,
    "lower": str.lower,
}

STREAMING_PROVIDER = "521eee4d-8cbe-4906-bb48-fb6bd4450033"


def kept(kind: str, body: Body, behaviour: Behaviour) -> Body:
    """The body to store for a body that is written."""
    for switch, step in _STEPS:
        if switch(behaviour):
            body = step(kind, body, behaviour)
    return body


def with_transformations_as(name: str, body: Body) -> Body:
    """A flow spec with its transformations under one name."""
    return {name if field in TRANSFORMATION_FIELDS else field: value for field, value in body.items()}


def _with_auth_required(kind: str, body: Body, _behaviour: Behaviour) -> Body:
    source = body.get("sourceSpec")
    if kind != CONNECTION_SPECS or not isinstance(source, dict):
        return body
    attributes = source.get("attributes", {})
    if not isinstance(attributes, dict) or "authRequired" in attributes:
        return body
    return {**body, "sourceSpec": {**source, "attributes": {"authRequired": False, **attributes}}}


def _with_permissions(_kind: str, body: Body, _behaviour: Behaviour) -> Body:
    if "permissionsInfo" in body:
        return body
    name = "StreamingSource" if body.get("providerId") == STREAMING_PROVIDER else "EnterpriseSource"
    rights = {"manage": "write", "view": "read"}
    info = {field: [{"@type": "lowLevel", "name": name, "permissions": [right]}] for field, right in rights.items()}
    return {**body, "permissionsInfo": info}


def _with_reversed_auth(_kind: str, body: Body, _behaviour: Behaviour) -> Body:
    auth = body.get("authSpec")
    return {**body, "authSpec": auth[::-1]} if isinstance(auth, list) else body


def _with_string_content_path(_kind: str, body: Body, _behaviour: Behaviour) -> Body:
    content_path = value_at(body, "sourceSpec", "attributes", "contentPath")
    if not isinstance(content_path, dict) or "path" not in content_path:
        return body
    source = body["sourceSpec"]
    return {**body, "sourceSpec": {**source, "attributes": {**source["attributes"], "contentPath": content_path["path"]}}}


def _with_known_attributes(_kind: str, body: Body, behaviour: Behaviour) -> Body:
    attributes = body.get("attributes")
    if not isinstance(attributes, dict):
        return body
    known = {name: value for name, value in attributes.items() if name in behaviour.known_attributes}
    return {**body, "attributes": known}


def _with_accepted_transformations(kind: str, body: Body, behaviour: Behaviour) -> Body:
    if kind != FLOW_SPECS:
        return body
    return _without(body, *(field for field in TRANSFORMATION_FIELDS if field != behaviour.transformation_field))


def _with_one_transformation_field(kind: str, body: Body, behaviour: Behaviour) -> Body:
    return with_transformations_as(str(behaviour.rename_transformations), body) if kind == FLOW_SPECS else body


def _with_attributes_that_fit(_kind: str, body: Body, behaviour: Behaviour) -> Body:
    attributes = body.get("attributes")
    if not isinstance(attributes, dict):
        return body
    fitting: Body = {}
    for name, value in attributes.items():
        if len(msgspec.json.encode({**fitting, name: value})) <= (behaviour.attributes_limit or 0):
            fitting[name] = value
    return {**body, "attributes": fitting}


def _with_sorted_ids(_kind: str, body: Body, _behaviour: Behaviour) -> Body:
    held = {name: body[name] for name in ID_LISTS if isinstance(body.get(name), list)}
    return {**body, **{name: sorted(ids, key=str) for name, ids in held.items()}}


def _with_its_name_in_one_form(_kind: str, body: Body, behaviour: Behaviour) -> Body:
    assert behaviour.name_form is not None  # noqa: S101  the switch is on
    return {**body, "name": _NAME_FORMS[behaviour.name_form](body["name"])}


def _without(body: Body, *fields: str) -> Body:
    return {name: value for name, value in body.items() if name not in fields}


_STEPS: tuple[tuple[Callable[[Behaviour], bool], Callable[[str, Body, Behaviour], Body]], ...] = (
    (lambda switches: switches.drop_description, lambda _kind, body, _switches: _without(body, "description")),
    (lambda switches: switches.default_auth_required, _with_auth_required),
    (lambda switches: switches.default_permissions, _with_permissions),
    (lambda switches: switches.reorder_auth, _with_reversed_auth),
    (lambda switches: switches.content_path_string, _with_string_content_path),
    (
        lambda switches: switches.drop_empty_auth,
        lambda _kind, body, _switches: _without(body, "authSpec") if body.get("authSpec") == [] else body,
    ),
    (lambda switches: switches.drop_unknown_attributes, _with_known_attributes),
    (lambda switches: switches.transformation_field != "any", _with_accepted_transformations),
    (lambda switches: switches.rename_transformations is not None, _with_one_transformation_field),
    (lambda switches: switches.drop_attributes, lambda _kind, body, _switches: _without(body, "attributes")),
    (lambda switches: switches.attributes_limit is not None, _with_attributes_that_fit),
    (lambda switches: switches.reorder_ids, _with_sorted_ids),
    (lambda switches: switches.name_form is not None, _with_its_name_in_one_form),
    (lambda switches: switches.reorder_keys, lambda _kind, body, _switches: dict(sorted(body.items()))),
)
