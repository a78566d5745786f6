"""Rules for placeholders, `${name}`: values that a user enters in declared properties, and that the request uses.

A placeholder in the request gets its value from `sourceSpec.spec` or from `authSpec` (source: Self-Serve Sources, "Configure source
specification").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.body.schema_walk import declarations, declared_names
from reconciler.lint.rule import Finding, Mark, Rule
from reconciler.lint.subject import Subject, shown, texts
from reconciler.sdk.authentication import REST_ATTRIBUTES, USED_BY_THE_SERVICE
from reconciler.sdk.scheduling import FILLED_IN_BY_SCHEDULES
from reconciler.sdk.source_spec import ATTRIBUTES, CONTENT, FORM, REQUEST, URL_PARAMS
from reconciler.wording.guesses import guess, suggestion

_PLACEHOLDER: Final = re.compile(r"\$\{([^{}]*)\}")
_BARE: Final = re.compile(r"(?<![@${])\{([A-Za-z_][\w.-]*)\}")
_FROM_THE_PAGES: Final = re.compile(r"\{[A-Z][A-Z0-9]*(?:[_ ]+(?:[A-Z0-9]+|or|of|if))*\}")
"""Placeholders of Adobe's pages: `{DESCRIPTION}`, `{GET_or_POST}`, `{OFFSET BASED_PAGINATION}`."""
_EXPRESSION: Final = "@{"
LEFT_OVER: Final = "left-over-placeholder"
"""The rule that reports them; no other rule reports these values."""

_REQUEST_FIELDS: Final = frozenset({*REQUEST, *CONTENT, "paginationParams", "scheduleParams"})
"""Fields that a template declares as properties, to be filled in as a whole."""


def _used(subject: Subject) -> Iterator[tuple[Segments, str]]:
    """Each placeholder of the request, with the path of the string that contains it."""
    for path, text in texts(subject.at(ATTRIBUTES), ATTRIBUTES):
        for name in dict.fromkeys(_PLACEHOLDER.findall(text)):
            yield path, name


def _names_of_auth(subject: Subject) -> list[frozenset[str]]:
    return [declared_names(entry.get("spec")) for _, entry in subject.auth_specs()]


def _parameters(subject: Subject) -> frozenset[str]:
    return declared_names(subject.at(FORM))


def _undeclared(subject: Subject) -> Iterable[Finding]:
    if "authSpec" not in subject.body or not subject.may_hold(b"${"):
        return
    declared = _parameters(subject).union(*_names_of_auth(subject))
    for path, name in _used(subject):
        if name in declared:
            continue
        meant = guess(name, declared)
        hint = suggestion(f"${{{meant}}}") if meant else None
        if f"{{{name}}}" in FILLED_IN_BY_SCHEDULES:
            hint = f"write {{{name}}} without the $: the schedule replaces it"
        yield Finding(path, f"`${{{name[:80]}}}` is not declared, so users cannot enter it and it is never replaced", hint)


def _in_one_auth_only(subject: Subject) -> Iterable[Finding]:
    of_auth = _names_of_auth(subject)
    times = Counter(name for names in of_auth for name in names)
    parameters = _parameters(subject)
    for path, name in _used(subject):
        if name in parameters or not 0 < times[name] < len(of_auth):
            continue
        lacking = next(entry.get("name") for _, entry in subject.auth_specs() if name not in declared_names(entry.get("spec")))
        message = f"`${{{name[:80]}}}` is not declared by the entry {shown(lacking)}, so its users cannot enter it"
        yield Finding(path, message)


def _bare(subject: Subject) -> Iterable[Finding]:
    declared = _parameters(subject).union(*_names_of_auth(subject))
    for path, text in texts(subject.at(URL_PARAMS), URL_PARAMS):
        for name in dict.fromkeys(_BARE.findall(text)):
            written = f"`{{{name[:80]}}}`"
            if name in declared:
                message = f"{written} names a declared property but has no `$`; only `${{{name}}}` is sure to be replaced"
                yield Finding(path, message, f"write ${{{name}}}")
            elif path[-1] in ("host", "path") and _EXPRESSION not in text and not _is_known(f"{{{name}}}"):
                message = f"{written} has no `$`, so it is sent unchanged"
                yield Finding(path, message, f"write ${{{name[:80]}}}, and declare {name[:80]} in authSpec or sourceSpec.spec")


def _unused_parameter(subject: Subject) -> Iterable[Finding]:
    if not subject.is_batch or not subject.mapping(URL_PARAMS):
        return
    used = {name for _, name in _used(subject)}
    told: set[str] = set()
    for path, name, _, _ in declarations(subject.at(FORM), FORM):
        if name not in used and name not in _REQUEST_FIELDS and name not in told:
            told.add(name)
            yield _unused(path, name)


def _unused_auth_property(subject: Subject) -> Iterable[Finding]:
    if not subject.is_batch or not subject.mapping(URL_PARAMS):
        return
    used = {name for _, name in _used(subject)}
    for path, entry in subject.auth_specs():
        told: set[str] = set()
        for place, name, schema, _ in declarations(entry.get("spec"), (*path, "spec")):
            if name not in used and name not in USED_BY_THE_SERVICE and REST_ATTRIBUTES not in schema and name not in told:
                told.add(name)
                yield _unused(place, name)


def _unused(path: Segments, name: str) -> Finding:
    placeholder = f"${{{name[:80]}}}"
    message = f"`{name[:80]}` is declared, but no `{placeholder}` uses it"
    return Finding(path, message, f"write {placeholder} in the request, or remove the property", Mark.KEY)


