"""The sections of a body: its top-level fields, in the order of new files.

Sources: the pages of Self-Serve Sources ("Create a new source", "Update flow specs"), published responses, and the request models of the
Flow Service OpenAPI (`CreateConnectionSpecRequest`, `CreateFlowSpecRequest`), the only source of settings, policy, entitlementInfo,
runSpec.
"""

from __future__ import annotations

from typing import Final

from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SOURCES, names_of
from reconciler.sdk.authentication import AUTH_SPEC
from reconciler.sdk.fields import Field, Shape
from reconciler.sdk.source_spec import SOURCE_SPEC
from reconciler.sdk.sources import PROVIDERS, SOURCE_TYPES

_BLOCK, _FLAG, _SCHEMA = Shape.BLOCK, Shape.FLAG, Shape.SCHEMA


def _with_schema(what: str) -> tuple[Field, ...]:
    """The fields of a section that has a name and a JSON Schema."""
    return (Field("name", "Its name, which flows refer to."), Field("type", "Its type."), Field("spec", what, _SCHEMA))


_PARAMETERS: Final = _with_schema("The parameters: a JSON Schema of an object.")
_PERMISSION: Final = (
    Field("name", "The name of the permission in access control.", examples=("EnterpriseSource", "StreamingSource")),
    Field("@type", "The granularity of the check.", examples=("lowLevel",)),
    Field("permissions", "The rights that it must include.", Shape.NAMES, values={"read": "View it.", "write": "Change it."}),
)
_API_FEATURES: Final = Field(
    "apiFeatures",
    "What the API supports for it.",
    _BLOCK,
    fields=(
        Field("explorePaginationSupported", "Whether exploring returns more than one page. false for a batch source.", _FLAG),
        Field("updateSupported", "Whether a connection can be changed after it is created.", _FLAG),
        Field("deleteSupported", "Whether its flows can be deleted.", _FLAG),
        Field("flowRunsSupported", "Whether flows have runs that can be listed.", _FLAG),
    ),
)
_UI_ATTRIBUTES: Final = Field("uiAttributes", "What the UI reads.", _BLOCK, fields=(_API_FEATURES,))
_DRAFTS: Final = Field("isDraftModeSupported", "Whether connections and flows can be saved as drafts.", _FLAG)

_HEAD: Final = (
    Field(
        "name",
        "The name of the live object. No object is created while another one has its name and provider, because a duplicate "
        "cannot be deleted.",
        Shape.NAME,
    ),
    Field("description", "What it is. The service may not keep it."),
)
_PROVIDER: Final = (
    Field("providerId", "The service of Adobe's that runs it.", values=PROVIDERS, is_open=True),
    Field("version", 'Always "1.0", in quotes: it is a string, and YAML would read a number.', examples=("1.0",)),
)
_TAIL: Final = (
    Field(
        "permissionsInfo",
        "The permissions that people need. If a file leaves it out, it stays as it is live.",
        _BLOCK,
        fields=(
            Field("view", "What is needed to view it.", Shape.BLOCKS, fields=_PERMISSION),
            Field("manage", "What is needed to create and change connections with it.", Shape.BLOCKS, fields=_PERMISSION),
        ),
    ),
    Field("encryptionSpecs", "How files are encrypted, keyed by name.", Shape.BLOCKS, fields=_PARAMETERS),
    Field("entitlementInfo", "The entitlements that an organization needs.", Shape.ANY),
    Field("policy", "The policy that applies to it.", Shape.ANY),
)

