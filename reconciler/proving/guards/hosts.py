"""The hosts that a proof gives credentials to: Adobe calls them with the values of the connection.

What a pull request can change does not decide where a secret goes, so the same guard as in `try` is asked before Adobe gets the values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from reconciler.documents.json_text import Json, value_at
from reconciler.errors import Problem
from reconciler.http.urls import Place, UnclearUrl, sendable
from reconciler.proofs.values import PREFIX
from reconciler.proving.guards.before import refusal
from reconciler.proving.options import ProveOptions
from reconciler.proving.subject import Subject
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.request import first_request
from reconciler.sources.values import NoValue, Values, as_text, filled
from reconciler.sources.window import Window
from reconciler.trying.hosts import Ask, HostGuard, Hosts


def host_refusals(
    subject: Subject, secrets: Iterable[str], window: Window, hosts: Hosts | None, options: ProveOptions, ask: Ask | None
) -> Iterator[Problem]:
    """A refusal for each host that may not be called, or may not get these secrets. `secrets` are names as in proof.yaml."""
    key, variables = subject.key, [f"{PREFIX}{name}" for name in secrets]
    addresses = tuple(_addresses(subject, window))
    if not addresses:
        hint = f"check its first request: reconciler try {key} --dry-run"
        yield refusal(key, "host-refused", "the spec makes no request, so its host is not known", hint)
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
        try:
            yield sendable(address).place
        except UnclearUrl as error:
            yield refusal(
                key, "host-refused", f"an address of the spec is not valid: {error.reason}", "correct host and path in the spec"
            )


def _addresses(subject: Subject, window: Window) -> Iterator[str]:
    """The first request, and every address of the connection, given or by default: accessTokenUrl, authorizationTestUrl and any other."""
    values = subject.values
    first = first_request(subject.source, values, window, Assumptions(subject.assume))
    if first.request is not None:
        yield first.request.url
    for value in (*values.auth.values(), *_defaults(subject)):
        address = _address(value, values)
        if address is not None:
            yield address


def _defaults(subject: Subject) -> Iterator[Json]:
    for _, entry in subject.source.auth_specs:
        if entry.get("name") == subject.auth_name:
            found = value_at(entry, "spec", "properties")
            for name, schema in found.items() if isinstance(found, dict) else ():
                if name not in subject.values.auth and isinstance(schema, dict):
                    yield schema.get("default")


def _address(value: Json | Secret, values: Values) -> str | None:
    if not isinstance(value, str | Secret):
        return None
    try:
        written = filled(as_text(value), values.of)
    except NoValue:
        return None
    return written if _scheme(written) in ("http", "https") else None


def _scheme(text: str) -> str:
    """The scheme of an address in lower case; empty for anything else."""
    try:
        return urlsplit(text).scheme.lower()
    except ValueError:
        return ""