def _is_known(text: str) -> bool:
    """Whether the service knows this text, or it is a placeholder of Adobe's pages, which another rule reports."""
    return text in FILLED_IN_BY_SCHEDULES or bool(_FROM_THE_PAGES.fullmatch(text))


def _left_over(subject: Subject) -> Iterable[Finding]:
    for path, text in texts(subject.body) if subject.may_hold(b'"{') else ():
        if _FROM_THE_PAGES.fullmatch(text) and text not in FILLED_IN_BY_SCHEDULES:
            yield Finding(path, f"{text[:80]} is a placeholder of Adobe's pages, and is sent unchanged")


RULES: Final = (
    Rule(
        code="undeclared-placeholder",
        severity=Severity.ERROR,
        title="Every `${…}` in the request is declared",
        why=(
            "A placeholder is replaced with what users entered, and users are only asked for the properties of "
            "`sourceSpec.spec` and `authSpec`."
        ),
        instead=(
            "Declare it in sourceSpec.spec.properties, or in the properties of an authSpec entry. Names are case-sensitive."
        ),
        bad="""\
authSpec: []
sourceSpec:
  attributes:
    urlParams: {path: "/lists/${listid}/members", method: GET}
  spec:
    properties:
      listId: {type: string}
""",
        good="""\
authSpec: []
sourceSpec:
  attributes:
    urlParams: {path: "/lists/${listId}/members", method: GET}
  spec:
    properties:
      listId: {type: string}
""",
        check=_undeclared,
    ),
    Rule(
        code="placeholder-of-one-auth",
        severity=Severity.WARNING,
        title="A placeholder from `authSpec` is declared by every entry",
        why="Users select one entry. If it does not declare the value, the request is incomplete.",
        instead="Declare the property in every entry of authSpec, or in sourceSpec.spec.properties.",
        bad="""\
authSpec:
  - {name: OAuth2 Refresh Code, spec: {properties: {domain: {type: string}}}}
  - {name: Basic Authentication, spec: {properties: {username: {type: string}}}}
sourceSpec:
  attributes:
    urlParams: {host: "https://${domain}.acme.example", path: /members, method: GET}
""",
        good="""\
authSpec:
  - {name: OAuth2 Refresh Code, spec: {properties: {domain: {type: string}}}}
  - name: Basic Authentication
    spec: {properties: {domain: {type: string}, username: {type: string}}}
sourceSpec:
  attributes:
    urlParams: {host: "https://${domain}.acme.example", path: /members, method: GET}
""",
        check=_in_one_auth_only,
    ),
    Rule(
        code="bare-placeholder",
        severity=Severity.WARNING,
        title="A placeholder has a `$`",
        why=(
            "Adobe's pages write both `${domain}` and `{domain}`, but every published response has the `$`. Single braces "
            "belong to schedules."
        ),
        instead="Write ${name}.",
        bad="""\
authSpec:
  - {name: Basic Authentication, spec: {properties: {domain: {type: string}}}}
sourceSpec:
  attributes:
    urlParams: {host: "https://{domain}.acme.example", path: /members, method: GET}
""",
        good="""\
authSpec:
  - {name: Basic Authentication, spec: {properties: {domain: {type: string}}}}
sourceSpec:
  attributes:
    urlParams: {host: "https://${domain}.acme.example", path: /members, method: GET}
""",
        check=_bare,
    ),
    Rule(
        code="unused-parameter",
        severity=Severity.WARNING,
        title="Every property of `sourceSpec.spec` is used",
        why="Users enter a value that has no effect. Usually a placeholder is missing, and the request is wrong.",
        instead="Use it as ${name} in the request, or remove the property.",
        bad="""\
type: generic-rest
sourceSpec:
  attributes:
    urlParams: {path: /lists/members, method: GET}
  spec:
    properties:
      listId: {type: string}
""",
        good="""\
type: generic-rest
sourceSpec:
  attributes:
    urlParams: {path: "/lists/${listId}/members", method: GET}
  spec:
    properties:
      listId: {type: string}
""",
        check=_unused_parameter,
    ),
    Rule(
        code="unused-auth-property",
        severity=Severity.INFO,
        title="Every property of `authSpec` is used",
        why=(
            "Users enter a value that neither the request nor the service uses. The service itself uses host, username, "
            "accessToken and others."
        ),
        instead="Use it as ${name} in the request, or remove the property.",
        bad="""\
type: generic-rest
authSpec:
  - {name: Basic Authentication, spec: {properties: {region: {type: string}}}}
sourceSpec:
  attributes:
    urlParams: {host: "https://crm.acme.example", path: /accounts, method: GET}
""",
        good="""\
type: generic-rest
authSpec:
  - {name: Basic Authentication, spec: {properties: {region: {type: string}}}}
sourceSpec:
  attributes:
    urlParams: {host: "https://${region}.crm.acme.example", path: /accounts, method: GET}
""",
        check=_unused_auth_property,
    ),
    Rule(
        code=LEFT_OVER,
        severity=Severity.WARNING,
        title="No placeholder of a template is left",
        why=(
            "Adobe's pages mark what the reader fills in with `{DESCRIPTION}` and the like. The service keeps them "
            "unchanged, and users see them."
        ),
        instead="Write the value, or remove the field.",
        bad="description: '{DESCRIPTION}'\n",
        good="description: Members of a MailChimp list\n",
        check=_left_over,
    ),
)
