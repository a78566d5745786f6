"""Rules for what depends on the type of a source: its provider, its flow specs, and the fields that only one type has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from reconciler.desired.envelope import is_id
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.body.providers import PROVIDERS
from reconciler.lint.rule import Finding, Mark, Replace, Rule
from reconciler.lint.subject import Subject, entries_of, shown
from reconciler.sdk.fields import paths
from reconciler.sdk.json_schemas import EXPLORE_SPEC, STREAMING_EXPLORE
from reconciler.sdk.sections import CONNECTION_SECTIONS, ONLY_CONNECTION, ONLY_FLOW
from reconciler.sdk.sources import BATCH, OTHER_FLOW_SPECS, PERMISSIONS, SOURCE_TYPES, STREAMING
from reconciler.texts.yaml_writing import document_lines

_FLOW_SPECS: Final = {**{source.name: source.flow_specs for source in SOURCE_TYPES.values()}, "another": OTHER_FLOW_SPECS}
"""Adobe's flow specs by name and id, with the type of source of each."""
_ONLY: Final = {name: tuple(path for path, field in paths(CONNECTION_SECTIONS) if field.only == name) for name in SOURCE_TYPES}
"""Paths of fields that only sources of one type have."""


def _wrong_kind(subject: Subject) -> Iterable[Finding]:
    foreign = ONLY_FLOW if subject.is_connection_spec else ONLY_CONNECTION
    own, other = ("connection", "flow") if subject.is_connection_spec else ("flow", "connection")
    for field in sorted(foreign & subject.body.keys()):
        message = f"`{field}` is a section of {other} specs; this is a {own} spec"
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
        message = f"{shown(written)} is not a type of Self-Serve Sources, so the spec is attached to no flow spec by default"
        yield Finding(("type",), message, f"write {meant}", fix=Replace(meant))


def _provider(subject: Subject) -> Iterable[Finding]:
    wanted = PROVIDERS.get(subject.spec.spec_type or "") if subject.is_connection_spec else None
    if wanted is None or subject.spec.provider_id.lower() == wanted or not is_id(subject.spec.provider_id):
        return
    other = next((name for name, provider in PROVIDERS.items() if provider == subject.spec.provider_id.lower()), None)
    whose = f"that of {other}" if other else "another one"
    message = f"the provider of a {subject.spec.spec_type} source is {wanted}; this is {whose}"
    yield Finding(("providerId",), message, f"write {wanted}, or change the type")


def _flow_specs(subject: Subject) -> Iterable[Finding]:
    if not (subject.is_batch or subject.is_streaming):
        return
    own = subject.spec.spec_type
    for index, name in enumerate(subject.spec.flow_specs):
        purpose = next((kind for kind, names in _FLOW_SPECS.items() if name in names), own)
        if purpose != own:
            message = f"{name} is a flow spec for {purpose if purpose in PROVIDERS else 'other'} sources; this one is {own}"
            hint = f"write {_FLOW_SPECS[own][0]}, or remove flowSpecs" if own else None
            yield Finding(("flowSpecs", str(index)), message, hint, in_envelope=True)


def _mixed(subject: Subject) -> Iterable[Finding]:
    if subject.is_streaming:
        yield from _foreign(subject, _ONLY[BATCH], "a streaming source ignores")
    elif subject.is_batch:
        yield from _foreign(subject, _ONLY[STREAMING], "only streaming sources have")
        if subject.at(("exploreSpec", "type")) == STREAMING_EXPLORE:
            yield Finding(
                ("exploreSpec", "type"),
                f"{STREAMING_EXPLORE} is for streaming sources",
                "write the block of batch sources",
            )
    yield from _permissions(subject)


def _foreign(subject: Subject, fields: tuple[Segments, ...], reason: str) -> Iterable[Finding]:
    for path in fields:
        if path[-1] in subject.mapping(path[:-1]):
            yield Finding(path, f"{reason} `{path[-1]}`", f"remove {path[-1]}, or change the type", Mark.KEY)


def _permissions(subject: Subject) -> Iterable[Finding]:
    source = SOURCE_TYPES.get(subject.spec.spec_type or "") if subject.is_connection_spec else None
    own = source.permission if source else None
    for action, entries in entries_of(subject.mapping(("permissionsInfo",))) if own else ():
        for index, entry in entries_of(entries):
            name = entry.get("name") if isinstance(entry, dict) else None
            if name in PERMISSIONS and name != own:
                message = f"{name} is the permission of the other type of source; this one is {subject.spec.spec_type}"
                yield Finding(("permissionsInfo", action, index, "name"), message, f"write {own}")


