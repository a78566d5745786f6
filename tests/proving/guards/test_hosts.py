"""Which hosts Adobe may call with the credentials of a proof: those that the environment lists, or a person confirms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.proofs.values import Proof
from reconciler.proving.guards.hosts import host_refusals
from reconciler.proving.options import ProveOptions
from reconciler.proving.report import SpecProved, TargetProved
from reconciler.proving.subject import Subject
from reconciler.secret import Secret
from reconciler.sources.source import Source
from reconciler.sources.values import Values
from reconciler.sources.window import Mode, Window
from reconciler.trying.hosts import Question, hosts_in

WINDOW = Window(Mode.BACKFILL, None, datetime(2026, 11, 27, tzinfo=UTC))


def subject(host: str = "https://api.acme.example", auth: dict[str, Any] | None = None, **defaults: str) -> Subject:
    body = {
        "authSpec": [
            {
                "name": "OAuth",
                "type": "OAuth2RefreshCode",
                "spec": {
                    "type": "object",
                    "properties": {name: {"type": "string", "default": url} for name, url in defaults.items()},
                },
            }
        ],
        "sourceSpec": {"attributes": {"urlParams": {"host": host, "path": "/members", "method": "GET"}}},
    }
    return Subject(
        SpecProved("members", "1", "Members", {}, "RestStorageToAEP"),
        TargetProved("dev", "platform.adobe.io", "1@AdobeOrg", "dev"),
        "acme/aep-sources",
        Source(body),
        Values("OAuth", {"accessToken": Secret("t0k3n-value")} | (auth or {})),
        Proof(),
        "d" * 64,
        "f1",
    )


def refusals(
    of: Subject,
    allowed: str = "",
    ask: Callable[[Question], bool] | None = None,
    secrets: tuple[str, ...] = ("TOKEN",),
    **options: bool,
) -> list[str]:
    hosts = hosts_in({"RECONCILER_PROOF_HOSTS": allowed})
    return [problem.message for problem in host_refusals(of, secrets, WINDOW, hosts, ProveOptions(**options), ask)]  # type: ignore[arg-type]


def test_a_host_that_is_listed_may_get_the_credentials() -> None:
    assert refusals(subject(), "api.acme.example") == []


def test_without_a_list_and_a_terminal_no_host_gets_them() -> None:
    (said,) = refusals(subject())
    assert said == "RECONCILER_PROOF_HOSTS is not set, so api.acme.example does not get RECONCILER_PROOF_TOKEN"


def test_a_person_is_asked_for_each_host() -> None:
    asked: list[str] = []

    def yes(question: Question) -> bool:
        asked.append(question.host)
        return True

    assert refusals(subject(auth={"authorizationTestUrl": "https://auth.acme.example/test"}), ask=yes) == []
    assert asked == ["api.acme.example", "auth.acme.example"]


def test_addresses_of_the_connection_are_checked_too_given_or_by_default() -> None:
    assert refusals(subject(auth={"accessTokenUrl": "https://evil.example/token"}), "api.acme.example")
    assert refusals(subject(authorizationTestUrl="https://evil.example/me"), "api.acme.example")


def test_a_default_that_is_given_otherwise_is_not_called() -> None:
    of = subject(auth={"accessTokenUrl": "https://api.acme.example/token"}, accessTokenUrl="https://old.example/token")
    assert refusals(of, "api.acme.example") == []


def test_local_and_unencrypted_addresses_need_permission() -> None:
    assert refusals(subject("http://127.0.0.1:8000"), "127.0.0.1:8000")
    assert refusals(subject("http://127.0.0.1:8000"), "127.0.0.1:8000", allow_local=True) == []


def test_a_spec_without_a_request_is_refused() -> None:
    assert refusals(subject("${nobody}"), "api.acme.example")


def test_without_a_secret_any_public_host_may_be_called() -> None:
    assert refusals(subject(), secrets=()) == []


def with_properties(**properties: Any) -> Subject:
    of = subject()
    body = dict(of.source.body)
    (entry,) = body["authSpec"]
    body["authSpec"] = [entry | {"spec": {"type": "object", "properties": properties}}]
    return replace(of, source=Source(body))


@pytest.mark.parametrize(
    "url", ["evil.example/token", "//evil.example/token", "wss://evil.example/token", "ht\ttps://evil.example"]
)
def test_an_address_of_another_form_is_none_that_may_get_them(url: str) -> None:
    assert refusals(subject(auth={"accessTokenUrl": url}), "api.acme.example")


def test_an_address_that_is_not_known_is_refused() -> None:
    (said,) = refusals(subject(authorizationTestUrl="https://${nobody}.evil.example/me"), "api.acme.example")
    assert said == "an address of the connection has a placeholder without a value, so its host is not known"


@pytest.mark.parametrize(
    "properties",
    [
        {"authorizationTestUrl": {"const": "https://evil.example/me"}},
        {"more": {"type": "object", "properties": {"testUrl": {"default": "https://evil.example/me"}}}},
        {"more": {"type": "object", "default": {"deep": ["https://evil.example/me"]}}},
    ],
)
def test_an_address_that_the_spec_gives_in_another_place_is_checked_too(properties: dict[str, Any]) -> None:
    assert refusals(with_properties(**properties), "api.acme.example")


def test_an_address_inside_a_value_is_checked() -> None:
    assert refusals(subject(auth={"options": {"hook": "https://evil.example/me"}}), "api.acme.example")


def test_a_schema_that_contains_itself_ends() -> None:
    loop = {"type": "object", "properties": {"again": {"$ref": "#"}}}
    assert refusals(with_properties(more=loop), "api.acme.example") == []


@pytest.mark.parametrize(
    "path",
    [
        ".evil.example/members",
        "@evil.example",
        ":8443/members",
        "@{if(empty(pipeline()?.parameters?.ingestionStart),'.evil','/')}",
    ],
)
def test_a_path_that_may_become_a_part_of_the_host_is_refused(path: str) -> None:
    said = "the path does not begin with a slash, so Adobe may read its beginning as a part of the host"
    assert said in refusals(with_path(path), "api.acme.example")


@pytest.mark.parametrize("path", ["members/v1.0", "/.well-known/members", "?list=1"])
def test_a_path_that_makes_no_other_host_is_fine(path: str) -> None:
    assert refusals(with_path(path), "api.acme.example") == []


def test_a_request_that_is_not_known_is_refused_although_the_connection_names_an_allowed_host() -> None:
    of = subject("${nobody}", auth={"accessTokenUrl": "https://api.acme.example/token"})
    assert refusals(of, "api.acme.example") == ["the spec makes no request, so its host is not known"]


def with_path(path: str) -> Subject:
    of = subject()
    body = dict(of.source.body)
    body["sourceSpec"] = {"attributes": {"urlParams": {"host": "https://api.acme.example", "path": path, "method": "GET"}}}
    return replace(of, source=Source(body))
