"""Rules for the top level of a body: the sections of its kind, their types, and whether it is the body of a spec."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from reconciler.desired.resources import Resource, resource_of
from reconciler.documents.json_text import Json
from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.documents.shapes import name_of_type
from reconciler.errors import Severity
from reconciler.lint.rule import Finding, Mark, Rename, Rule
from reconciler.lint.subject import Subject
from reconciler.sdk.fields import Shape
from reconciler.sdk.sections import NAMES, ONLY_CONNECTION, ONLY_FLOW, SECTIONS
from reconciler.wording.guesses import did_you_mean_one_of

_MAX_TOLD: Final = 20
"""Unknown sections reported for one body."""


class _Shape(NamedTuple):
    type: type
    words: str
    hint: str


_MAPPING: Final = _Shape(dict, "a mapping", "write its keys under it, indented")
_LIST: Final = _Shape(list, "a list", "write it as a list, with a - before each entry")
_SHAPES: Final = {Shape.BLOCK: _MAPPING, Shape.BLOCKS: _LIST}


def _unknown(subject: Subject) -> Iterable[Finding]:
    if not {"name", "providerId"} <= subject.body.keys():
        return  # only a part of a body, which a file cannot have
    resource = resource_of(subject.body)
    known = NAMES[subject.spec.kind]
    foreign = ONLY_FLOW if subject.is_connection_spec else ONLY_CONNECTION
    of_others = foreign | SERVER_MANAGED | frozenset(resource.fields if resource else ())
    strange = [name for name in subject.body if name not in known and name not in of_others]
    for name in strange[:_MAX_TOLD]:
        free = [section for section in known if section not in subject.body]
        meant = next((section for section in known if section.lower() == name.strip().lower()), None)
        same = meant if meant in free else None
        message = f"`{name[:80]}` is not a section of {subject.spec.kind.words}s; the service stores it and ignores it"
        there = f"remove one of the two: the body also has `{meant}`" if meant else did_you_mean_one_of(name, free)
        hint = f"write {same}" if same else there
        yield Finding((name,), message, hint, Mark.KEY, Rename(same) if same else None)


def _other_resource(subject: Subject) -> Iterable[Finding]:
    resource = resource_of(subject.body)
    if resource is not None:
        yield Finding((resource.fields[0],), said_of(resource, subject.spec.kind.words), resource.hint, Mark.KEY)


def said_of(resource: Resource, words: str) -> str:
    """The message for the body of another resource."""
    return f"this is the body of {resource.request} ({resource.words}), not of a {words}"


def _shapes(subject: Subject) -> Iterable[Finding]:
    for section in SECTIONS[subject.spec.kind]:
        name, shape = section.name, _SHAPES.get(section.shape)
        value: Json = subject.body.get(name)
        if shape and value is not None and name != "transformationSpecs" and not isinstance(value, shape.type):
            yield Finding((name,), f"`{name}` must be {shape.words}, not {name_of_type(value)}", shape.hint)


RULES: Final = (
    Rule(
        code="unknown-section",
        severity=Severity.ERROR,
        title="Every section is known for the kind of spec",
        why=(
            "Flow Service accepts and keeps any key at the top of a body. It ignores a misspelled section, and the spec "
            "cannot be deleted."
        ),
        instead="Write the section as Adobe's pages spell it; case matters. `--fix` does this if only the case differs.",
        bad="sourcespec: {attributes: {}}\n",
        good="sourceSpec: {attributes: {}}\n",
        check=_unknown,
        fixable=True,
    ),
    Rule(
        code="other-resource",
        severity=Severity.ERROR,
        title="The body is that of a spec",
        why=(
            "Connections, source and target connections and flows have bodies of their own, some with credentials in "
            "`auth.params`. If one is created as a spec, everyone who can list sources can read it, and it cannot be "
            "deleted."
        ),
        instead="Send it to its own endpoint, and keep only specs here.",
        bad="connectionSpec: {id: 2e8580db-6489-4726-96de-e33f5f60295f}\nauth: {specName: Basic Authentication, params: {}}\n",
        good="authSpec: [{name: Basic Authentication, type: BasicAuthentication}]\n",
        check=_other_resource,
    ),
    Rule(
        code="section-shape",
        severity=Severity.ERROR,
        title="Sections are mappings or lists",
        why="The service accepts a string or a number instead of a section, and then the content is missing.",
        instead="Write the keys of the section, or the entries of the list, below it.",
        bad="authSpec: {name: Basic Authentication}\n",
        good="authSpec: [{name: Basic Authentication}]\n",
        check=_shapes,
    ),
)
