"""Answers of any shape: each check comes to an outcome, and none breaks."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.diagnosis.world import ROBOT, Patient
from tests.flowservice.simulated import Service, raw, target, untrusted

BODIES = (
    b"",
    b"null",
    b"[]",
    b"7",
    b'"text"',
    b"<html>",
    b"{}",
    b'{"items":null}',
    b'{"items":[null,7,{"id":7},{"id":"../../x"},{"id":"a","etag":7,"attributes":[]}]}',
    b'{"items":[{"id":"2e8580db-6489-4726-96de-e33f5f60295f","sourceConnectionSpecIds":[7,"../x","\\ud800"]}],"count":"9"}',
    b'{"sandboxes":[null,{"name":7},{"name":"dev","title":null,"state":[]}],"policies":{"/permissions/view-sources":[]},"items":[]}',
    b'{"sandboxes":{},"policies":[],"_links":7,"items":[]}',
    b"[" * 100_000,
    b'{"items":[{"id":"a","x":' + b"[" * 5_000 + b"]" * 5_000 + b"}]}",
    b'{"error_code":{"a":1},"report":[],"title":7,"status":"x"}',
)


@pytest.mark.parametrize("status", [200, 302, 400, 403])
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_no_answer_breaks_a_check(tmp_path: Path, body: bytes, status: int) -> None:
    headers = {"date": "Fri, 99 Foo 2026", "etag": 'W/"1"', "location": "http://[x", "x-ratelimit-limit": "x" * 10_000}
    found = Patient(tmp_path, wire=Service(raw(status, body, **headers)).wire())
    assert [check for check in found.diagnosis.checks if "bug in reconciler" in check.said] == []
    assert found.outcome("clock") == "unknown"
    assert not (status >= 400 and found.outcome("token") == "ok" and found.outcome("organization") == "ok")


def test_an_answer_that_repeats_a_credential_is_not_shown(tmp_path: Path) -> None:
    secret = ROBOT["RECONCILER_CLIENT_SECRET"]
    body = b'{"error_code":"403003","message":"key ' + secret.encode() + b' is bad"}'
    found = Patient(tmp_path, wire=Service(raw(403, body)).wire())
    assert found.failed >= {"api-key"}
    assert secret not in str(found.diagnosis)


def test_certificates_that_are_not_there_are_about_tls(tmp_path: Path) -> None:
    def handle(_request: httpx.Request) -> httpx.Response:
        raise untrusted()

    found = Patient(tmp_path, environ=ROBOT | {"SSL_CERT_FILE": "/nowhere.pem"}, wire=httpx.MockTransport(handle))
    assert "certificates from SSL_CERT_FILE" in found["tls"].said
    assert found["connection"].said.endswith("see tls")
    assert target().host not in found["token"].said


@pytest.mark.parametrize(
    ("tags", "outcome"),
    [
        (('"1"', '"1"'), "ok"),
        (('"1"', '"2"'), "warn"),
        (('W/"1"', 'W/"1"'), "warn"),
        (("1", "1"), "warn"),
        ((None, None), "ok"),
        ((None, '"1"'), "warn"),
    ],
)
def test_etags_are_compared_over_two_gets(tmp_path: Path, tags: tuple[str | None, str | None], outcome: str) -> None:
    spec = b'{"items":[{"id":"2e8580db-6489-4726-96de-e33f5f60295f","name":"x"}]}'
    left = list(tags)

    def handle(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return raw(200, b'{"access_token":"token-of-ours-123","expires_in":86399}')
        if request.url.path.endswith("2e8580db-6489-4726-96de-e33f5f60295f"):
            tag = left.pop(0) if left else None
            return raw(200, spec, **({"etag": tag} if tag else {}))
        return raw(200, spec)

    assert Patient(tmp_path, wire=httpx.MockTransport(handle)).outcome("etags") == outcome
