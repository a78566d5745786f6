"""The schemas of spec files: the envelope, generated from its record, around a body."""

from __future__ import annotations

from typing import Final

from reconciler.desired.envelope import ENVELOPES
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.schemas.body.bodies import body_of
from reconciler.schemas.body.json_schema_part import DEFINITION, NAME
from reconciler.schemas.body.patches import SUFFIX, with_patches
from reconciler.schemas.body.variables import DEFINITION as VARIABLE
from reconciler.schemas.body.variables import NAME as VARIABLE_NAME
from reconciler.schemas.body.variables import or_variable, with_variables
from reconciler.schemas.from_record import Notes, from_record
from reconciler.sdk.json_schemas import DRAFT_07
from reconciler.sdk.patterns import KEY, OWNER, UUID
from reconciler.sdk.sources import SOURCE_TYPES

_KEY: Final[Document] = {
    "pattern": rf"^(?!{UUID}$){KEY}$",
    "patternErrorMessage": "A key has letters, digits, '.', '_' and '-', starts with a letter or digit, and is not an id.",
}
_OWNER: Final[Document] = {
    "pattern": rf"^{OWNER}$",
    "patternErrorMessage": "Write true, false, or the repository to take it over from: owner/name.",
}
_ID: Final[Document] = {
    "pattern": rf"^{UUID}$",
    "patternErrorMessage": "Write the id of the live object, such as 0ed90a81-07f4-4586-8190-b40eccef1c5a.",
}
_POINTER: Final[Document] = {
    "pattern": r"^(?:/(?:[^~/]|~[01])*)+$",
    "patternErrorMessage": "Write a path into the body that starts with '/', such as /sourceSpec/attributes.",
    "examples": ["/sourceSpec/attributes/uiAttributes/isBeta"],
}
_FLOW_SPECS: Final[Document] = {
    "description": "The flow specs that the source is attached to, by name, id or key. Left out, the type decides: "
    + ", ".join(f"{source.name} to {source.flow_spec}" for source in SOURCE_TYPES.values())
    + ", anything else to none. [] attaches to none, but never detaches.",
    "items": {"pattern": r"\S", "patternErrorMessage": "A name must not be empty.", "examples": ["RestStorageToAEP"]},
}


def _notes(kind: str) -> Notes:
    return {
        "kind": {"description": f"What this file holds: `{kind}`."},
        "key": {
            "description": "The permanent name of the spec in the repository, unique among specs of its kind. Left out, it is the "
            "name of the folder. To rename it, add the old key to `formerly`.",
        }
        | _KEY,
        "formerly": {
            "description": "Former keys of the spec. The live object is found by them, and not created again.",
            "items": _KEY,
        },
        "ids": {
            "description": "The id of the live object, by target: pins the file to it. A missing id is an error, never a create.",
            "additionalProperties": _ID,
        },
        "adopt": {
            "description": "true: may take over an unmanaged live object of the same name. A repository (owner/name): may take it "
            "over from that repository. Otherwise a live object of the same name prevents the create.",
            "anyOf": [{"type": "boolean"}, {"type": "string"} | _OWNER],
        },
        "ignore": {
            "description": "JSON Pointers into the body. The values there stay as they are live: neither compared nor overwritten.",
            "items": _POINTER,
        },
        "overlays": {
            "description": "By target, fleet or group, what is merged into `spec` (JSON Merge Patch): groups first, in the order of "
            "`groups` in reconciler.yaml, then the fleet, then the target. null removes a field, a "
            "list replaces the whole list, and null at the top level removes the live section.",
            "additionalProperties": {"$ref": f"#/definitions/body{SUFFIX}", "type": None, "additionalProperties": None},
        },
        "only": {
            "description": "The targets, fleets or groups that the spec belongs to. Without it, the spec belongs to every target.",
            "minItems": 1,
        },
        "spec": {"$ref": "#/definitions/body", "type": None, "additionalProperties": None}
        | {"description": "The body, as the API accepts it. The file owns every section that it has, as a whole."},
    }


_EDITORS_KEY: Final[Document] = {"type": "string", "description": "The JSON Schema of this file, for editors. It is never sent."}


def _definitions(body: Document) -> dict[str, Document]:
    """The body, the JSON Schemas in it, and the patches of both, with variables for values."""
    bodies, schemas = with_patches({"body": body}), with_patches({NAME: DEFINITION})
    return {
        **{name: with_variables(node) for name, node in bodies.items()},
        **{name: or_variable(node) for name, node in schemas.items()},
        VARIABLE_NAME: VARIABLE,
    }


def _complete(title: str, envelope: Document, body: Document) -> Document:
    """The whole file. Name and provider may come from an overlay; without overlays the body must have them."""
    needed: Document = {"properties": {"spec": {"required": ["name", "providerId"]}}}
    head: Document = {"$schema": DRAFT_07, "title": title}
    rest: Document = {"if": {"not": {"required": ["overlays"]}}, "then": needed, "definitions": _definitions(body)}
    return head | envelope | rest


def _envelope(kind: Kind, description: str, own: Notes) -> Document:
    envelope = from_record(ENVELOPES[kind], description, {**_notes(kind.value), **own})
    return envelope | {"properties": {**envelope["properties"], "$schema": _EDITORS_KEY}}


def connection_spec_file() -> Document:
    """The schema of `specs/sources/<key>/connection-spec.yaml`."""
    envelope = _envelope(Kind.CONNECTION_SPEC, "A source: a connection spec in its envelope.", {"flowSpecs": _FLOW_SPECS})
    return _complete("Connection spec", envelope, body_of(Kind.CONNECTION_SPEC))


def flow_spec_file() -> Document:
    """The schema of `specs/flow-specs/<key>.yaml`."""
    envelope = _envelope(Kind.FLOW_SPEC, "A flow spec of your own, in its envelope.", {})
    return _complete("Flow spec", envelope, body_of(Kind.FLOW_SPEC))


def artifact_file() -> Document:
    """The schema of `<source>-connectionSpec.json`, the submission artifact of Adobe's Self-Serve Sources: a bare body."""
    head: Document = {"$schema": DRAFT_07, "title": "Connection spec artifact"}
    body = with_variables(body_of(Kind.CONNECTION_SPEC))
    body = body | {"properties": {**body["properties"], "$schema": _EDITORS_KEY}}
    definitions = {NAME: or_variable(DEFINITION), VARIABLE_NAME: VARIABLE}
    return head | body | {"required": ["name", "providerId"], "definitions": definitions}
