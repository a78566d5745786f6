"""`urlParams`, `headerParams`, `bodyParams`: the request that fetches the data, and the category that the source is listed under."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from reconciler.documents.guesses import did_you_mean
from reconciler.documents.shapes import name_of_type
from reconciler.errors import Severity
from reconciler.lint.body.schema_walk import declared_names
from reconciler.lint.rule import Finding, Mark, Replace, Rule
from reconciler.lint.rules.old_names import pairs_of
from reconciler.lint.subject import Subject, shown
from reconciler.sdk.catalogue import CATEGORIES
from reconciler.sdk.source_spec import ATTRIBUTES, FORM, METHODS, PARAMETERS, URL_PARAMS

_EXAMPLE: Final = re.compile(
    r"(?:https?://)?(?:[^/?#@]*@)?(?P<host>(?:[^/?#@:]*\.)?example\.(?:com|net|org))(?::\d+)?/?(?:[/?#]|$)", re.IGNORECASE
)
"""Names that are kept for documentation (RFC 2606, 3), as `new` writes one where no host was given."""
_HOSTS: Final = ("host", "hostname", "hostName")
"""The host, and what it was called on the first pages."""
_FILLED_IN: Final = re.compile(r"[$@]?\{")
_CATEGORY: Final = (*ATTRIBUTES, "uiAttributes", "category", "key")
_BLOCKS: Final = (URL_PARAMS, (*ATTRIBUTES, "paginationParams"), (*ATTRIBUTES, "scheduleParams"), (*ATTRIBUTES, "uiAttributes"))
_FIRST_KEYS: Final = {
    "urlParams": "host, path, method",
    "paginationParams": "type: NONE, for a source without pages",
    "scheduleParams": "scheduleStartParamName, scheduleEndParamName",
    "uiAttributes": "isSource, category, icon, label, description",
}


def _method(subject: Subject) -> Iterable[Finding]:
    written = subject.mapping(URL_PARAMS).get("method")
    if written is None or written in METHODS:
        return
    upper = written.strip().upper() if isinstance(written, str) else ""
    fix = Replace(upper) if upper in METHODS else None
    message = f"{shown(written)} is no method that data is fetched with"
    yield Finding((*URL_PARAMS, "method"), message, f"write {upper}" if fix else "write GET or POST", fix=fix)


def _missing(subject: Subject) -> Iterable[Finding]:
    block = subject.mapping(URL_PARAMS)
    for field, example in (("path", "/3.0/lists"), ("method", "GET")):
        if block and block.get(field) is None:
            yield Finding(
                URL_PARAMS, f"`urlParams` has no `{field}`, and there is no request without it", f"write {field}: {example}"
            )


def _no_request(subject: Subject) -> Iterable[Finding]:
    attributes = subject.mapping(ATTRIBUTES)
    if (
        subject.is_batch
        and attributes
        and not subject.mapping(URL_PARAMS)
        and "urlParams" not in declared_names(subject.at(FORM))
    ):
        yield Finding(ATTRIBUTES, "a batch source has no `urlParams` here, so there is nothing that it asks for", mark=Mark.KEY)


def _host(subject: Subject) -> Iterable[Finding]:
    block = subject.mapping(URL_PARAMS)
    asked_for = any("host" in declared_names(entry.get("spec")) for _, entry in subject.auth_specs())
    if subject.is_batch and block and block.keys().isdisjoint(_HOSTS) and "authSpec" in subject.body and not asked_for:
        yield Finding(URL_PARAMS, "`urlParams` has no `host`, and no entry of `authSpec` asks for one")


def _example_host(subject: Subject) -> Iterable[Finding]:
    host = subject.mapping(URL_PARAMS).get("host")
    found = _EXAMPLE.match(host) if isinstance(host, str) else None
    if found:
        message = f"{found['host']} is a host for examples: it answers nobody, and nothing was ever fetched from it"
        yield Finding((*URL_PARAMS, "host"), message)


def _https(subject: Subject) -> Iterable[Finding]:
    host = subject.mapping(URL_PARAMS).get("host")
    if not isinstance(host, str) or not host.strip() or host.startswith("https://") or _FILLED_IN.match(host):
        return
    if host.lower().startswith("http://"):
        message = "the host is asked over http, so credentials and data go over the network in clear"
        yield Finding((*URL_PARAMS, "host"), message, f"write https://{host[7:80]}")
    else:
        yield Finding(
            (*URL_PARAMS, "host"), f"the host {shown(host)} does not begin with https://", f"write https://{host[:80].strip()}"
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
            f"the path {shown(path)} does not begin with a slash, and is put right behind the host",
            f"write /{path[:80]}",
        )
    elif path.startswith("/") and ends:
        yield Finding((*URL_PARAMS, "host"), "the host ends with a slash, and the path begins with one", "leave out the host's")


def _body_of_get(subject: Subject) -> Iterable[Finding]:
    if "bodyParams" in subject.mapping(ATTRIBUTES) and subject.mapping(URL_PARAMS).get("method") == "GET":
        yield Finding((*ATTRIBUTES, "bodyParams"), "`bodyParams` are sent with POST only, and the method is GET", mark=Mark.KEY)


def _mappings(subject: Subject) -> Iterable[Finding]:
    for path in PARAMETERS:
        value = subject.at(path)
        is_old = isinstance(value, str) and pairs_of(value, "&" if path[-1] == "queryParams" else ",") is not None
        if value is not None and not isinstance(value, dict) and not is_old:
            yield Finding(path, f"`{path[-1]}` is a mapping of names to values, not {name_of_type(value)}", "write {name: value}")


def _blocks(subject: Subject) -> Iterable[Finding]:
    for path in _BLOCKS:
        if path[-1] in subject.mapping(path[:-1]) and not isinstance(subject.at(path), dict):
            message = f"`{path[-1]}` is a mapping, not {name_of_type(subject.at(path))}, so nothing in it is read"
            yield Finding(path, message, f"write its keys below it: {_FIRST_KEYS[path[-1]]}")


def _category(subject: Subject) -> Iterable[Finding]:
    written = subject.at(_CATEGORY)
    if written is None or written in CATEGORIES or not (subject.is_batch or subject.is_streaming):
        return
    plain = re.sub(r"[\W_]", "", written).lower() if isinstance(written, str) else ""
    meant = next((name for name in CATEGORIES if name.lower() == plain), None)
    fix = Replace(meant) if meant else None
    hint = f"write {meant}" if meant else did_you_mean(str(written)[:80], CATEGORIES)
    yield Finding(
        _CATEGORY, f"{shown(written)} is no category of the catalogue, so the source may be listed nowhere", hint, fix=fix
    )


def _example(text: str, rest: str = "") -> str:
    return f"type: generic-rest\nsourceSpec:\n  attributes:\n    urlParams: {{{text}}}\n{rest}"


RULES: Final = (
    Rule(
        code="request-method",
        severity=Severity.ERROR,
        title="The method is GET or POST",
        why="Data is fetched with one of the two, in capital letters.",
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
        why="Both are required of urlParams; without them nothing can be asked for.",
        instead="Write path and method.",
        bad=_example('host: "https://api.acme.example", path: /members'),
        good=_example('host: "https://api.acme.example", path: /members, method: GET'),
        check=_missing,
    ),
    Rule(
        code="no-request",
        severity=Severity.WARNING,
        title="A batch source has a request",
        why="Flow Service fetches the records of a batch source by the request in `urlParams`. Without it a flow has nothing to do.",
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
            "It is in urlParams, or a property `host` of authSpec asks for it. Published responses leave it out of urlParams, "
            "so this is a warning."
        ),
        instead="Write host: https://…, or ask for host in every entry of authSpec.",
        bad="authSpec: []\n" + _example("path: /members, method: GET"),
        good="authSpec: []\n" + _example('host: "https://api.acme.example", path: /members, method: GET'),
        check=_host,
    ),
    Rule(
        code="example-host",
        severity=Severity.ERROR,
        title="The host is a real one",
        why="`new` writes https://api.example.com where it is given no host. A source with that host can fetch nothing.",
        instead="Write the source's own host.",
        bad=_example('host: "https://api.example.com", path: /members, method: GET'),
        good=_example('host: "https://api.acme.example", path: /members, method: GET'),
        check=_example_host,
    ),
    Rule(
        code="host-https",
        severity=Severity.WARNING,
        title="The host is asked over https",
        why="What users enter to authenticate goes along with each request.",
        instead="Begin the host with https://.",
        bad=_example('host: "http://api.acme.example", path: /members, method: GET'),
        good=_example('host: "https://api.acme.example", path: /members, method: GET'),
        check=_https,
    ),
    Rule(
        code="path-slash",
        severity=Severity.WARNING,
        title="One slash stands between host and path",
        why="The URL is host and path, one after the other.",
        instead="Begin the path with a slash, and end the host without one.",
        bad=_example('host: "https://api.acme.example", path: members, method: GET'),
        good=_example('host: "https://api.acme.example", path: /members, method: GET'),
        check=_path,
    ),
    Rule(
        code="body-of-get",
        severity=Severity.WARNING,
        title="Only POST has `bodyParams`",
        why="A GET is sent without a body, so they are not sent at all.",
        instead="Write method: POST, or move them to queryParams.",
        bad=_example("path: /search, method: GET", "    bodyParams: {state: complete}\n"),
        good=_example("path: /search, method: POST", "    bodyParams: {state: complete}\n"),
        check=_body_of_get,
    ),
    Rule(
        code="block-mapping",
        severity=Severity.ERROR,
        title="The parts of a request are mappings",
        why="What stands in their place as a text, a list or null is taken, and the source has no request, no paging or no schedule.",
        instead="Write the keys of the block below it.",
        bad="sourceSpec: {attributes: {paginationParams: NONE}}\n",
        good="sourceSpec: {attributes: {paginationParams: {type: NONE}}}\n",
        check=_blocks,
    ),
    Rule(
        code="params-mapping",
        severity=Severity.WARNING,
        title="Parameters are a mapping",
        why=(
            "Query, header and body parameters are names with values. What stands in their place as a list or as a text is taken, and "
            "whether anything of it is sent is not documented."
        ),
        instead="Write queryParams: {a: 1, b: 2}.",
        bad=_example("path: /search, method: GET, queryParams: state complete"),
        good=_example("path: /search, method: GET, queryParams: {state: complete}"),
        check=_mappings,
    ),
    Rule(
        code="category",
        severity=Severity.WARNING,
        title="The category is one of the catalogue's",
        why="`uiAttributes.category.key` says where users find the source. Adobe's list is in camel case.",
        instead="Write one of them, such as marketingAutomation, crm or customerSuccess.",
        bad=_example("path: /a, method: GET", "    uiAttributes: {category: {key: marketing automation}}\n"),
        good=_example("path: /a, method: GET", "    uiAttributes: {category: {key: marketingAutomation}}\n"),
        check=_category,
        fixable=True,
    ),
)