def _explore(subject: Subject) -> Iterable[Finding]:
    block = subject.body.get("exploreSpec")
    if subject.is_batch and isinstance(block, dict) and block.get("type") != STREAMING_EXPLORE and block != EXPLORE_SPEC:
        field = next((name for name in (*EXPLORE_SPEC, *block) if block.get(name) != EXPLORE_SPEC.get(name)), "")
        path = ("exploreSpec", field) if field in block else ("exploreSpec",)
        yield Finding(
            path, f"`exploreSpec` is not the block that Adobe requires for batch sources: `{field[:80]}` differs", mark=Mark.KEY
        )


def _version(subject: Subject) -> Iterable[Finding]:
    written = subject.body.get("version")
    if isinstance(written, str) and written != "1.0":
        yield Finding(("version",), f"the version of a spec is always 1.0; here it is {shown(written)}")


_STREAMING_SOURCE: Final = f"type: generic-streaming\nproviderId: {PROVIDERS[STREAMING]}\n"
_EXPLORE_EXAMPLE: Final = "\n".join(document_lines({"type": BATCH, "exploreSpec": EXPLORE_SPEC})) + "\n"

RULES: Final = (
    Rule(
        code="section-of-kind",
        severity=Severity.ERROR,
        title="Sections belong to the kind of spec",
        why=(
            "A body under the wrong kind is sent to the wrong collection. It creates a spec that no flow can use and that "
            "cannot be deleted."
        ),
        instead="Write the kind that the body belongs to, or remove the section.",
        bad="kind: ConnectionSpec\nsourceConnectionSpecIds: []\n",
        good="kind: FlowSpec\nsourceConnectionSpecIds: []\n",
        check=_wrong_kind,
    ),
    Rule(
        code="type-spelling",
        severity=Severity.WARNING,
        title="The types of Self-Serve Sources have a hyphen",
        why=(
            "The type decides which flow spec a source is attached to. With another spelling it is attached to none, and no"
            " flow can use it."
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
        title="The provider belongs to the type",
        why=(
            "All sources of one type have the same provider. With another provider, flows do not find the spec, and it "
            "cannot be deleted."
        ),
        instead=f"Write {PROVIDERS[BATCH]} for generic-rest, {PROVIDERS[STREAMING]} for generic-streaming.",
        bad=_STREAMING_SOURCE.replace(PROVIDERS[STREAMING], PROVIDERS[BATCH]),
        good=_STREAMING_SOURCE,
        check=_provider,
    ),
    Rule(
        code="flow-spec-of-type",
        severity=Severity.ERROR,
        title="Flow specs match the type",
        why=(
            "A batch source runs on RestStorageToAEP, a streaming source on GenericStreamingAEP. On another flow spec, no "
            "flow can be created for it."
        ),
        instead="Name the flow spec of the type, or remove flowSpecs: the default follows the type.",
        bad="flowSpecs: [GenericStreamingAEP]\ntype: generic-rest\n",
        good="flowSpecs: [RestStorageToAEP]\ntype: generic-rest\n",
        check=_flow_specs,
    ),
    Rule(
        code="mixed-fields",
        severity=Severity.WARNING,
        title="Batch and streaming fields are not mixed",
        why=(
            "Flow Service requests the records of a batch source, with pagination and a schedule; a streaming source sends "
            "its records. Each ignores the fields of the other."
        ),
        instead="Remove the field, or change the type.",
        bad=f"{_STREAMING_SOURCE}sourceSpec: {{attributes: {{paginationParams: {{type: NONE}}}}}}\n",
        good=f"{_STREAMING_SOURCE}sourceSpec: {{attributes: {{authRequired: false}}}}\n",
        check=_mixed,
    ),
    Rule(
        code="explore-spec",
        severity=Severity.WARNING,
        title="A batch source has the required `exploreSpec`",
        why="Adobe says to copy the block unchanged, with the space in `http: //`. The preview is built from it.",
        instead="Copy the block from the page on the explore specification, or from an example in specs/.",
        bad=_EXPLORE_EXAMPLE.replace("name: Resource", "name: Records"),
        good=_EXPLORE_EXAMPLE,
        check=_explore,
    ),
    Rule(
        code="version",
        severity=Severity.INFO,
        title='`version` is "1.0"',
        why=("Connections refer to the version of their spec, and existing ones refer to 1.0. It does not change with the spec."),
        instead='Write version: "1.0", in quotes.',
        bad='version: "1.1"\n',
        good='version: "1.0"\n',
        check=_version,
    ),
)
