"""The hosts that a proof gives credentials to: Adobe calls them with the values of the connection.

What a pull request can change does not decide where a secret goes, so the same guard as in `try` is asked before Adobe gets the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.errors import Problem
from reconciler.http.urls import Place, UnclearUrl, sendable
from reconciler.proofs.properties import declared
from reconciler.proofs.values import PREFIX
from reconciler.proving.guards.before import refusal
from reconciler.proving.options import ProveOptions
from reconciler.proving.subject import Subject
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.request import first_request
from reconciler.sources.sending.addresses import HOST, PATH, split
from reconciler.sources.values import PLACEHOLDER, NoValue, Values, as_text, filled
from reconciler.sources.window import Window
from reconciler.trying.hosts import Ask, HostGuard, Hosts

_SCHEME: Final = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*:[/\\]|\s*[/\\]{2}")
_NAMES_ADDRESS: Final = re.compile(r"(?:ur[il]|endpoint)$", re.IGNORECASE)
_ONE_NAME: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
"""The beginning of a path that makes no other host, even right after one."""
_UNKNOWN: Final = ""
"""An address that a placeholder without a value leaves open."""
_DEEPEST: Final = 20


def host_refusals(
    subject: Subject, secrets: Iterable[str], window: Window, hosts: Hosts | None, options: ProveOptions, ask: Ask | None
) -> Iterator[Problem]:
    """A refusal for each host that may not be called, or may not get these secrets. `secrets` are names as in proof.yaml."""
    key, variables = subject.key, [f"{PREFIX}{name}" for name in secrets]
    first = first_request(subject.source, subject.values, window, Assumptions(subject.assume)).request
    if first is None:
        hint = f"check its first request: reconciler try {key} --dry-run"
        yield refusal(key, "host-refused", "the spec makes no request, so its host is not known", hint)
    if variables and _may_extend_host(subject):
        said = "the path does not begin with a slash, so Adobe may read its beginning as a part of the host"
        yield refusal(key, "host-refused", said, "begin the path with a slash")
    addresses = (*([first.url] if first else ()), *_addresses(subject))
    for place in dict.fromkeys(_places(key, addresses)):
        if isinstance(place, Problem):
            yield place
            continue
        guard = HostGuard(hosts, variables, allow_local=options.allow_local, ask=ask)
        refused = guard.refusal(place, proxied=False)
        if refused is not None:
            yield refusal(key, "host-refused", refused.reason, refused.hint)


def _places(key: str, addresses: Sequence[str]) -> Iterator[Place | Problem]:
    for address in addresses:
        if address == _UNKNOWN:
            said = "an address of the connection has a placeholder without a value, so its host is not known"
            yield refusal(key, "host-refused", said, "give the value under auth.params in proof.yaml, or write the whole address")
            continue
        try:
            yield sendable(address).place
        except UnclearUrl as error:
            yield refusal(
                key, "host-refused", f"an address of the spec is not valid: {error.reason}", "correct host and path in the spec"
            )


def _may_extend_host(subject: Subject) -> bool:
    """Whether host and path, joined as they are written, may be another host than when they are joined with a slash."""
    host, path = subject.source.at(HOST), subject.source.at(PATH)
    written = host.strip() if isinstance(host, str) else ""
    if not isinstance(path, str) or path.startswith(("/", "?")) or split(written)[2]:
        return False
    return _ONE_NAME.fullmatch(re.split(r"[/?]", path, maxsplit=1)[0]) is None


def _addresses(subject: Subject) -> Iterator[str]:
    """Every address of the connection, given or by default: accessTokenUrl, authorizationTestUrl and any other."""
    values = subject.values
    for name, value in (*values.auth.items(), *_defaults(subject)):
        for text in _texts(value):
            address = _address(name, text, values)
            if address is not None:
                yield address


def _defaults(subject: Subject) -> Iterator[tuple[str, Json]]:
    """What the spec itself gives the properties that have no value, also those inside of one."""
    due: list[tuple[int, Json]] = [
        (0, entry.get("spec")) for _, entry in subject.source.auth_specs if entry.get("name") == subject.auth_name
    ]
    while due:
        depth, schema = due.pop()
        for name, schemas in declared(schema).items() if depth < _DEEPEST else ():
            if depth == 0 and name in subject.values.auth:
                continue
            for below in schemas:
                if isinstance(below, dict):
                    yield from ((name, below[word]) for word in ("default", "const") if word in below)
                    due.append((depth + 1, below))


def _texts(value: Json | Secret) -> Iterator[str]:
    """Every string in a value, at any depth."""
    due: list[Json | Secret] = [value]
    while due:
        item = due.pop()
        if isinstance(item, str | Secret):
            yield as_text(item)
        elif isinstance(item, dict | list):
            due += item.values() if isinstance(item, dict) else item


def _address(name: str, text: str, values: Values) -> str | None:
    """The address in a text; None if it is none. One without a scheme counts in a property whose name says that it is an address."""
    try:
        written = filled(text, values.of)
    except NoValue:
        written = PLACEHOLDER.sub("", text)
        return _UNKNOWN if _is_address(name, written) or "://" in text else None
    if not _is_address(name, written):
        return None
    return written if _SCHEME.match(written) else f"https://{written.lstrip('/')}"


def _is_address(name: str, text: str) -> bool:
    return _SCHEME.match(text) is not None or (bool(text.strip()) and _NAMES_ADDRESS.search(name) is not None)
