"""Rules for ids, and for what a source requires before it is submitted to Adobe."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reconciler.desired.envelope import is_id
from reconciler.documents.names import without_faults_at_ends
from reconciler.documents.semantics import ID_LISTS, names_of
from reconciler.documents.shapes import name_of_type
from reconciler.errors import Severity
from reconciler.lint.body.providers import PROVIDERS, type_of_provider_like, why_no_id
from reconciler.lint.rule import Finding, Mark, Rename, Rule
from reconciler.lint.subject import Subject, entries_of, shown
from reconciler.sdk.catalog import LABELS
from reconciler.sdk.source_spec import ATTRIBUTES
from reconciler.wording.guesses import did_you_mean_one_of

_OF_TEXTS: Final = ("text", "key")
_UI: Final = (*ATTRIBUTES, "uiAttributes")
_RIGHT_NAME, *_OTHER_NAMES = names_of("transformationSpecs")


def _ids(subject: Subject) -> Iterable[Finding]:
    if not _is_id_that_is_seen(subject.spec.provider_id):
        yield _no_provider(subject)
    for section in ID_LISTS:
        for index, written in entries_of(subject.body.get(section)):
            if isinstance(written, str) and not _is_id_that_is_seen(written):
                why = why_no_id(written) or "so it refers to nothing"
                yield Finding((section, index), f"{shown(written)} is not a valid id{_glue(written)} {why}")


def _is_id_that_is_seen(written: str) -> bool:
    """Whether this is an id apart from invisible characters at its ends, which the rules for names report."""
    return is_id(without_faults_at_ends(written))


def _glue(written: str) -> str:
    return ":" if why_no_id(written) else ","


def _no_provider(subject: Subject) -> Finding:
    """The finding for an invalid provider id, with the only provider of the type, or else the known id that it resembles."""
    written, own = subject.spec.provider_id, subject.spec.spec_type
    meant = own if own in PROVIDERS else type_of_provider_like(written)
    why = why_no_id(written) or "providers are referred to by id"
    message = f"{shown(written)} is not a valid id{_glue(written)} {why}"
    hint = (
        f"write {PROVIDERS[meant]}, the provider of {meant}" if meant else "write the id of the provider, as a live spec has it"
    )
    return Finding(("providerId",), message, hint)


def _text_for_key(subject: Subject) -> Iterable[Finding]:
    for field in LABELS if subject.is_batch else ():
        block = subject.mapping((*_UI, field))
        if "text" in block and "key" not in block:
            message = f"`{field}` has a `text`, which is for testing; a submitted source has a `key` from Adobe instead"
            yield Finding((*_UI, field, "text"), message, mark=Mark.KEY)


def _text_block(subject: Subject) -> Iterable[Finding]:
    for field in (*LABELS, "category"):
        block = subject.mapping((*_UI, field))
        for key, value in block.items() if subject.is_connection_spec else ():
            if key not in _OF_TEXTS and value is not None:
                message = f"unknown key `{key[:80]}`; `{field}` has a `text` or a `key`"
                yield Finding((*_UI, field, key), message, did_you_mean_one_of(key, _OF_TEXTS) or f"remove {key[:80]}", Mark.KEY)


def _transformations(subject: Subject) -> Iterable[Finding]:
    for name in _OTHER_NAMES:
        if name in subject.body:
            message = f"`{name}` is another spelling of `{_RIGHT_NAME}`, which most responses have"
            fix = None if _RIGHT_NAME in subject.body else Rename(_RIGHT_NAME)
            yield Finding((name,), message, f"write {_RIGHT_NAME}", Mark.KEY, fix)


def _transformation_list(subject: Subject) -> Iterable[Finding]:
    for name in (_RIGHT_NAME, *_OTHER_NAMES):
        value = subject.body.get(name)
        if value is not None and not isinstance(value, list):
            yield Finding(
                (name,), f"`{name}` must be a list, not {name_of_type(value)}", f"write {name}: [{{name: Mapping, spec: …}}]"
            )


_EXAMPLE: Final = """\
type: generic-rest
sourceSpec:
  attributes:
    uiAttributes: {label: {LABEL}}
    urlParams: {path: /members, method: GET}
"""

RULES: Final = (
    Rule(
        code="not-an-id",
        severity=Severity.ERROR,
        title="Ids are UUIDs",
        why=(
            "Flow specs refer to connection specs by id, and a spec to its provider. The service accepts a name or a "
            "truncated id, but it refers to nothing."
        ),
        instead="Write all 36 characters of the id. To refer to a spec of this repository, write {ref: <key>}.",
        bad="kind: FlowSpec\ntargetConnectionSpecIds: [604ff05-7f1a-43c0-8e18-33bf874cb11c]\n",
        good="kind: FlowSpec\ntargetConnectionSpecIds: [c604ff05-7f1a-43c0-8e18-33bf874cb11c]\n",
        check=_ids,
    ),
    Rule(
        code="text-for-key",
        severity=Severity.INFO,
        title="A submitted source has `key` instead of `text`",
        why=(
            "Adobe translates labels, descriptions and icons, and gives a key for each after the submission. A `text` is "
            "shown unchanged and is for testing."
        ),
        instead="Write {key: <key from Adobe>} after the submission. Until then, or for a private source, turn this rule off.",
        bad=_EXAMPLE.replace("LABEL", "text: Members"),
        good=_EXAMPLE.replace("LABEL", "key: mailchimpMembersLabel"),
        check=_text_for_key,
    ),
    Rule(
        code="text-block",
        severity=Severity.WARNING,
        title="Labels, descriptions, icons and categories have a `text` or a `key`",
        why=(
            "The service ignores other keys there. Often the key is the rest of a string that a comma ended, or it is misspelled."
        ),
        instead="Write text: '…', in quotes, or key: ….",
        bad="sourceSpec: {attributes: {uiAttributes: {label: {key: members, txt: Members}}}}\n",
        good="sourceSpec: {attributes: {uiAttributes: {label: {key: members}}}}\n",
        check=_text_block,
    ),
    Rule(
        code="transformation-name",
        severity=Severity.INFO,
        title="The section is `transformationSpecs`",
        why=(
            "Adobe's pages have three spellings of this section. The reconciler always uses the one that is live; most "
            "responses have the plural."
        ),
        instead="Write transformationSpecs.",
        bad="kind: FlowSpec\ntransformationSpec: []\n",
        good="kind: FlowSpec\ntransformationSpecs: []\n",
        check=_transformations,
        fixable=True,
    ),
    Rule(
        code="transformation-list",
        severity=Severity.ERROR,
        title="Transformations are a list",
        why="The OpenAPI has a mapping in one place, but every published response has a list.",
        instead="Write a list of {name, spec}.",
        bad="kind: FlowSpec\ntransformationSpecs: {name: Mapping}\n",
        good="kind: FlowSpec\ntransformationSpecs: [{name: Mapping}]\n",
        check=_transformation_list,
    ),
)
