"""Rules for `paginationParams`: each type has its own fields.

Source: Self-Serve Sources, "Configure source specification", pagination.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.errors import Severity
from reconciler.lint.body.fields import TypedBlock
from reconciler.lint.rule import Finding, Mark, Rename, Replace, Rule
from reconciler.lint.rules.old_names import OLD_PAGINATION
from reconciler.lint.subject import Subject, shown
from reconciler.sdk.fields import Shape, by_name
from reconciler.sdk.pagination import FIELDS, FORMS, PARAMETER_TYPES, TYPES
from reconciler.sdk.source_spec import ATTRIBUTES
from reconciler.wording.guesses import did_you_mean

_PATH: Final = (*ATTRIBUTES, "paginationParams")
_BLOCK: Final = TypedBlock(_PATH, FIELDS, FORMS, {name: f"type {name}" for name in TYPES})
_OFFSET: Final = by_name(FIELDS)["offSetName"]
_WRONG_OFFSET: Final = _OFFSET.also[0]
"""The spelling of the template; the table of properties and all complete bodies have a capital S."""

_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")
_FILLED_IN: Final = re.compile(r"\$\{[^{}]+\}")
_EXPRESSION: Final = re.compile(r"(?:headers|body|\$)\..+")


def _block(subject: Subject) -> tuple[Document, str | None]:
    """The block, and its type if that is known."""
    block = _as_today(subject.mapping(_PATH))
    name = block.get("type")
    return block, name if isinstance(name, str) and name in TYPES else None


def _as_today(block: Document) -> Document:
    """The block with current names instead of old ones, which another rule reports."""
    if OLD_PAGINATION.isdisjoint(block):
        return block
    kind, pointer = block.get("paginationType"), block.get("pointerValue")
    old = {"type": kind.upper() if isinstance(kind, str) else kind, "pointerPath": pointer}
    return {field: value for field, value in old.items() if value is not None} | {
        field: value for field, value in block.items() if field not in OLD_PAGINATION
    }


def _empty(subject: Subject) -> Iterable[Finding]:
    if subject.at(_PATH) == {}:
        yield Finding(_PATH, "`paginationParams` is empty, and the service refuses it with error 1316", mark=Mark.KEY)


def _type(subject: Subject) -> Iterable[Finding]:
    block, name = _block(subject)
    if not block or name is not None:
        return
    written = block.get("type")
    if written is None:
        yield Finding(
            _PATH,
            "the pagination has no `type`, so the next page cannot be requested",
            f"write type: {' or '.join(TYPES)}",
        )
        return
    fix = Replace(written.upper()) if isinstance(written, str) and written.upper() in TYPES else None
    hint = f"write {fix.text}" if fix else did_you_mean(str(written)[:80], TYPES)
    yield Finding((*_PATH, "type"), f"{shown(written)} is not a valid type of pagination", hint, fix=fix)


def _missing(subject: Subject) -> Iterable[Finding]:
    block, name = _block(subject)
    if name is None:
        return
    if _WRONG_OFFSET in block and _OFFSET.name not in block:
        block = block | {_OFFSET.name: block[_WRONG_OFFSET]}
    yield from _BLOCK.missing(block, name)


def _foreign(subject: Subject) -> Iterable[Finding]:
    block, name = _block(subject)
    if name is None:
        return
    read = {field: value for field, value in block.items() if not (field == _WRONG_OFFSET and name == "OFFSET")}
    yield from _BLOCK.foreign(read, name)


def _offset_spelling(subject: Subject) -> Iterable[Finding]:
    block, name = _block(subject)
    if name != "OFFSET" or _WRONG_OFFSET not in block:
        return
    fix = Rename(_OFFSET.name) if _OFFSET.name not in block else None
    hint = f"write {_OFFSET.name}" if fix else f"remove it: the block already has {_OFFSET.name}"
    message = f"`{_WRONG_OFFSET}` must be `{_OFFSET.name}`, with a capital S"
    yield Finding((*_PATH, _WRONG_OFFSET), message, hint, Mark.KEY, fix)


def _parameter_type(subject: Subject) -> Iterable[Finding]:
    block, name = _block(subject)
    written = block.get("parameterType")
    if name != "CONTINUATION_TOKEN" or written is None or written in PARAMETER_TYPES:
        return
    plain = re.sub(r"[\s_-]", "", written).upper() if isinstance(written, str) else ""
    fix = Replace(plain) if plain in PARAMETER_TYPES else None
    hint = f"write {fix.text}" if fix else did_you_mean(str(written)[:80], PARAMETER_TYPES)
    yield Finding(
        (*_PATH, "parameterType"), f"{shown(written)} is not a valid place for a token; use the query or a header", hint, fix=fix
    )


def _numbers(subject: Subject) -> Iterable[Finding]:
    block = subject.mapping(_PATH)
    for field in FIELDS:
        value = block.get(field.name)
        if field.shape is not Shape.NUMBER or value is None:
            continue
        if not _is_number(value, field.least) and not _may_be_text(field.name, value):
            yield Finding(
                (*_PATH, field.name),
                f"`{field.name}` must be an integer of at least {field.least}, not {shown(value)}",
                f"write a number, such as {field.name}: {field.examples[0]}",
            )


def _is_number(value: Json, least: int) -> bool:
    """Whether the value is an integer of at least `least`; Adobe's pages also write these numbers as strings."""
    if isinstance(value, str):
        return bool(_NUMBER.fullmatch(value)) and int(value) >= least
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _may_be_text(field: str, value: Json) -> bool:
    if not isinstance(value, str):
        return False
    return bool(_FILLED_IN.fullmatch(value)) or (field == "endPageIndex" and bool(_EXPRESSION.fullmatch(value)))


