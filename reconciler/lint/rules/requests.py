"""Rules for the request that fetches the data (`urlParams`, `headerParams`, `bodyParams`), and for the catalog category."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from reconciler.documents.shapes import name_of_type
from reconciler.errors import Severity
from reconciler.lint.body.schema_walk import declared_names
from reconciler.lint.rule import Finding, Mark, Replace, Rule
from reconciler.lint.rules.old_names import pairs_of
from reconciler.lint.subject import Subject, shown
from reconciler.sdk.catalog import CATEGORIES
from reconciler.sdk.fields import blocks
from reconciler.sdk.sections import CONNECTION_SECTIONS
from reconciler.sdk.source_spec import ATTRIBUTES, FORM, METHODS, PARAMETERS, URL_PARAMS
from reconciler.wording.guesses import did_you_mean

_EXAMPLE: Final = re.compile(
    r"(?:https?://)?(?:[^/?#@]*@)?(?P<host>(?:[^/?#@:]*\.)?example\.(?:com|net|org))(?::\d+)?/?(?:[/?#]|$)", re.IGNORECASE
)
"""Domain names reserved for documentation (RFC 2606, 3); `new` writes one if no host is given."""
_HOSTS: Final = ("host", "hostname", "hostName")
"""The field of the host, and its names on the first pages."""
_FILLED_IN: Final = re.compile(r"[$@]?\{")
_CATEGORY: Final = (*ATTRIBUTES, "uiAttributes", "category", "key")
_BLOCKS: Final = {
    path: block
    for path, block in blocks(CONNECTION_SECTIONS).items()
    if path[-1] in {"urlParams", "paginationParams", "scheduleParams"} or path == (*ATTRIBUTES, "uiAttributes")
}
_SHOWN: Final = 3
"""Keys of a block that a hint lists."""


def _method(subject: Subject) -> Iterable[Finding]:
    written = subject.mapping(URL_PARAMS).get("method")
    if written is None or written in METHODS:
        return
    upper = written.strip().upper() if isinstance(written, str) else ""
    fix = Replace(upper) if upper in METHODS else None
    message = f"{shown(written)} is not a valid method"
    yield Finding((*URL_PARAMS, "method"), message, f"write {upper}" if fix else "use GET or POST", fix=fix)


def _missing(subject: Subject) -> Iterable[Finding]:
    block = subject.mapping(URL_PARAMS)
    for field, example in (("path", "/3.0/lists"), ("method", "GET")):
        if block and block.get(field) is None:
            yield Finding(URL_PARAMS, f"`urlParams` requires `{field}`", f"write {field}: {example}")


def _no_request(subject: Subject) -> Iterable[Finding]:
    attributes = subject.mapping(ATTRIBUTES)
    if (
        subject.is_batch
        and attributes
        and not subject.mapping(URL_PARAMS)
        and "urlParams" not in declared_names(subject.at(FORM))
    ):
        yield Finding(ATTRIBUTES, "this batch source has no `urlParams`, so it makes no request", mark=Mark.KEY)


def _host(subject: Subject) -> Iterable[Finding]:
    block = subject.mapping(URL_PARAMS)
    asked_for = any("host" in declared_names(entry.get("spec")) for _, entry in subject.auth_specs())
    if subject.is_batch and block and block.keys().isdisjoint(_HOSTS) and "authSpec" in subject.body and not asked_for:
        yield Finding(URL_PARAMS, "`urlParams` has no `host`, and no entry of `authSpec` declares one")


def _example_host(subject: Subject) -> Iterable[Finding]:
    host = subject.mapping(URL_PARAMS).get("host")
    found = _EXAMPLE.match(host) if isinstance(host, str) else None
    if found:
        message = f"{found['host']} is an example host: nothing can be fetched from it"
        yield Finding((*URL_PARAMS, "host"), message)


def _https(subject: Subject) -> Iterable[Finding]:
    host = subject.mapping(URL_PARAMS).get("host")
    if not isinstance(host, str) or not host.strip() or host.startswith("https://") or _FILLED_IN.match(host):
        return
    if host.lower().startswith("http://"):
        message = "the host uses http, so credentials and data are sent unencrypted"
        yield Finding((*URL_PARAMS, "host"), message, f"write https://{host[7:80]}")
    else:
        yield Finding(
            (*URL_PARAMS, "host"), f"the host {shown(host)} does not start with https://", f"write https://{host[:80].strip()}"
        )


def _path(subject: Subject) -> Iterable[Finding]:
    block = subject.mapping(URL_PARAMS)
    path, host = block.get("path"), block.get("host")
    if not isinstance(path, str) or _FILLED_IN.match(path):
        return
    ends = isinstance(host, str) and host.endswith("/")
    if not path.startswith("/") and not ends:
        yield Finding(
            (*URL_PARAMS, "path"),
            f"the path {shown(path)} does not start with a slash, and follows the host directly",
            f"write /{path[:80]}",
        )
    elif path.startswith("/") and ends:
        yield Finding(
            (*URL_PARAMS, "host"), "the host ends with a slash, and the path starts with one", "remove the slash from the host"
        )


def _body_of_get(subject: Subject) -> Iterable[Finding]:
    if "bodyParams" in subject.mapping(ATTRIBUTES) and subject.mapping(URL_PARAMS).get("method") == "GET":
        yield Finding((*ATTRIBUTES, "bodyParams"), "`bodyParams` are only sent with POST, and the method is GET", mark=Mark.KEY)


def _mappings(subject: Subject) -> Iterable[Finding]:
    for path in PARAMETERS:
        value = subject.at(path)
        is_old = isinstance(value, str) and pairs_of(value, "&" if path[-1] == "queryParams" else ",") is not None
        if value is not None and not isinstance(value, dict) and not is_old:
            yield Finding(
                path, f"`{path[-1]}` must be a mapping of names to values, not {name_of_type(value)}", "write {name: value}"
            )


def _blocks(subject: Subject) -> Iterable[Finding]:
    for path, block in _BLOCKS.items():
        if path[-1] in subject.mapping(path[:-1]) and not isinstance(subject.at(path), dict):
            keys = [item.name for item in block.fields if item.name != "type" or item.is_required]
            message = f"`{path[-1]}` must be a mapping, not {name_of_type(subject.at(path))}; the service ignores it"
            yield Finding(path, message, f"write its keys below it: {', '.join(keys[:_SHOWN])}")


def _category(subject: Subject) -> Iterable[Finding]:
    written = subject.at(_CATEGORY)
    if written is None or written in CATEGORIES or not (subject.is_batch or subject.is_streaming):
        return
    plain = re.sub(r"[\W_]", "", written).lower() if isinstance(written, str) else ""
    meant = next((name for name in CATEGORIES if name.lower() == plain), None)
    fix = Replace(meant) if meant else None
    hint = f"write {meant}" if meant else did_you_mean(str(written)[:80], CATEGORIES)
    yield Finding(_CATEGORY, f"{shown(written)} is not a category of the catalog, so the source may not be listed", hint, fix=fix)


def _example(text: str, rest: str = "") -> str:
    return f"type: generic-rest\nsourceSpec:\n  attributes:\n    urlParams: {{{text}}}\n{rest}"


RULES: Final = (
    Rule(
        code="request-method",
        severity=Severity.ERROR,
        title="The method is GET or POST",
        why="Flow Service fetches data with one of the two, in upper case.",
        instead="Write GET or POST.",
        bad=_example('host: "https://api.acme.example", path: /members, method: get'),
        good=_example('host: "https://api.acme.example", path: /members, method: GET'),
        check=_method,
        fixable=True,
    ),
    Rule(
        code="request-missing-field",
        severity=Severity.ERROR,
        title="The request has a path and a method",
        why="urlParams requires both. Without them there is no request.",
        instead="Write path and method.",
        bad=_example('host: "https://api.acme.example", path: /members'),
        good=_example('host: "https://api.acme.example", path: /members, method: GET'),
        check=_missing,
    ),
    Rule(
        code="no-request",
        severity=Severity.WARNING,
        title="A batch source has a request",
        why=(
            "Flow Service fetches the records of a batch source with the request in `urlParams`. Without it a flow does nothing."
        ),
        instead="Write urlParams: {host: …, path: …, method: GET} below sourceSpec.attributes.",
        bad="type: generic-rest\nsourceSpec: {attributes: {uiAttributes: {isSource: true}}}\n",
        good="type: generic-rest\nsourceSpec: {attributes: {urlParams: {path: /members, method: GET}}}\n",
        check=_no_request,
    ),
    Rule(
        code="request-host",
        severity=Severity.WARNING,
        title="The request has a host",
        why=(
            "The host is in urlParams, or authSpec declares a property `host`. Published responses omit it from urlParams, "
            "so this is a warning."
        ),
        instead="Write host: https://…, or declare host in every entry of authSpec.",
        bad="authSpec: []\n" + _example("path: /members, method: GET"),
        good="authSpec: []\n" + _example('host: "https://api.acme.example", path: /members, method: GET'),
        check=_host,
    ),
    Rule(
        code="example-host",
        severity=Severity.ERROR,
        title="The host is a real one",
        why="`new` writes https://api.example.com if it is given no host. A source with that host fetches nothing.",
        instead="Write the host of your source.",
        bad=_example('host: "https://api.example.com", path: /members, method: GET'),
        good=_example('host: "https://api.acme.example", path: /members, method: GET'),
        check=_example_host,
    ),
    Rule(
        code="host-https",
        severity=Severity.WARNING,
        title="The host uses https",
        why="Every request contains the credentials that users enter.",
        instead="Start the host with https://.",
        bad=_example('host: "http://api.acme.example", path: /members, method: GET'),
        good=_example('host: "https://api.acme.example", path: /members, method: GET'),
        check=_https,
    ),
    Rule(
        code="path-slash",
        severity=Severity.WARNING,
        title="One slash is between host and path",
        why="The URL is the host followed by the path.",
        instead="Start the path with a slash, and end the host without one.",
        bad=_example('host: "https://api.acme.example", path: members, method: GET'),
        good=_example('host: "https://api.acme.example", path: /members, method: GET'),
        check=_path,
    ),
    Rule(
        code="body-of-get",
        severity=Severity.WARNING,
        title="Only POST has `bodyParams`",
        why="A GET request has no body, so they are not sent.",
        instead="Write method: POST, or move them to queryParams.",
        bad=_example("path: /search, method: GET", "    bodyParams: {state: complete}\n"),
        good=_example("path: /search, method: POST", "    bodyParams: {state: complete}\n"),
        check=_body_of_get,
    ),
    Rule(
        code="block-mapping",
        severity=Severity.ERROR,
        title="The parts of a request are mappings",
        why=(
            "The service accepts a string, a list or null instead, and then the source has no request, no pagination or no "
            "schedule."
        ),
        instead="Write the keys of the block below it, indented.",
        bad="sourceSpec: {attributes: {paginationParams: NONE}}\n",
        good="sourceSpec: {attributes: {paginationParams: {type: NONE}}}\n",
        check=_blocks,
    ),
    Rule(
        code="params-mapping",
        severity=Severity.WARNING,
        title="Parameters are a mapping",
        why=(
            "Query, header and body parameters map names to values. The service accepts a list or a string instead, but the"
            " documentation does not say whether it sends them."
        ),
        instead="Write queryParams: {a: 1, b: 2}.",
        bad=_example("path: /search, method: GET, queryParams: state complete"),
        good=_example("path: /search, method: GET, queryParams: {state: complete}"),
        check=_mappings,
    ),
    Rule(
        code="category",
        severity=Severity.WARNING,
        title="The category is in the catalog",
        why="`uiAttributes.category.key` decides where users find the source. Adobe's keys are in camel case.",
        instead="Write a known key, such as marketingAutomation, crm or customerSuccess.",
        bad=_example("path: /a, method: GET", "    uiAttributes: {category: {key: marketing automation}}\n"),
        good=_example("path: /a, method: GET", "    uiAttributes: {category: {key: marketingAutomation}}\n"),
        check=_category,
        fixable=True,
    ),
)
