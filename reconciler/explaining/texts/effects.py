"""What a change does to connections and flows that exist."""

from __future__ import annotations

from typing import Final

from reconciler.explaining.text import Explanation, explained

_TRY: Final = "Test it with an existing connection in a development sandbox."
_KEEP: Final = "Keep accepting what is valid now, or create a new spec."

EFFECTS: Final[tuple[Explanation, ...]] = explained(
    "Effects of a change",
    "breaking, plan and diff",
    (
        (
            "file-removed",
            "The spec file is removed",
            "The live spec becomes an orphan.",
            "List the key under `retired:`, or restore the file.",
        ),
        (
            "key-changed",
            "The key changed",
            "The live spec would count as an orphan.",
            "List the old key under `formerly`.",
        ),
        (
            "differs-upstream",
            "An overlay or a variable makes the section differ from the target before",
            "What is written here was not tried there.",
            "Check the value; `reconciler diff --targets` shows where it comes from.",
        ),
        (
            "newly-written",
            "The file owns a section that it did not write before",
            "What is live there is overwritten.",
            "Compare it with what is live first.",
        ),
        ("auth-added", "A way to authenticate is new", "Existing connections keep theirs.", "Nothing."),
        (
            "auth-removed",
            "A way to authenticate is removed",
            "Connections that use it can no longer be changed, or fail.",
            "Keep it until no connection uses it.",
        ),
        (
            "auth-renamed",
            "A way to authenticate is renamed",
            "Connections name it, and no longer find it.",
            "Keep the name.",
        ),
        (
            "auth-type",
            "The type of a way to authenticate changed",
            "Credentials of existing connections no longer fit.",
            "Add another entry instead.",
        ),
        ("auth-behaviour", "A way to authenticate behaves differently", "Existing connections may fail.", _TRY),
        ("property-added", "A property is new", "Nothing that exists has it.", "Nothing."),
        ("property-removed", "A property is removed", "Connections and flows may hold a value for it.", _KEEP),
        ("property-moved", "A property moved", "Values at the old place may be ignored.", _TRY),
        ("property-renamed", "A property is renamed", "Values of the old name are not read.", _KEEP),
        (
            "newly-required",
            "A property is required now",
            "What exists may not have it.",
            "Give it a default, or leave it optional.",
        ),
        (
            "required-default",
            "A property with a default is required now",
            "Whether the default applies to what exists is not documented.",
            _TRY,
        ),
        ("default-gone", "A default is removed", "What relied on it has no value.", "Keep the default."),
        ("default-changed", "A default changed", "What relied on it behaves differently.", _TRY),
        ("enum-added", "Only listed values are allowed now", "What exists may have another one.", _KEEP),
        ("enum-narrowed", "Fewer values are allowed", "What exists may have one of the others.", _KEEP),
        ("bounds", "A limit is stricter", "What exists may be beyond it.", _KEEP),
        ("pattern", "A pattern is new or stricter", "What exists may not match it.", _KEEP),
        ("format", "A format is new or changed", "What exists may not have it.", _TRY),
        ("retyped", "The type of a value changed", "What exists no longer fits.", _KEEP),
        ("typed", "Only one type is accepted now, as the keywords implied", "A value of another type may exist.", _TRY),
        ("closed", "Unknown properties are no longer accepted", "What exists may have some.", _KEEP),
        ("loosened", "More is accepted than before", "Everything that exists still fits.", "Nothing."),
        ("secret", "A property is treated as a secret now, or no longer", "Stored values may be shown or lost.", _TRY),
        ("dialect", "The dialect of a schema changed", "Its rules may mean something else.", "Keep draft-07."),
        ("sent-as", "The name or place under which a value is sent changed", "The third party may not accept it.", _TRY),
        ("behaviour", "A keyword that the service may read at run time changed", "Its meaning is not documented.", _TRY),
        ("unjudged", "The change cannot be shown to be safe", "No rule knows what it does.", _TRY),
        ("text", "Only texts for people changed", "Nothing that exists is affected.", "Nothing."),
        (
            "placeholder",
            "The source of a placeholder changed",
            "Existing connections may have no value for it.",
            _TRY,
        ),
        ("request", "The request changed", "Flows fetch something else at their next run.", _TRY),
        ("content-path", "The path of the records changed", "Flows may read nothing, or something else.", _TRY),
        ("pagination", "The pagination changed", "Flows may lose or repeat records.", "Run `reconciler try KEY`."),
        (
            "pagination-form",
            "The form of the pagination changed",
            "The service may read it differently.",
            "Run `reconciler try KEY`.",
        ),
        (
            "schedule",
            "The time range that a run fetches changed",
            "Flows may lose or repeat records.",
            "Run `reconciler try KEY --windows`.",
        ),
        ("custom-schema", "The schema of the records changed", "Mappings of flows may no longer fit.", _TRY),
        ("explore", "The preview changed", "People see something else when they set up a flow.", _TRY),
        ("permissions", "The permissions changed", "People may lose access.", "Ask who uses it."),
        ("provider", "The provider changed", "Existing connections belong to the old one.", "Create a new spec."),
        ("spec-type", "The type changed", "Flows may no longer be possible.", "Create a new spec."),
        ("spec-name", "The spec is renamed", "Lookups by the old name fail.", "Ask who looks it up by name."),
        ("spec-version", "The version changed", "Connections refer to the old one.", _TRY),
        ("source-added", "A source may use the flow spec", "Nothing that exists is affected.", "Nothing."),
        (
            "source-removed",
            "A source can no longer use the flow spec",
            "Its flows cannot be changed, or stop.",
            "Move them first.",
        ),
        ("target-added", "Another destination is possible", "Nothing that exists is affected.", "Nothing."),
        ("target-removed", "A destination is no longer possible", "Flows that write to it stop.", "Move them first."),
        ("transformation-added", "A transformation is new", "No flow names it yet.", "Nothing."),
        (
            "transformation-removed",
            "A transformation is removed",
            "Flows that name it fail at their next run.",
            "Keep it until no flow names it.",
        ),
        ("encryption-added", "An encryption is new", "No flow names it yet.", "Nothing."),
        (
            "encryption-removed",
            "An encryption is removed",
            "Flows that name it fail at their next run.",
            "Keep it until no flow names it.",
        ),
    ),
)
