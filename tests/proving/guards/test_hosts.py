"""Which hosts Adobe may call with the credentials of a proof: those that the environment lists, or a person confirms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

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
