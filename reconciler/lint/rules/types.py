"""What belongs to a type: the provider, the flow specs, the fields; batch and streaming sources have nothing in common there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from reconciler.desired.envelope import is_id
from reconciler.documents.json_text import Document
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.body.providers import PROVIDERS
from reconciler.lint.rule import Finding, Mark, Replace, Rule
from reconciler.lint.subject import ATTRIBUTES, BATCH, STREAMING, Subject, entries_of, shown

_FLOW_SPECS: Final[Mapping[str, tuple[str, ...]]] = {
    BATCH: (
        "RestStorageToAEP",
        "6499120c-0b15-42dc-936e-847ea3c24d72",
    ),
    STREAMING: (
        "GenericStreamingAEP",
        "e77fde5a-22a8-11ed-861d-0242ac120002",
        "d69717ba-71b4-4313-b654-49f9cf126d7a",
    ),
    "another": (
        "CRMToAEP",
        "14518937-270c-4525-bdec-c2ba7cce3860",
        "CloudStorageToAEP",
        "9753525b-82c7-4dce-8a9b-5ccfce2b9876",
    ),
}
"""Adobe's flow specs by name and id, and the type of source that each is for."""

FLOW_FIELDS: Final = frozenset(
    {
        "sourceConnectionSpecIds",
        "targetConnectionSpecIds",
        "transformationSpecs",
        "transformationSpec",
        "optionSpec",
        "scheduleSpec",
        "runSpec",
    }
)
CONNECTION_FIELDS: Final = frozenset({"authSpec", "sourceSpec", "exploreSpec", "targetSpec"})
"""Sections that only specs of one kind have, in every body that Adobe has published."""

_BATCH_ONLY: Final[tuple[Segments, ...]] = (
    (*ATTRIBUTES, "urlParams"),
    (*ATTRIBUTES, "headerParams"),
    (*ATTRIBUTES, "bodyParams"),
    (*ATTRIBUTES, "contentPath"),
    (*ATTRIBUTES, "explodeEntityPath"),
    (*ATTRIBUTES, "paginationParams"),
    (*ATTRIBUTES, "scheduleParams"),
    ("sourceSpec", "spec"),
)
_STREAMING_ONLY: Final[tuple[Segments, ...]] = (
    (*ATTRIBUTES, "authRequired"),
    (*ATTRIBUTES, "uiAttributes", "monitoringSupported"),
    (*ATTRIBUTES, "uiAttributes", "frequency"),
)
_PERMISSIONS: Final[Mapping[str, str]] = {BATCH: "EnterpriseSource", STREAMING: "StreamingSource"}
_EXPLORE_STREAMING: Final = "StreamingConnection"

_COLUMN: Final[Document] = {"type": "object", "properties": {"name": {"type": "string"}, "type": {"type": "string"}}}
_MANDATED_EXPLORE: Final[Document] = {
    "name": "Resource",
    "type": "Resource",
    "requestSpec": {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"},
    "responseSpec": {
        "$schema": "http: //json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {
            "format": {"type": "string"},
            "schema": {"type": "object", "properties": {"columns": {"type": "array", "items": _COLUMN}}},
            "data": {"type": "array", "items": {"type": "object"}},
        },
    },
}
"""The block that the page "Configure explore specification" says to copy, with its space in "http: //"."""


def _wrong_kind(subject: Subject) -> Iterable[Finding]:
    foreign = FLOW_FIELDS if subject.is_connection_spec else CONNECTION_FIELDS
    own, other = ("connection", "flow") if subject.is_connection_spec else ("flow", "connection")
    for field in sorted(foreign & subject.body.keys()):
        message = f"`{field}` is a section of {other} specs, and this is a {own} spec"
        yield Finding(
            (field,),
            message,
            f"write kind: {'FlowSpec' if own == 'connection' else 'ConnectionSpec'}, or remove {field}",
            Mark.KEY,
        )


