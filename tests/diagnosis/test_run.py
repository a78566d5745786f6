"""All checks of a target: each on its own, and what they come to together."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.diagnosis.claims import claims_of
from reconciler.diagnosis.probing import NotAReadError, Probe
from reconciler.diagnosis.report import Check, Diagnosis, TargetDiagnosed
from reconciler.diagnosis.run import run_checks
from reconciler.emulator import Behaviour, Fault
from reconciler.errors import ExitCode, SettingsError
from reconciler.flowservice.connecting import connect
from reconciler.flowservice.messages import Call
from reconciler.secret import Secret
from reconciler.sessions.diagnosing import diagnose
from reconciler.settings.scope import Scope
from reconciler.settings.values import Network, OAuthCredentials
from tests.diagnosis.world import ROBOT, Patient, Quiet, jwt, repository
from tests.flowservice.simulated import Service, SimulatedClock, granted, listed, raw, seeded, target

TARGET = TargetDiagnosed("stage", "platform.adobe.io", "1@AdobeOrg", "dev")


def test_a_target_in_order_has_no_failure(tmp_path: Path) -> None:
    found = Patient(tmp_path)
    assert found.failed == set()
    assert found.outcome("token") == "ok"
    assert found.outcome("marker") == "unknown"


def test_only_questions_are_sent(tmp_path: Path) -> None:
    service = Service(listed())
    Patient(tmp_path, wire=service.wire())
    posts = {request.url.path for request in service.requests if request.method != "GET"}
    assert posts == {"/data/foundation/access-control/acl/effective-policies"}
    assert {request.method for request in service.requests} == {"GET", "POST"}


@pytest.mark.parametrize(
    "call", [Call("POST", "/connectionSpecs", body=b"{}"), Call("PUT", "/flowSpecs/1"), Call("DELETE", "/flows/1")]
)
def test_a_probe_refuses_what_is_no_question(call: Call) -> None:
    service = Service(listed())
    credentials = OAuthCredentials("client-1", Secret("s"))
    probe = connect(Probe, target(), credentials, Network(), clock=SimulatedClock(), rng=seeded(), wire=service.wire())
    with pytest.raises(NotAReadError):
        probe.ask(call)
    assert service.requests == []


def test_no_secret_and_no_claim_is_reported(tmp_path: Path) -> None:
    token = jwt(client_id="another-client", scope="openid", user_id="somebody@AdobeID", exp=1_800_000_000)
    environ = {"RECONCILER_ACCESS_TOKEN": token, "RECONCILER_API_KEY": "key-of-our-project-77"}
    found = Patient(tmp_path, environ=environ, behaviour=Behaviour(static_token=token))
    said = str(found.diagnosis)
    assert token not in said
    assert all(word not in said for word in ("another-client", "somebody@AdobeID", "key-of-our-project-77", "signature"))
    assert found.outcome("token-scopes") == "warn"
    assert "seems to be a user's" in found["write-specs"].said


def test_settings_that_cannot_be_read_are_a_check_and_nothing_is_asked(tmp_path: Path) -> None:
    service = Service(listed())
    found = Patient(
        tmp_path, settings="version: 1\nrepository: acme/s\ntargets: {{stage: {{sandbox: Development}}}}\n", wire=service.wire()
    )
    assert found.diagnosis.exit_code is ExitCode.WRONG
    assert found.failed == {"settings"}
    assert "reconciler.yaml:3" in found["settings"].said
    assert found.hint("settings")
    assert service.requests == service.token_requests == []


def test_missing_credentials_are_a_check(tmp_path: Path) -> None:
    found = Patient(tmp_path, environ={})
    assert found.failed == {"credentials"}
    assert "set RECONCILER_CLIENT_ID and RECONCILER_CLIENT_SECRET" in found.hint("credentials")
    assert found.diagnosis.exit_code is ExitCode.WRONG


def test_what_was_not_asked_about_permissions_is_no_answer_about_them(tmp_path: Path) -> None:
    found = Patient(tmp_path, faults=[Fault(path="/ims/token/v3", status=401)])
    assert found["permissions"].said == "not asked: there is no access token"


def is_a_folder(store: Path) -> None:
    store.mkdir()


def is_junk(store: Path) -> None:
    store.write_bytes(b"not a database of SQLite at all, " * 100)


def has_another_layout(store: Path) -> None:
    with sqlite3.connect(store) as db:
        db.execute("PRAGMA user_version = 77")


@pytest.mark.parametrize("broken", [is_a_folder, is_junk, has_another_layout])
def test_an_emulator_whose_store_cannot_be_opened_is_a_check_beside_those_that_need_no_service(
    tmp_path: Path, broken: Callable[[Path], None]
) -> None:
    store = tmp_path / "local.db"
    broken(store)
    specs = repository(tmp_path, settings="version: 1\nrepository: acme/s\ntargets:\n  stage:\n    emulator: local.db\n")
    found = diagnose({}, Scope(specs, "stage"), Quiet(), threading.Event())
    assert [(check.id, check.outcome) for check in found.checks[2:]] == [
        ("settings", "ok"),
        ("credentials", "ok"),
        ("connection", "fail"),
        ("spec-files", "ok"),
    ]
    assert f"cannot open the emulator's database {store}: " in found.checks[4].said
    assert found.checks[4].hint
    assert found.exit_code is ExitCode.WRONG


def test_a_check_that_breaks_is_unknown_and_the_others_run() -> None:
    def broken(_subject: Any) -> Iterator[Check]:
        yield Check("one", "ok", "fine")
        raise RuntimeError("secret words")

    def refused(_subject: Any) -> Iterator[Check]:
        if _subject is None:
            raise SettingsError("not usable", hint="change it")
        yield Check("second", "ok", "fine")

    def last(_subject: Any) -> Iterator[Check]:
        yield Check("last", "ok", "fine")

    checks = tuple(run_checks(None, Quiet(), (("first", broken), ("second", refused), ("third", last))))  # type: ignore[arg-type]
    assert [(check.id, check.outcome) for check in checks] == [
        ("one", "ok"),
        ("first", "unknown"),
        ("second", "unknown"),
        ("last", "ok"),
    ]
    assert "secret words" not in str(checks)
    assert checks[2].hint == "change it"


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (Check("a", "ok", ""), ExitCode.DONE),
        (Check("a", "warn", ""), ExitCode.DONE),
        (Check("a", "unknown", "", due=False), ExitCode.DONE),
        (Check("a", "unknown", ""), ExitCode.UNFINISHED),
        (Check("a", "fail", "", due=False), ExitCode.UNFINISHED),
    ],
)
def test_an_answer_that_was_due_and_is_missing_is_not_in_order(check: Check, code: ExitCode) -> None:
    assert Diagnosis(TARGET, (Check("b", "ok", ""), check)).exit_code is code


def test_a_service_that_fails_is_unknown_and_not_in_order(tmp_path: Path) -> None:
    found = Patient(tmp_path, faults=[Fault(path="/data/foundation/*", status=503)])
    assert found.failed == set()
    assert {found.outcome(name) for name in ("token", "organization", "sandbox", "read-flows", "paging")} == {"unknown"}
    assert found.diagnosis.exit_code is ExitCode.UNFINISHED


def test_a_spec_that_this_credential_wrote_shows_that_it_may_write(tmp_path: Path) -> None:
    mine = {"id": "2e8580db-6489-4726-96de-e33f5f60295f", "name": "x", "createdClient": ROBOT["RECONCILER_CLIENT_ID"]}
    found = Patient(tmp_path, wire=Service(listed(mine)).wire())
    assert found.outcome("write-specs") == "ok"
    assert found.outcome("marker") == "warn"


@pytest.mark.parametrize(
    "token",
    ["opaque", "a.b", "a.!!!.c", jwt()[:-5] + ".x", "e30." + "A" * 100_000 + ".c", "e30.W10.c", f"{jwt(exp='never', scope=7)}"],
)
def test_a_token_of_any_form_is_read_without_failing(token: str) -> None:
    found = claims_of(token)
    assert found is None or (found.expires, found.scopes) == (None, None)


def test_the_end_of_a_token_is_read_in_adobe_s_units_and_in_seconds() -> None:
    adobe = claims_of(jwt(created_at="1700000000000", expires_in="86400000", scope="openid,AdobeID"))
    assert adobe is not None
    assert adobe.expires == 1_700_086_400
    assert adobe.scopes == frozenset({"openid", "AdobeID"})
    usual = claims_of(jwt(exp=1_700_000_000))
    assert usual is not None
    assert usual.expires == 1_700_000_000


@pytest.mark.parametrize(("error", "asked"), [(httpx.ConnectError("refused"), 2), (httpx.ReadTimeout("timed out"), 4)])
def test_a_service_that_does_not_answer_is_not_asked_everything(tmp_path: Path, error: Exception, asked: int) -> None:
    sent: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return granted("token-of-ours-123")
        sent.append(request.url.path)
        raise error

    found = Patient(tmp_path, wire=httpx.MockTransport(handle))
    assert len(sent) == asked, "one question without a connection, two without an answer; each with one retry"
    assert found.failed == {"connection"}
    assert found.outcome("read-runs") == "unknown"
    assert found.diagnosis.exit_code is ExitCode.UNFINISHED


def test_one_question_without_an_answer_stops_no_other(tmp_path: Path) -> None:
    found = Patient(tmp_path, faults=[Fault(path="/flows", break_off="before")])
    assert found.failed == set()
    assert found.outcome("read-flows") == "unknown"
    assert found.outcome("read-runs") == "ok"
    assert found.diagnosis.exit_code is ExitCode.UNFINISHED


def test_headers_about_limits_are_reported(tmp_path: Path) -> None:
    limited = raw(200, b'{"items":[]}', x_ratelimit_limit="50", x_ratelimit_remaining="49")
    found = Patient(tmp_path, wire=Service(limited).wire())
    assert found["rate-limits"].said == "headers seen: x-ratelimit-limit, x-ratelimit-remaining"
