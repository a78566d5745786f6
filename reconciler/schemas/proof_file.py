"""The schema of `proof.yaml`, generated from its records."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.proofs.schema import (
    AUTH,
    CLEANUP,
    DESTINATION,
    ENV_NAME,
    EXISTING,
    EXPECT,
    FLOW,
    MAPPED,
    MOST_RECORDS,
    PROOF,
    RANGE,
    STREAMING,
    SUBMISSION,
    WINDOW,
)
from reconciler.proofs.values import PREFIX
from reconciler.schemas.from_record import Notes, from_record
from reconciler.schemas.nodes import choice, filled
from reconciler.sdk.json_schemas import DRAFT_07
from reconciler.sources.evidence import ROWS, Row

_ENV: Final[Document] = {
    "type": "object",
    "properties": {
        "env": {
            "description": f"The name of an environment variable, without the prefix {PREFIX}, which is added to it.",
            "type": "string",
            "pattern": f"^(?!{PREFIX}){ENV_NAME}$",
            "patternErrorMessage": f"A name has A-Z, 0-9 and _, without {PREFIX}.",
            "examples": ["ACME_PASSWORD"],
        }
    },
    "required": ["env"],
    "additionalProperties": False,
}
_PROPERTY: Final[Document] = {
    "description": f"A value, or {{env: NAME}}: the value of the environment variable {PREFIX}NAME.",
    "if": {"type": "object", "required": ["env"]},
    "then": _ENV,
    "defaultSnippets": [{"label": "{env: NAME}", "body": {"env": "${1:NAME}"}}],
}
_UTC: Final[Document] = {
    "type": "string",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|\+00:00))?$",
    "patternErrorMessage": "Write a time in UTC, such as 2024-01-05T00:00:00Z, in quotes.",
    "examples": ["2024-01-05T00:00:00Z"],
}


def _number(description: str) -> Document:
    return {"description": description, "minimum": 0, "maximum": MOST_RECORDS}


def _numbers(description: str) -> Document:
    range_of = from_record(RANGE, "A range.", {"min": _number("At least this many."), "max": _number("At most this many.")})
    exact: Document = {"type": "integer", "minimum": 0, "maximum": MOST_RECORDS}
    return {"description": description, "anyOf": [exact, range_of], "examples": [237]}


def _window() -> Document:
    notes: Notes = {
        "from": {"description": "The start of the time range, in UTC."} | _UTC,
        "to": {"description": "The end of the time range, in UTC; it must be later."} | _UTC,
        "records": _numbers("How many records it has."),
    }
    return from_record(WINDOW, "A time range.", notes)


def _expect() -> Document:
    field = filled("A field of the records, or a dotted path to it.", examples=["id"])
    notes: Notes = {
        "records": _numbers("How many records there are: a number, or {min: 1, max: 500}."),
        "pages": _numbers("How many pages are read. A trial that never turned a page says nothing about pagination."),
        "unique": filled("The field of which no two records have the same value.", examples=["id"]),
        "fields": {"description": "The fields that every record has.", "default": None, "items": field},
        "windows": {"description": "Time ranges that are tried, too.", "default": None, "items": _window()},
    }
    return from_record(EXPECT, "What a trial must find.", notes)


def _auth() -> Document:
    notes: Notes = {
        "name": filled("The `name` of an entry of `authSpec`. It may be left out if there is only one entry."),
        "params": {
            "description": "The properties of that entry. A property with `format: password` must be {env: NAME}.",
            "additionalProperties": _PROPERTY,
        },
    }
    return from_record(AUTH, "How the trial signs in.", notes)


def _or_id(description: str, what: str) -> Document:
    notes: Notes = {"id": filled(f"The id of the {what}.")}
    return {"description": description, "anyOf": [{"enum": ["auto"]}, from_record(EXISTING, f"An existing {what}.", notes)]}


def _target() -> Document:
    entry: Notes = {
        "source": filled("A field of the records, or a dotted path to it."),
        "destination": filled("The field of the schema that receives it."),
    }
    listed: Document = {"type": "array", "items": from_record(MAPPED, "One field.", entry)}
    notes: Notes = {
        "schema": _or_id("The schema; `auto` makes one from the types of the records.", "schema"),
        "dataset": _or_id("The dataset; `auto` makes one.", "dataset"),
        "mapping": {
            "description": "The mapping; `auto` maps each field to the field of the same name.",
            "anyOf": [{"enum": ["auto", "none"]}, listed],
        },
    }
    return from_record(DESTINATION, "Where the flow of `prove` writes.", notes)


def _streaming() -> Document:
    mechanisms = {
        "hmac": "Events are signed with a shared secret.",
        "oauth": "Events have an access token.",
        "none": "Neither; Adobe does not accept such a source.",
    }
    notes: Notes = {
        "mechanism": choice("How events are authenticated.", mechanisms),
        "secret": {"description": f"The secret: {{env: NAME}} for the environment variable {PREFIX}NAME."} | _ENV,
        "encoding": choice("How the signature is written.", {"base64": "In Base64.", "hex": "In hexadecimal."}),
        "wait": {
            "description": "How long to wait after the flow was made, before the first event: up to an hour.",
            "type": "string",
            "pattern": "^(?:0*(?:[0-9]|[1-5][0-9]|60)m|0*(?:[0-9]{1,3}|[12][0-9]{3}|3[0-5][0-9]{2}|3600)s)$",
            "patternErrorMessage": "Write a duration such as 5m or 30s.",
            "default": "5m",
            "examples": ["5m"],
        },
        "tests": {
            "description": "Secrets or tokens of single cases of the authentication tests, by case: previous-secret and removed-secret "
            "for hmac; expired, scopes and rotated for oauth. Without one, `prove` does not send the case.",
            "type": "object",
            "additionalProperties": _ENV,
        },
    }
    return from_record(STREAMING, "How a streaming source sends its events, in the place of `auth` and `source`.", notes)


def _submission() -> Document:
    notes: Notes = {
        "submitted": {"description": "Whether Adobe has answered a submission: from then on, `submit` requires its keys."},
        "team": filled("The team that maintains the source, as the documentation names it.", examples=["Acme Integrations"]),
        "contact": filled("Where the team can be reached: an address.", examples=["integrations@acme.example"]),
    }
    return from_record(SUBMISSION, "What `submit` says about you.", notes)


def _assume() -> Document:
    def node(row: Row) -> Document:
        return {"description": row.text, "enum": [row.default, *row.alternatives], "default": row.default}

    return {
        "description": "What Flow Service does where its documentation does not say. Each key has a default.",
        "type": "object",
        "properties": {key: node(row) for key, row in ROWS.items()},
        "additionalProperties": False,
    }


def proof_file() -> Document:
    """The schema of `specs/proofs/<key>/proof.yaml`."""
    keep = choice("An object that stays.", {"schema": "The schema.", "dataset": "The dataset."})
    notes: Notes = {
        "kind": {"description": "The kind of this file: Proof."},
        "key": {"description": "The key of the spec; the default is the name of the folder.", "pattern": r"\S"},
        "auth": _auth(),
        "source": {
            "description": "The parameters of `sourceSpec.spec`, and their values.",
            "additionalProperties": _PROPERTY,
        },
        "expect": _expect(),
        "assume": _assume(),
        "target": _target(),
        "flow": from_record(
            FLOW, "How `prove` runs the flow.", {"schedule": {"description": "Also wait for two scheduled runs."}}
        ),
        "cleanup": from_record(
            CLEANUP, "What `prove` does not delete.", {"keep": {"description": "These stay for the next proof.", "items": keep}}
        ),
        "targets": {"description": "The targets in which `prove` may run.", "items": filled("The name of a target.")},
        "streaming": _streaming(),
        "submission": _submission(),
    }
    head: Document = {"$schema": DRAFT_07, "title": "Proof of a connection spec"}
    return head | from_record(PROOF, "Values and expectations for a trial of one connection spec.", notes)