CONNECTION_SECTIONS: Final = (
    *_HEAD,
    Field(
        "type",
        "The type of source, which decides the flow spec that it is attached to.",
        values={source.name: f"{source.about} It is attached to {source.flow_spec}." for source in SOURCE_TYPES.values()},
        is_open=True,
    ),
    *_PROVIDER,
    Field(
        "attributes",
        "What the catalog and the service know about the source.",
        _BLOCK,
        fields=(
            Field("category", "The category of the catalog, in words.", examples=("Streaming", "Cloud Storage")),
            Field("connectorName", "The name of a connector of Adobe's own."),
            Field("isSource", "Whether it ingests data into Experience Platform.", _FLAG),
            _DRAFTS,
            Field("documentationLink", "The address of the documentation."),
            _UI_ATTRIBUTES,
        ),
    ),
    AUTH_SPEC,
    SOURCE_SPEC,
    Field(
        "exploreSpec",
        "How a source is explored and previewed before a flow exists. For a batch source the documentation says to copy the "
        "block unchanged, with the space in `http: //` of `responseSpec`.",
        _BLOCK,
        page="config/explorespec",
        fields=(
            Field("name", "What is explored: `Resource` for a batch source.", examples=("Resource",)),
            Field("type", "The same for a batch source; `StreamingConnection` for a streaming one.", examples=("Resource",)),
            Field("requestSpec", "The parameters of an explore request.", _SCHEMA),
            Field("responseSpec", "The response: a JSON Schema, or a mapping of them by the kind of object.", Shape.ANY),
        ),
    ),
    Field("targetSpec", "The parameters of a destination of this kind.", _BLOCK, fields=_PARAMETERS),
    Field("settings", "Settings of the connector.", _BLOCK),
    *_TAIL,
)
FLOW_SECTIONS: Final = (
    *_HEAD,
    Field("type", "Its type."),
    *_PROVIDER,
    Field(SOURCES, "The connection specs that data may come from.", Shape.IDS, page="self-serve-api/update-flow-specs"),
    Field("targetConnectionSpecIds", "The connection specs that data may go to.", Shape.IDS),
    Field("optionSpec", "The options of a flow besides its schedule.", _BLOCK, fields=_PARAMETERS),
    Field(
        "transformationSpecs",
        "The transformations that a flow may have, keyed by name. Published pages have three spellings of this section; use the"
        " one that is live.",
        Shape.BLOCKS,
        fields=_PARAMETERS,
    ),
    Field(
        "scheduleSpec",
        "How often a flow may run.",
        _BLOCK,
        fields=(
            Field("name", "Its name.", examples=("PeriodicSchedule",)),
            Field("type", "Its type.", examples=("Periodic",)),
            Field(
                "spec", "The parameters of a schedule: a JSON Schema with startTime, frequency, interval and backfill.", _SCHEMA
            ),
        ),
    ),
    Field("runSpec", "The parameters of a single run.", _BLOCK, fields=_PARAMETERS),
    Field(
        "attributes",
        "What the service knows about its flows.",
        _BLOCK,
        fields=(
            Field("isSourceFlow", "Whether its flows ingest data into Experience Platform.", _FLAG),
            _DRAFTS,
            Field("flacValidationSupported", "Whether access to single fields is checked.", _FLAG),
            Field("frequency", "How data arrives.", examples=("batch", "streaming")),
            Field(
                "notification",
                "The notifications about runs.",
                _BLOCK,
                fields=(
                    Field("category", "The category of the notifications.", examples=("sources",)),
                    Field(
                        "flowRun",
                        "Notifications about runs.",
                        _BLOCK,
                        fields=(Field("enabled", "Whether they are sent.", _FLAG),),
                    ),
                ),
            ),
            _UI_ATTRIBUTES,
        ),
    ),
    *_TAIL,
)
SECTIONS: Final = {Kind.CONNECTION_SPEC: CONNECTION_SECTIONS, Kind.FLOW_SPEC: FLOW_SECTIONS}


def _names(sections: tuple[Field, ...]) -> tuple[str, ...]:
    return tuple(name for section in sections for name in names_of(section.name))


NAMES: Final = {kind: _names(sections) for kind, sections in SECTIONS.items()}
"""The sections of each kind, under all of their names."""
ONLY_CONNECTION: Final = frozenset(NAMES[Kind.CONNECTION_SPEC]) - frozenset(NAMES[Kind.FLOW_SPEC])
ONLY_FLOW: Final = frozenset(NAMES[Kind.FLOW_SPEC]) - frozenset(NAMES[Kind.CONNECTION_SPEC])
"""Sections that only one kind of spec has."""
