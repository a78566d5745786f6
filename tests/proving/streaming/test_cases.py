"""What is sent in each case of the authentication tests."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from reconciler.documents.json_text import decode
from reconciler.proofs.streaming.authentication import CASES
from reconciler.proofs.streaming.events import Event
from reconciler.proving.streaming.cases import AUTHORIZATION, SIGNATURE, Authentication, Case, cases, plain_headers, signed
from reconciler.secret import Secret

BODY = b'{"id": "a-1",  "n": 1.0}'
EVENT = Event(BODY, {"id": "a-1", "n": 1.0})
PLAIN = plain_headers("flow-1", "dev")
HMAC = Authentication("hmac", "base64", Secret("shared"), {"previous-secret": Secret("before")})
OAUTH = Authentication("oauth", secret=Secret("tok"), tests={"expired": Secret("old")})


def mac(secret: str, body: bytes = BODY) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def by_name(auth: Authentication) -> dict[str, Case]:
    return {case.name: case for case in cases(auth, PLAIN, EVENT)}


def test_the_signature_is_over_the_exact_bytes() -> None:
    assert signed(HMAC, PLAIN, BODY).headers[SIGNATURE] == base64.b64encode(mac("shared")).decode()
    assert signed(HMAC, PLAIN, BODY, "hex").headers[SIGNATURE] == mac("shared").hex()


def test_each_event_names_its_flow_and_its_sandbox() -> None:
    headers = signed(HMAC, PLAIN, BODY).headers
    assert (headers["x-adobe-flow-id"], headers["x-sandbox-name"], headers["Content-Type"]) == (
        "flow-1",
        "dev",
        "application/json",
    )


@pytest.mark.parametrize("auth", [HMAC, OAUTH])
def test_there_is_a_case_for_each_row_of_the_table_in_its_order(auth: Authentication) -> None:
    assert list(by_name(auth)) == list(CASES[auth.mechanism])


def test_the_cases_of_hmac_differ_in_one_thing_each() -> None:
    found = by_name(HMAC)
    sent = {name: case.request for name, case in found.items() if case.request is not None}
    header = {name: request.headers.get(SIGNATURE) for name, request in sent.items()}
    assert header["valid"] == header["modified"] == base64.b64encode(mac("shared")).decode()
    assert header["missing"] is None
    assert header["previous-secret"] == base64.b64encode(mac("before")).decode()
    assert len(base64.b64decode(header["wrong-secret"] or "")) == 32
    assert header["wrong-secret"] not in (header["valid"], header["previous-secret"])
    assert {name for name, request in sent.items() if request.body != BODY} == {"modified"}
    assert decode(sent["modified"].body) == {"id": "a-1x", "n": 1.0}
    assert found["removed-secret"].request is None


def test_the_cases_of_oauth_that_need_a_token_of_their_own_are_sent_with_it() -> None:
    found = by_name(OAUTH)
    sent = {name: case.request.headers.get(AUTHORIZATION) for name, case in found.items() if case.request is not None}
    assert sent == {"valid": "Bearer tok", "missing": None, "expired": "Bearer old", "invalid": "Bearer not-a-token"}
    assert [name for name, case in found.items() if case.request is None] == ["scopes", "rotated"]


@pytest.mark.parametrize(
    ("value", "changed"),
    [({"a": "x"}, {"a": "xx"}), ({"a": 1}, {"a": 2}), ({"a": True}, {"a": False}), ({"a": None}, {"a": True})],
)
def test_a_modified_event_has_another_value(value: dict[str, object], changed: dict[str, object]) -> None:
    (case,) = (one for one in cases(HMAC, PLAIN, Event(b"", value)) if one.name == "modified")
    assert case.request is not None
    assert decode(case.request.body) == changed


@pytest.mark.parametrize("auth", [HMAC, OAUTH])
def test_what_is_shown_has_no_secret_no_signature_and_no_token(auth: Authentication) -> None:
    for case in cases(auth, PLAIN, EVENT):
        if case.request is not None:
            shown = str(case.request.shown) + repr(case.request) + repr(case)
            secrets = [value for name, value in case.request.headers.items() if name in (SIGNATURE, AUTHORIZATION)]
            assert not [secret for secret in (*secrets, "shared", "tok", "before") if secret in shown]


def test_without_a_mechanism_there_is_nothing_to_test() -> None:
    assert list(cases(Authentication("none"), PLAIN, EVENT)) == []
    assert dict(signed(Authentication("none"), PLAIN, BODY).headers) == PLAIN