def _spelling(subject: Subject) -> Iterable[Finding]:
    written = subject.spec.spec_type
    if not subject.is_connection_spec or not isinstance(written, str) or written in PROVIDERS:
        return
    plain = re.sub(r"[\W_]", "", written).lower()
    meant = next((name for name in PROVIDERS if name.replace("-", "") == plain), None)
    if meant:
        message = (
            f"{shown(written)} is none of the types of Self-Serve Sources, so the spec is attached to no flow spec by default"
        )
        yield Finding(("type",), message, f"write {meant}", fix=Replace(meant))


def _provider(subject: Subject) -> Iterable[Finding]:
    wanted = PROVIDERS.get(subject.spec.spec_type or "") if subject.is_connection_spec else None
    if wanted is None or subject.spec.provider_id.lower() == wanted or not is_id(subject.spec.provider_id):
        return
    other = next((name for name, provider in PROVIDERS.items() if provider == subject.spec.provider_id.lower()), None)
    whose = f"the one of {other}" if other else "another"
    message = f"the provider of a {subject.spec.spec_type} source is {wanted}, and this is {whose}"
    yield Finding(("providerId",), message, f"write {wanted}, or change the type")


def _flow_specs(subject: Subject) -> Iterable[Finding]:
    if not (subject.is_batch or subject.is_streaming):
        return
    own = subject.spec.spec_type
    for index, name in enumerate(subject.spec.flow_specs):
        purpose = next((kind for kind, names in _FLOW_SPECS.items() if name in names), own)
        if purpose != own:
            message = f"{name} is a flow spec for {purpose if purpose in PROVIDERS else 'other'} sources, and this one is {own}"
            hint = f"write {_FLOW_SPECS[own][0]}, or leave flowSpecs out" if own else None
            yield Finding(("flowSpecs", str(index)), message, hint, in_envelope=True)


def _mixed(subject: Subject) -> Iterable[Finding]:
    if subject.is_streaming:
        yield from _foreign(subject, _BATCH_ONLY, "a streaming source is sent its data, and does not read")
    elif subject.is_batch:
        yield from _foreign(subject, _STREAMING_ONLY, "only streaming sources have")
        if subject.at(("exploreSpec", "type")) == _EXPLORE_STREAMING:
            yield Finding(
                ("exploreSpec", "type"),
                f"{_EXPLORE_STREAMING} is how streaming sources are explored",
                "write the block for batch sources",
            )
    yield from _permissions(subject)


def _foreign(subject: Subject, fields: tuple[Segments, ...], reason: str) -> Iterable[Finding]:
    for path in fields:
        if path[-1] in subject.mapping(path[:-1]):
            yield Finding(path, f"{reason} `{path[-1]}`", f"remove {path[-1]}, or change the type", Mark.KEY)


def _permissions(subject: Subject) -> Iterable[Finding]:
    own = _PERMISSIONS.get(subject.spec.spec_type or "") if subject.is_connection_spec else None
    for action, entries in entries_of(subject.mapping(("permissionsInfo",))) if own else ():
        for index, entry in entries_of(entries):
            name = entry.get("name") if isinstance(entry, dict) else None
            if name in _PERMISSIONS.values() and name != own:
                message = f"{name} is the permission for sources of the other kind, and this one is {subject.spec.spec_type}"
                yield Finding(("permissionsInfo", action, index, "name"), message, f"write {own}")


def _explore(subject: Subject) -> Iterable[Finding]:
    block = subject.body.get("exploreSpec")
    if subject.is_batch and isinstance(block, dict) and block.get("type") != _EXPLORE_STREAMING and block != _MANDATED_EXPLORE:
        field = next((name for name in (*_MANDATED_EXPLORE, *block) if block.get(name) != _MANDATED_EXPLORE.get(name)), "")
        path = ("exploreSpec", field) if field in block else ("exploreSpec",)
        yield Finding(
            path, f"`exploreSpec` is not the block that Adobe mandates for batch sources: `{field[:80]}` differs", mark=Mark.KEY
        )


def _version(subject: Subject) -> Iterable[Finding]:
    written = subject.body.get("version")
    if isinstance(written, str) and written != "1.0":
        yield Finding(
            ("version",), f"every published spec stays at version 1.0, whatever changes in it; here it is {shown(written)}"
        )


