"""Rules for what live connections and flows rely on in a spec: one rule for each part, in one table for each kind.

A connection names the auth spec that it was made with and holds its parameters. A source connection holds the user parameters of
`sourceSpec.spec`. A flow runs as `sourceSpec.attributes` define, and holds the parameters of its flow spec's schedule and options. Flow
Service reports a mismatch with the errors in its table (1414, 1415).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from reconciler.breaking.auth_specs import auth_specs
from reconciler.breaking.effect import Effect, Level, quoted, turned
from reconciler.breaking.json_schema.keywords import schema_effects
from reconciler.breaking.json_schema.pair import Contract
from reconciler.breaking.parts import SpecPart, changed_values
from reconciler.breaking.placeholders import new_placeholders
from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING, Missing
from reconciler.sdk.source_spec import CONTENT, REQUEST

Rule: TypeAlias = Callable[[SpecPart], Iterable[Effect]]

_PARAMETERS: Final = Contract(
    subject="the schema of user parameters",
    holders="source connections",
    hint="keep the existing parameters and add only optional ones, or create a new spec",
    part="user parameter",
    shows="their flows may fail at their next run",
)
_NAMED: Final = 4
"""Maximum number of names or changes in a message."""
_TRY: Final = "test it with a flow in a development sandbox first, or create a new spec"
_NAME: Final = "tell the people who look it up, or keep the name and change only the label"
_PERMISSIONS: Final = "check who uses it, and keep what they need"
_FOR_PEOPLE: Final = frozenset(
    {"uiAttributes", "description", "label", "title", "icon", "category", "documentationLink", "examples", "$comment"}
)
"""Fields that only forms and catalogs show, with no effect at run time."""


def rule_of(kind: Kind, section: str) -> Rule:
    """The rule for a section of a spec of this kind."""
    return (_CONNECTION if kind is Kind.CONNECTION_SPEC else _FLOW).get(section, _other)


def _risky(code: str, words: str, hint: str = _TRY) -> Rule:
    """A rule for which every difference is risky: `words` state the new behavior."""

    def judge(part: SpecPart) -> Iterator[Effect]:
        yield part.effect(Level.RISKY, code, _with_difference(words, part), hint)

    return judge


def _with_difference(words: str, part: SpecPart) -> str:
    """The message, with the previous and new values after its first clause."""
    change, colon, harm = words.partition(": ")
    return f"{change} ({_difference(part)}){colon}{harm}"


def _difference(part: SpecPart) -> str:
    """The previous and new values in short, for each part that differs or for the whole."""
    changes = changed_values(part) or [turned(part.before, part.after)]
    more = f" and {len(changes) - _NAMED} more" if len(changes) > _NAMED else ""
    return "; ".join(changes[:_NAMED]) + more


def _identity(code: str, words: str) -> Rule:
    """A rule for identifying values: a change is breaking; a newly set value is risky, since it may always have applied."""

    def judge(part: SpecPart) -> Iterator[Effect]:
        level = Level.RISKY if part.before is MISSING else Level.BREAKING
        yield part.effect(level, code, _with_difference(words, part), "keep it, and create a new spec")

    return judge


def _source(part: SpecPart) -> Iterator[Effect]:
    yield from _each(_SOURCE)(part)
    yield from new_placeholders(part)


def _each(rules: Mapping[str, Rule]) -> Rule:
    """A rule for an object with separate rules for its parts."""

    def judge(part: SpecPart) -> Iterator[Effect]:
        if not part.is_object:
            yield from _other(part)
            return
        for child in part.parts():
            yield from rules.get(child.place[-1], _other)(child)

    return judge


def _other(part: SpecPart) -> Iterator[Effect]:
    """A part without a rule: descriptive, or of unknown effect."""
    name = quoted(part.place[-1])
    if part.place[-1] in _FOR_PEOPLE:
        yield part.effect(Level.SAFE, "text", f"{name} is only for people; nothing depends on it at run time")
    else:
        reason = f"{name} changes ({_difference(part)}): it is unknown whether connections or flows rely on it"
        yield part.effect(Level.RISKY, "behaviour", reason, "test it with a connection and a flow in a development sandbox first")


def _schema(contract: Contract) -> Rule:
    """A rule for a schema of held values."""

    def judge(part: SpecPart) -> Iterable[Effect]:
        return schema_effects(part.old_body, part.before, part.after, part.place, contract)

    return judge


def _embedded(contract: Contract) -> Rule:
    """A rule for a section such as `scheduleSpec`, whose `spec` is a schema of held values."""
    return _each({"spec": _schema(contract)})


def _flow_parameters(what: str, part: str) -> Rule:
    hint = f"keep accepting the {what} that are valid now, or create a new flow spec"
    shows = "they may be rejected when they are updated, or stop running"
    return _embedded(Contract(f"the schema of {what}", "flows", hint, part=part, shows=shows))


def _steps(words: str) -> Rule:
    """A rule for a list whose entries flows may name; the spec does not show whether one does."""

    def judge(part: SpecPart) -> Iterator[Effect]:
        entries = part.entries()
        if entries is None:
            reason = f"the {words}s do not have unique names: it is unknown whether flows still find theirs"
            yield part.effect(Level.RISKY, "unjudged", reason, f"give each {words} a unique name")
            return
        for name, entry in entries.items():
            what = f"{words} {quoted(name)}"
            if entry.after is MISSING:
                reason = f"{what} is removed: flows that refer to it fail at their next run"
                yield entry.effect(Level.BREAKING, f"{words}-removed", reason, f"keep the {words} until no flow refers to it")
            elif entry.before is MISSING:
                yield entry.effect(Level.SAFE, f"{words}-added", f"{what} is new")
            elif entry.differs:
                yield from _embedded(_step(what))(entry)

    return judge


def _step(what: str) -> Contract:
    hint = "keep the existing parameters, and add only optional ones"
    return Contract(what, "flows", hint, part="parameter", ceiling=Level.RISKY, shows="they may fail at their next run")


def _gone(part: SpecPart) -> list[Json]:
    before, after = (value if isinstance(value, list) else [] for value in (part.before, part.after))
    return [item for item in before if item not in after]


def _targets(part: SpecPart) -> Iterator[Effect]:
    gone = _gone(part)
    if gone:
        names = ", ".join(quoted(item) for item in gone[:_NAMED])
        reason = f"the flow spec no longer accepts {names} as a target: flows that write there fail at their next run"
        yield part.effect(Level.BREAKING, "target-removed", reason, "keep the target until no flow writes to it")
    else:
        yield part.effect(Level.SAFE, "target-added", "targets are added")


def _sources(part: SpecPart) -> Iterable[Effect]:
    """The sources of a flow spec. Attach and detach have their own guards, which check usage."""
    gone = _gone(part)
    if gone:
        names = ", ".join(quoted(item["ref"] if isinstance(item, dict) and "ref" in item else item) for item in gone[:_NAMED])
        reason = f"the flow spec no longer accepts {names} as a source: its flows of that source fail at their next run"
        yield part.effect(Level.RISKY, "source-removed", reason, "keep the source until it has no flow on this flow spec")


_REQUEST: Final = _risky("request", "requests change: existing flows call the source differently from their next run")
_CONTENT: Final = _risky(
    "content-path",
    "the content changes: existing flows read records from another path, or with other fields, from their next run",
)
_PAGING: Final = _risky("pagination", "pagination changes: existing flows may miss or repeat records from their next run")


def _paging(part: SpecPart) -> Iterable[Effect]:
    """Pagination. Numbers may be JSON numbers or strings in published specs, so that difference is ignored."""
    if _as_texts(part.before) == _as_texts(part.after):
        return (part.effect(Level.SAFE, "pagination-form", "a pagination number changes between a number and a string"),)
    return _PAGING(part)


def _as_texts(block: Json | Missing) -> Json | Missing:
    if not isinstance(block, dict):
        return block
    return {key: str(value) if isinstance(value, int) and not isinstance(value, bool) else value for key, value in block.items()}


_SOURCE_ATTRIBUTES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(REQUEST, _REQUEST),
    **dict.fromkeys(CONTENT, _CONTENT),
    "paginationParams": _paging,
    "scheduleParams": _risky(
        "schedule", "schedule parameters change: existing flows request their time window differently from their next run"
    ),
}
_SOURCE: Final[Mapping[str, Rule]] = {
    "spec": _schema(_PARAMETERS),
    "attributes": _each(_SOURCE_ATTRIBUTES),
    "schema": _risky("custom-schema", "the record schema changes: mappings of existing flows may miss fields"),
}
_BOTH_KINDS: Final[Mapping[str, Rule]] = {
    "name": _risky("spec-name", "the spec is renamed: lookups by the old name fail", _NAME),
    "version": _risky("spec-version", "the version changes: connections and flows refer to the version they were created for"),
    "providerId": _identity("provider", "the provider changes: connections created for the old provider fail"),
    "permissionsInfo": _risky("permissions", "access to the spec changes: people may lose or gain access", _PERMISSIONS),
    "transformationSpecs": _steps("transformation"),
    "encryptionSpecs": _steps("encryption"),
    "attributes": _each({}),
}
_CONNECTION: Final[Mapping[str, Rule]] = {
    **_BOTH_KINDS,
    "type": _identity("spec-type", "the type changes: connections created for the old type fail"),
    "authSpec": auth_specs,
    "sourceSpec": _source,
    "exploreSpec": _risky("explore", "exploration changes: new flows get different previews; existing flows run as before"),
}
_FLOW: Final[Mapping[str, Rule]] = {
    **_BOTH_KINDS,
    "scheduleSpec": _flow_parameters("schedules", "schedule parameter"),
    "optionSpec": _flow_parameters("options", "option"),
    "sourceConnectionSpecIds": _sources,
    "targetConnectionSpecIds": _targets,
}
