"""Whether `authorizationTestUrl` tells a right credential from a wrong one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request
from reconciler.sources.sending.authentication import credentials
from reconciler.sources.source import Source
from reconciler.sources.values import NoValue, Values, as_text, filled

TEST_URL: Final = "authorizationTestUrl"


def probe_auth(source: Source, values: Values, fetch: Fetch, assumed: Assumptions) -> tuple[Finding, ...]:
    """Sends the credentials to `authorizationTestUrl`, then the same with one character changed. Nothing is sent without such a URL.

    `fetch` must treat this URL as a first request, because its host may be another one than that of the data (`LiveFetch.apart`).
    """
    url = values.auth.get(TEST_URL)
    if url is None:
        return (
            found(
                "auth-test-always-true", f"`{TEST_URL}` has no value, so it was not tried", f"write {TEST_URL} below auth.params"
            ),
        )
    try:
        written = filled(as_text(url), values.of)
    except NoValue as name:
        return (found("missing-value", f"`{name}` in `{TEST_URL}` has no value"),)
    right = fetch(_request(written, source, values, assumed))
    if isinstance(right, NoAnswer):
        return (found(_code(right), f"`{TEST_URL}`: {right.reason}", right.hint),)
    if not _is_success(right):
        message = f"`{TEST_URL}` answers the given credentials with HTTP {right.status}"
        return (found("http-status", message, "check the credentials and the address"),)
    wrong_values = replace(values, auth=_with_a_mistake(values.auth))
    if wrong_values == values:
        return (found("auth-test-always-true", f"`{TEST_URL}` was not tried: no credential is from the environment"),)
    wrong = fetch(_request(written, source, wrong_values, assumed))
    if isinstance(wrong, NoAnswer):
        return (found(_code(wrong), f"`{TEST_URL}`: {wrong.reason}", wrong.hint),)
    if _is_success(wrong):
        message = f"`{TEST_URL}` also answers a wrong credential with HTTP {wrong.status}"
        return (found("auth-test-always-true", message),)
    return ()


def _request(url: str, source: Source, values: Values, assumed: Assumptions) -> Request:
    headers = tuple((name, value) for name, value, _ in credentials(source, values, assumed).headers)
    return Request("GET", url, (*headers, ("Accept", "application/json")))


def _with_a_mistake(auth: Mapping[str, Json | Secret]) -> dict[str, Json | Secret]:
    """The values with the last character of each secret changed."""
    return {name: Secret(_changed(value.reveal())) if isinstance(value, Secret) else value for name, value in auth.items()}


def _changed(value: str) -> str:
    last = value[-1:]
    return value[:-1] + ("1" if last == "0" else "0" if last.isdigit() else "b" if last == "a" else "a")


def _is_success(answer: Answer) -> bool:
    return 200 <= answer.status < 300  # noqa: PLR2004 - the statuses of success


def _code(answer: NoAnswer) -> str:
    return answer.code if answer.code in {"host-refused", "header-name"} else "no-answer"
