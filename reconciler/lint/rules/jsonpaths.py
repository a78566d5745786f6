"""Rules for paths into the responses of a source: `contentPath`, `explodeEntityPath`, and those of the pagination.

Adobe's pages are not strict: `pointerPath` is published with and without `$.`. It is unknown what the service accepts, so invalid syntax is
a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments
from reconciler.documents.shapes import name_of_type
from reconciler.errors import Severity
from reconciler.lint.body.jsonpath_syntax import fault_in, hint_for
from reconciler.lint.rule import Finding, Replace, Rule
from reconciler.lint.subject import Subject, entries_of, shown
from reconciler.sdk.source_spec import ATTRIBUTES, CONTENT

_TOLD_BY_CONTENT: Final = frozenset({*CONTENT, "path"})
"""Fields that must not be empty; `content-path` reports them."""
_PAGINATION: Final = (*ATTRIBUTES, "paginationParams")

_NAME: Final = r"(?:[A-Za-z_]|[^\x00-\x7f])(?:\w|[^\x00-\x7f])*"
_NAMES: Final = re.compile(rf"\.?{_NAME}(?:\.{_NAME})*")
"""A path that lacks only its `$.`."""


def _of_pagination(subject: Subject) -> Iterator[tuple[Segments, str]]:
    block = subject.mapping(_PAGINATION)
    for field in ("continuationTokenPath", "endConditionName"):
        if isinstance(block.get(field), str):
            yield (*_PAGINATION, field), block[field]


def _of_content(subject: Subject) -> Iterator[tuple[Segments, str]]:
    """Each path to content, in either of its two forms: a string, or a mapping with `path`."""
    for name in CONTENT:
        path = (*ATTRIBUTES, name)
        block = subject.at(path)
        if isinstance(block, str):
            yield path, block
        elif isinstance(block, dict) and isinstance(block.get("path"), str):
            yield (*path, "path"), block["path"]


def _syntax(subject: Subject) -> Iterable[Finding]:
    for path, text in (*_of_content(subject), *_of_pagination(subject)):
        if "${" in text or (not text.strip() and path[-1] in _TOLD_BY_CONTENT):
            continue
        if _NAMES.fullmatch(text) and text != "headers":
            fix = Replace(f"$.{text.lstrip('.')}")
            message = f"{shown(text)} does not start with `$`, as a JSONPath must"
            yield Finding(path, message, f"write {fix.text}", fix=fix)
        elif fault := fault_in(text):
            yield Finding(path, f"{shown(text)} is not a valid JSONPath: {fault.reason}", hint_for(fault))


def _pointer(subject: Subject) -> Iterable[Finding]:
    text = subject.mapping(_PAGINATION).get("pointerPath")
    if not isinstance(text, str) or _NAMES.fullmatch(text) or "${" in text:
        return
    if fault := fault_in(text):
        message = f"`pointerPath` must be a path to the address of the next page; {shown(text)} is not valid: {fault.reason}"
        yield Finding((*_PAGINATION, "pointerPath"), message, hint_for(fault))


def _content(subject: Subject) -> Iterable[Finding]:
    for name in CONTENT:
        path = (*ATTRIBUTES, name)
        block = subject.at(path)
        if block is None or (isinstance(block, str) and block.strip()):
            continue
        if not isinstance(block, dict):
            yield Finding(path, f"`{name}` must be a mapping with `path`, not {name_of_type(block)}", "write {path: $.items}")
        elif not (isinstance(block.get("path"), str) and block["path"].strip()):
            yield Finding(path, f"`{name}` has no `path`, so no array is found in the response", "write path: $.items")


def _skip_and_keep(subject: Subject) -> Iterable[Finding]:
    for name in CONTENT:
        path = (*ATTRIBUTES, name)
        kept = _words(subject.at((*path, "keepAttributes")))
        for index, attribute in entries_of(subject.at((*path, "skipAttributes"))):
            if isinstance(attribute, str) and attribute in kept:
                message = f"{shown(attribute)} is both skipped and kept"
                yield Finding((*path, "skipAttributes", index), message, "remove it from one of the lists")


def _words(items: Json) -> set[str]:
    return {item for _, item in entries_of(items) if isinstance(item, str)}


def _example(text: str) -> str:
    return f"sourceSpec:\n  attributes:\n    {text}\n"


RULES: Final = (
    Rule(
        code="jsonpath-syntax",
        severity=Severity.WARNING,
        title="Paths into the response are JSONPath",
        why=(
            "`contentPath`, `explodeEntityPath`, `continuationTokenPath` and `endConditionName` are JSONPath. A path that "
            "matches nothing yields no rows."
        ),
        instead="Start with $, and write names after dots, or quoted in brackets: $.data['user-list'].",
        bad=_example("contentPath: {path: members}"),
        good=_example("contentPath: {path: $.members}"),
        check=_syntax,
        fixable=True,
    ),
    Rule(
        code="pointer-path",
        severity=Severity.WARNING,
        title="`pointerPath` is a path",
        why=(
            "It is where the response has the address of the next page. Adobe's pages write it with and without `$.`, so "
            "both are accepted."
        ),
        instead="Write a path such as $.paging.next.",
        bad=_example('paginationParams: {type: POINTER, limitName: limit, limitValue: 1, pointerPath: "next page"}'),
        good=_example("paginationParams: {type: POINTER, limitName: limit, limitValue: 1, pointerPath: paging.next}"),
        check=_pointer,
    ),
    Rule(
        code="content-path",
        severity=Severity.ERROR,
        title="`contentPath` and `explodeEntityPath` have a path",
        why="The path points to the array whose items become rows. Without it there are no rows.",
        instead="Write {path: $.items}, with skipAttributes, keepAttributes and overrideWrapperAttribute if you need them.",
        bad=_example("contentPath: {skipAttributes: [_links]}"),
        good=_example("contentPath: {path: $.members, skipAttributes: [_links]}"),
        check=_content,
    ),
    Rule(
        code="skip-and-keep",
        severity=Severity.WARNING,
        title="No attribute is both skipped and kept",
        why="The two lists contradict each other, and the documentation does not say which one wins.",
        instead="Remove the attribute from one of the lists.",
        bad=_example("contentPath: {path: $.members, skipAttributes: [id], keepAttributes: [id]}"),
        good=_example("contentPath: {path: $.members, skipAttributes: [_links], keepAttributes: [id]}"),
        check=_skip_and_keep,
    ),
)