_STREAMING_SOURCE: Final = f"type: generic-streaming\nproviderId: {PROVIDERS[STREAMING]}\n"
_EXPLORE_EXAMPLE: Final = """\
type: generic-rest
exploreSpec:
  name: Resource
  type: Resource
  requestSpec: {$schema: "http://json-schema.org/draft-07/schema#", type: object}
  responseSpec:
    $schema: "http: //json-schema.org/draft-07/schema#"
    type: object
    properties:
      format: {type: string}
      schema:
        type: object
        properties:
          columns:
            type: array
            items: {type: object, properties: {name: {type: string}, type: {type: string}}}
      data: {type: array, items: {type: object}}
"""

RULES: Final = (
    Rule(
        code="section-of-kind",
        severity=Severity.ERROR,
        title="Sections belong to the kind of spec",
        why=(
            "A body under the wrong kind is sent to the wrong collection, and makes there a spec that no flow can use and nothing can "
            "delete."
        ),
        instead="Write the kind whose body this is, or remove the section.",
        bad="kind: ConnectionSpec\nsourceConnectionSpecIds: []\n",
        good="kind: FlowSpec\nsourceConnectionSpecIds: []\n",
        check=_wrong_kind,
    ),
    Rule(
        code="type-spelling",
        severity=Severity.WARNING,
        title="The types of Self-Serve Sources are spelled with a hyphen",
        why=(
            "The type decides which flow spec a source is attached to. With another spelling it is attached to none, and no "
            "dataflow can use it."
        ),
        instead="Write generic-rest or generic-streaming.",
        bad="type: genericRest\n",
        good="type: generic-rest\n",
        check=_spelling,
        fixable=True,
    ),
    Rule(
        code="provider-of-type",
        severity=Severity.ERROR,
        title="The provider is the one of the type",
        why=(
            "Sources of one type have one provider. With another the spec is not found where dataflows look for it, and "
            "nothing can delete it."
        ),
        instead=f"Write {PROVIDERS[BATCH]} for generic-rest, {PROVIDERS[STREAMING]} for generic-streaming.",
        bad=_STREAMING_SOURCE.replace(PROVIDERS[STREAMING], PROVIDERS[BATCH]),
        good=_STREAMING_SOURCE,
        check=_provider,
    ),
    Rule(
        code="flow-spec-of-type",
        severity=Severity.ERROR,
        title="Flow specs fit the type",
        why=(
            "A batch source runs on RestStorageToAEP, a streaming source on GenericStreamingAEP. On another flow spec no "
            "dataflow of it can be made."
        ),
        instead="Name the flow spec of the type, or leave flowSpecs out: the default follows the type.",
        bad="flowSpecs: [GenericStreamingAEP]\ntype: generic-rest\n",
        good="flowSpecs: [RestStorageToAEP]\ntype: generic-rest\n",
        check=_flow_specs,
    ),
    Rule(
        code="mixed-fields",
        severity=Severity.WARNING,
        title="Batch and streaming fields do not mix",
        why=(
            "A batch source is asked, by a request with pagination and schedule; a streaming source is sent its data. Each "
            "ignores what belongs to the other."
        ),
        instead="Remove the field, or change the type.",
        bad=f"{_STREAMING_SOURCE}sourceSpec: {{attributes: {{paginationParams: {{type: NONE}}}}}}\n",
        good=f"{_STREAMING_SOURCE}sourceSpec: {{attributes: {{authRequired: false}}}}\n",
        check=_mixed,
    ),
    Rule(
        code="explore-spec",
        severity=Severity.WARNING,
        title="A batch source has the mandated `exploreSpec`",
        why="Adobe says to copy the block as it stands, with the space in its `http: //`. The preview is made by it.",
        instead="Copy the block from the page on the explore specification, or from an example under specs/.",
        bad=_EXPLORE_EXAMPLE.replace("format: {type: string}", "format: {type: integer}"),
        good=_EXPLORE_EXAMPLE,
        check=_explore,
    ),
    Rule(
        code="version",
        severity=Severity.INFO,
        title='`version` is "1.0"',
        why="Connections name the version of their spec, and those that exist name 1.0. It does not change with the spec.",
        instead='Write version: "1.0", in quotes.',
        bad='version: "1.1"\n',
        good='version: "1.0"\n',
        check=_version,
    ),
)