def _end_condition(subject: Subject) -> Iterable[Finding]:
    block = subject.mapping(_PATH)
    pair = ("endConditionName", "endConditionValue")
    for field, other in (pair, pair[::-1]):
        if field in block and other not in block:
            yield Finding(
                (*_PATH, field), f"`{field}` has no effect without `{other}`", f"write {other}, or remove {field}", Mark.KEY
            )


def _example(params: str) -> str:
    fields = "".join(f"      {field}\n" for field in params.split(", "))
    return f"sourceSpec:\n  attributes:\n    paginationParams:\n{fields}"


_PAGES: Final = "type: OFFSET, limitName: limit, limitValue: 100, offSetName: offset"

RULES: Final = (
    Rule(
        code="pagination-empty",
        severity=Severity.ERROR,
        title="Pagination is not empty",
        why="The service answers `paginationParams: {}` with error 1316.",
        instead="Write a type with its fields; type: NONE if one response has all records.",
        bad="sourceSpec: {attributes: {paginationParams: {}}}\n",
        good=_example("type: NONE"),
        check=_empty,
    ),
    Rule(
        code="pagination-type",
        severity=Severity.ERROR,
        title="Pagination has a known type",
        why=(
            "The type decides how the next page is requested: OFFSET, POINTER, CONTINUATION_TOKEN, PAGE or NONE, in upper case."
        ),
        instead="Write one of the five types.",
        bad=_example("type: offset, limitName: limit, limitValue: 100, offSetName: offset"),
        good=_example(_PAGES),
        check=_type,
        fixable=True,
    ),
    Rule(
        code="pagination-missing-field",
        severity=Severity.ERROR,
        title="Pagination has the fields that its type requires",
        why="Without them the second page cannot be requested.",
        instead="Write the missing field, or change the type.",
        bad=_example("type: CONTINUATION_TOKEN, parameterType: QUERYPARAM, parameterName: cursor"),
        good=_example(
            "type: CONTINUATION_TOKEN, continuationTokenPath: $.next, parameterType: QUERYPARAM, parameterName: cursor"
        ),
        check=_missing,
    ),
    Rule(
        code="pagination-foreign-field",
        severity=Severity.WARNING,
        title="Pagination has no fields of another type",
        why=(
            "The service ignores them. Either the type is wrong, or the field is misspelled and the one that was meant is "
            "missing."
        ),
        instead="Remove the field, correct its spelling, or change the type.",
        bad=_example("type: NONE, limitName: limit"),
        good=_example("type: NONE"),
        check=_foreign,
    ),
    Rule(
        code="offset-spelling",
        severity=Severity.WARNING,
        title="`offSetName` has a capital S",
        why=(
            "Adobe's template writes `offsetName`, but the table of properties and every filled-in example write "
            "`offSetName`, which works."
        ),
        instead="Write offSetName.",
        bad=_example("type: OFFSET, limitName: limit, limitValue: 100, offsetName: offset"),
        good=_example(_PAGES),
        check=_offset_spelling,
        fixable=True,
    ),
    Rule(
        code="parameter-type",
        severity=Severity.ERROR,
        title="A continuation token is sent in the query or a header",
        why="`parameterType` must be QUERYPARAM or HEADERPARAM; with any other value the token is not sent.",
        instead="Write QUERYPARAM or HEADERPARAM.",
        bad=_example(
            "type: CONTINUATION_TOKEN, continuationTokenPath: $.next, parameterType: QUERY_PARAM, parameterName: cursor"
        ),
        good=_example(
            "type: CONTINUATION_TOKEN, continuationTokenPath: $.next, parameterType: QUERYPARAM, parameterName: cursor"
        ),
        check=_parameter_type,
        fixable=True,
    ),
    Rule(
        code="pagination-number",
        severity=Severity.ERROR,
        title="Pagination numbers are numbers",
        why=("A page size, an index or a delay is an integer. A quoted integer is accepted, because Adobe's own pages have it."),
        instead="Write an integer. endPageIndex may also be an expression such as headers.x-pagecount.",
        bad=_example("type: OFFSET, limitName: limit, limitValue: many, offSetName: offset"),
        good=_example('type: OFFSET, limitName: limit, limitValue: "100", offSetName: offset'),
        check=_numbers,
    ),
    Rule(
        code="end-condition",
        severity=Severity.WARNING,
        title="An end condition has a name and a value",
        why=(
            "Pages are requested until the value at `endConditionName` equals `endConditionValue`. One of them alone has no"
            " effect."
        ),
        instead="Write both, such as endConditionName: $.hasMore and endConditionValue: Const:false, or neither.",
        bad=_example(f"{_PAGES}, endConditionName: $.hasMore"),
        good=_example(f'{_PAGES}, endConditionName: $.hasMore, endConditionValue: "Const:false"'),
        check=_end_condition,
    ),
)
