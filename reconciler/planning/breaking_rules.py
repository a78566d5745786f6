"""What live connections and flows rely on in a spec: a rule for each part of it, in one table for each kind.

A connection names the auth spec that it was made with, and holds its parameters; a source connection holds the user parameters of
`sourceSpec.spec`; a flow runs as `sourceSpec.attributes` say, and holds the parameters of its flow spec's schedule and options. What
Flow Service answers where they do not fit is in its table of errors (1414, 1415).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.planning.breaking_auth import auth_specs
from reconciler.planning.breaking_effect import Effect, Level, quoted
from reconciler.planning.breaking_pairs import Contract
from reconciler.planning.breaking_parts import SpecPart, changed_names
from reconciler.planning.breaking_placeholders import new_placeholders
from reconciler.planning.breaking_schemas import schema_effects

Rule: TypeAlias = Callable[[SpecPart], Iterable[Effect]]

_PARAMETERS: Final = Contract(
    subject="the user parameters",
    holders="source connections",
    hint="keep what is there, and add parameters as optional ones; or make a new spec beside this one",
)
_NAMED: Final = 4
"""Names that a sentence has."""
_FOR_PEOPLE: Final = frozenset(
    {"uiAttributes", "description", "label", "title", "icon", "category", "documentationLink", "examples", "$comment"}
)
"""Fields that forms and catalogues show, and nothing runs by."""


def rule_of(kind: Kind, section: str) -> Rule:
    """What judges a section of a spec of this kind."""
    return (_CONNECTION if kind is Kind.CONNECTION_SPEC else _FLOW).get(section, _other)


def _always(level: Level, code: str, words: str, hint: str | None = None) -> Rule:
    """What differs is always of this level: `words` say what is so now."""

    def judge(part: SpecPart) -> Iterator[Effect]:
        names = [quoted(name) for name in changed_names(part)]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        listed = f" ({', '.join(names[:_NAMED])}{more})" if names else ""
        yield part.effect(level, code, f"{words}{listed}", hint)

    return judge


def _identity(code: str, words: str) -> Rule:
    """What objects are made for: another one breaks them, and one that was not known before may be what it always was."""

    def judge(part: SpecPart) -> Iterator[Effect]:
        level = Level.RISKY if part.before is MISSING else Level.BREAKING
        yield part.effect(level, code, words, "keep it, and make a new spec beside this one")

    return judge


def _source(part: SpecPart) -> Iterator[Effect]:
    yield from _each(_SOURCE)(part)
    yield from new_placeholders(part)


def _each(rules: Mapping[str, Rule]) -> Rule:
    """An object whose parts have a rule each, or none."""

    def judge(part: SpecPart) -> Iterator[Effect]:
        if not part.is_object:
            yield from _other(part)
            return
        for child in part.parts():
            yield from rules.get(child.place[-1], _other)(child)

    return judge


def _other(part: SpecPart) -> Iterator[Effect]:
    """A part without a rule of its own: for people, or of unknown effect."""
    name = quoted(part.place[-1])
    if part.place[-1] in _FOR_PEOPLE:
        yield part.effect(Level.SAFE, "text", f"{name} is for people: nothing runs by it")
    else:
        yield part.effect(Level.RISKY, "behaviour", f"{name} is another one, and what relies on it is not known")


def _schema(contract: Contract) -> Rule:
    """A schema of what somebody holds."""

    def judge(part: SpecPart) -> Iterable[Effect]:
        return schema_effects(part.old_body, part.before, part.after, part.place, contract)

    return judge


def _embedded(contract: Contract) -> Rule:
    """A section such as `scheduleSpec`, whose `spec` is a schema of what somebody holds."""
    return _each({"spec": _schema(contract)})


def _steps(words: str) -> Rule:
    """A list of what flows may name: whether one does cannot be seen from here."""

    def judge(part: SpecPart) -> Iterator[Effect]:
        entries = part.entries()
        if entries is None:
            yield part.effect(Level.RISKY, "unjudged", f"the {words}s cannot be told apart by name")
            return
        for name, entry in entries.items():
            what = f"{words} {quoted(name)}"
            if entry.after is MISSING:
                yield entry.effect(Level.RISKY, f"{words}-removed", f"{what} is gone, and flows may name it")
            elif entry.before is MISSING:
                yield entry.effect(Level.SAFE, f"{words}-added", f"{what} is new")
            elif entry.differs:
                yield from _embedded(Contract(what, "flows", "keep what is there", ceiling=Level.RISKY))(entry)

    return judge


def _targets(part: SpecPart) -> Iterator[Effect]:
    before, after = (value if isinstance(value, list) else [] for value in (part.before, part.after))
    gone = [item for item in before if item not in after]
    if gone:
        names = ", ".join(quoted(item) for item in gone[:_NAMED])
        yield part.effect(Level.RISKY, "target-removed", f"flows may write to what is no target any more: {names}")
    else:
        yield part.effect(Level.SAFE, "target-added", "there are more targets")


def _nothing(_part: SpecPart) -> Iterable[Effect]:
    """Sources of a flow spec come by attaching and go by detaching, which has guards of its own."""
    return ()


_REQUEST: Final = _always(Level.RISKY, "request", "running flows call the source otherwise from their next run on")
_CONTENT: Final = _always(Level.RISKY, "content-path", "running flows take their records from elsewhere, or with other fields")
_SOURCE_ATTRIBUTES: Final[Mapping[str, Rule]] = {
    "urlParams": _REQUEST,
    "headerParams": _REQUEST,
    "bodyParams": _REQUEST,
    "contentPath": _CONTENT,
    "explodeEntityPath": _CONTENT,
    "paginationParams": _always(Level.RISKY, "pagination", "running flows page through the source otherwise"),
    "scheduleParams": _always(Level.RISKY, "schedule", "running flows ask for their time window otherwise"),
}
_SOURCE: Final[Mapping[str, Rule]] = {
    "spec": _schema(_PARAMETERS),
    "attributes": _each(_SOURCE_ATTRIBUTES),
    "schema": _always(Level.RISKY, "custom-schema", "the schema of the source's records is another one"),
}
_BOTH_KINDS: Final[Mapping[str, Rule]] = {
    "name": _always(Level.RISKY, "spec-name", "who looks this spec up by name does not find it any more"),
    "version": _always(Level.RISKY, "spec-version", "connections and flows name the version that they were made for"),
    "providerId": _identity(
        "provider", "the spec belongs to another provider, and connections were made for the one from before"
    ),
    "permissionsInfo": _always(Level.RISKY, "permissions", "others may use this spec, or not any more"),
    "transformationSpecs": _steps("transformation"),
    "encryptionSpecs": _steps("encryption"),
    "attributes": _each({}),
}
_CONNECTION: Final[Mapping[str, Rule]] = {
    **_BOTH_KINDS,
    "type": _identity("spec-type", "the spec is of another type, and connections were made for the one from before"),
    "authSpec": auth_specs,
    "sourceSpec": _source,
    "exploreSpec": _always(Level.RISKY, "explore", "exploring and previewing a source works otherwise"),
}
_FLOW: Final[Mapping[str, Rule]] = {
    **_BOTH_KINDS,
    "scheduleSpec": _embedded(
        Contract("the schedule", "flows", "keep what schedules may be now, or make a new flow spec beside this one")
    ),
    "optionSpec": _embedded(
        Contract("the options", "flows", "keep what options may be now, or make a new flow spec beside this one")
    ),
    "sourceConnectionSpecIds": _nothing,
    "targetConnectionSpecIds": _targets,
}
