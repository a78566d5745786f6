"""Rules for names of the first documentation pages, which copied bodies still have.

Sources: the beta pages of "Create a new source", "Configuration options" and "Submit your source" of the Sources SDK.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.rule import Finding, Fix, Mark, Rename, Replace, Rewrite, Rule
from reconciler.lint.subject import Subject, shown, texts
from reconciler.sdk.authentication import KEY_BASED
from reconciler.sdk.source_spec import ATTRIBUTES, URL_PARAMS
from reconciler.sdk.sources import BATCH

_PAGINATION: Final = (*ATTRIBUTES, "paginationParams")
_RENAMED: Final[Mapping[Segments, str]] = {
    (*URL_PARAMS, "hostname"): "host",
    (*URL_PARAMS, "hostName"): "host",
    (*_PAGINATION, "paginationType"): "type",
    (*_PAGINATION, "pointerValue"): "pointerPath",
}
"""Old names, with the current name of the same value."""
_GONE: Final[Mapping[Segments, str]] = {
    (*_PAGINATION, "pointerName"): "remove it, and write the path of the address of the next page as pointerPath: $.paging.next",
}
"""Old names without a current one, with the hint."""
OLD_PAGINATION: Final = frozenset(path[-1] for path in (*_RENAMED, *_GONE) if path[:-1] == _PAGINATION)
"""Fields of a pagination that this rule reports."""
_DOUBLE: Final = re.compile(r"\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}")
_PAIR: Final = re.compile(r"[^=&,{}\s][^=&,{}]*=[^&,]*")
_PARAMETERS: Final[Mapping[Segments, str]] = {
    (*URL_PARAMS, "queryParams"): "&",
    (*ATTRIBUTES, "headerParams"): ",",
    (*ATTRIBUTES, "bodyParams"): ",",
}
"""Blocks that used to be one string, and its separator."""
_QUERY_BESIDE: Final = (*ATTRIBUTES, "queryParams")
_OLD_NAMES: Final = re.compile(r"oAuth2-refresh-code", re.IGNORECASE)
_OLD_TYPE: Final = "generic-rest-connector"


def pairs_of(text: str, between: str) -> dict[str, str] | None:
    """The parameters of `a=1&b=2` or `a=1,b=2`; an empty dict for an empty string; None if the string has another form."""
    parts = [part.strip() for part in text.split(between)] if text.strip() else []
    if not all(_PAIR.fullmatch(part) for part in parts):
        return None
    pairs = {name.strip(): value for name, _, value in (part.partition("=") for part in parts)}
    return pairs if len(pairs) == len(parts) else None


def _old(subject: Subject) -> Iterable[Finding]:
    if not subject.is_connection_spec:
        return
    yield from _renamed(subject)
    yield from _braces(subject)
    for path, between in _PARAMETERS.items():
        yield from _one_text(subject.at(path), path, between)
    yield from _query_beside(subject)
    yield from _types(subject)
    yield from _auth_names(subject)


def _renamed(subject: Subject) -> Iterator[Finding]:
    for path, name in _RENAMED.items():
        block = subject.mapping(path[:-1])
        if path[-1] in block:
            fix = Rename(name) if name not in block else None
            hint = f"write {name}" if fix else f"remove it: the block already has `{name}`"
            yield _finding(path, f"`{path[-1]}` is the old name of `{name}`", hint, fix, Mark.KEY)
    for path, hint in _GONE.items():
        if path[-1] in subject.mapping(path[:-1]):
            yield _finding(path, f"`{path[-1]}` is a field of Adobe's first pages that no longer exists", hint, None, Mark.KEY)


def _braces(subject: Subject) -> Iterator[Finding]:
    for path, text in texts(subject.at(ATTRIBUTES), ATTRIBUTES):
        found = _DOUBLE.search(text)
        if found:
            written = _DOUBLE.sub(r"${\1}", text)
            message = f"`{found[0][:80]}` is the old form of a placeholder; only `${{{found[1][:80]}}}` is replaced"
            yield _finding(path, message, f"write {written[:200]}", Replace(written))


def _one_text(value: Json, path: Segments, between: str) -> Iterator[Finding]:
    pairs = pairs_of(value, between) if isinstance(value, str) else None
    if pairs is None:
        return
    if not pairs:
        yield _finding(path, f"`{path[-1]}` must be a mapping, not an empty string", "remove it", Rewrite("{}"))
        return
    written = json.dumps(pairs, ensure_ascii=False)
    message = f"`{path[-1]}` must be a mapping of names to values; one string is the old form"
    yield _finding(path, message, f"write {path[-1]}: {written[:200]}", Rewrite(written))


def _query_beside(subject: Subject) -> Iterator[Finding]:
    value = subject.at(_QUERY_BESIDE)
    if value is None:
        return
    pairs = pairs_of(value, "&") if isinstance(value, str) else value
    written = json.dumps(pairs, ensure_ascii=False)[:200] if pairs else "{name: value}"
    message = "`queryParams` belongs in `urlParams`; it is ignored here"
    yield _finding(_QUERY_BESIDE, message, f"write queryParams: {written} in urlParams", None, Mark.KEY)


def _types(subject: Subject) -> Iterator[Finding]:
    if subject.body.get("type") == _OLD_TYPE:
        message = f"{shown(_OLD_TYPE)} is the old name of the type; the spec is attached to no flow spec by default"
        yield _finding(("type",), message, f"write {BATCH}", Replace(BATCH))
    if isinstance(subject.at(("attributes", "isSource")), str):
        written = str(subject.at(("attributes", "isSource"))).strip().lower()
        fix = Rewrite(written) if written in {"true", "false"} else None
        yield _finding(("attributes", "isSource"), "`isSource` must be true or false, not a string", f"write {written[:20]}", fix)


def _auth_names(subject: Subject) -> Iterator[Finding]:
    for path, entry in subject.auth_specs():
        name, kind = entry.get("name"), entry.get("type")
        if isinstance(name, str) and _OLD_NAMES.fullmatch(name):
            message = f"{shown(name)} is the old name of this entry, and connections refer to it by name"
            yield _finding((*path, "name"), message, "for a new source, write OAuth2 Refresh Code; for a live one, keep it")
        if isinstance(kind, str) and kind != KEY_BASED and re.sub(r"[\W_]", "", kind).lower() == "apikey":
            message = f"{shown(kind)} is the old name of keys that are sent in a header"
            hint = "write type: KeyBased, and restAttributes: {headerParamName: X-Auth-Key} in the property of the key"
            yield _finding((*path, "type"), message, hint)


def _finding(path: Segments, message: str, hint: str, fix: Fix | None = None, mark: Mark = Mark.VALUE) -> Finding:
    return Finding(path, message, hint, mark, fix)


def _example(text: str) -> str:
    return f"type: generic-rest\nsourceSpec:\n  attributes:\n    urlParams: {{{text}, path: /members, method: GET}}\n"


RULES: Final = (
    Rule(
        code="old-name",
        severity=Severity.WARNING,
        title="Names are the current ones",
        why=(
            "Adobe's first pages on Self-Serve Sources used other names: `hostname`, `{{name}}`, `paginationType`, "
            "`pointerName` and `pointerValue`, `queryParams` next to `urlParams`, parameters in one string, "
            "`oAuth2-refresh-code`. The service accepts bodies that were copied from there and ignores the keys that it "
            "does not know."
        ),
        instead="Write the current name. `--fix` does this if there is only one correct answer.",
        bad=_example('hostname: "https://api.acme.example"'),
        good=_example('host: "https://api.acme.example"'),
        check=_old,
        fixable=True,
    ),
)
