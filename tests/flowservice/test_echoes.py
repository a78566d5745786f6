"""A service, gateway or proxy that repeats what it was sent: nothing of a credential reaches a message, log, receipt or traceback."""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import Callable

import httpx
import msgspec
import pytest

from reconciler.documents.kinds import Kind
from reconciler.errors import AnswerLost, ReconcilerError, ServiceError
from reconciler.flowservice.client import SpecWriter
from reconciler.secret import Secret
from reconciler.settings.values import Credentials, Network, OAuthCredentials, TokenCredentials
from tests.flowservice.simulated import SPEC_ID, THEIR_IDS, Service, answer, client, granted, listed, raw, spec

CLIENT_ID = "8f14e45fceea167a5a36dedd4bea2543"
CLIENT_SECRET = "p8e-Xk29sLq0Vn37_TbZ14wRm8uYcD6e"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6IjE3MDAwIiwidHlwZSI6ImFjY2VzcyJ9.k3Jq-Zt81LmVbW0xRyP5nD2uHsAeQ9oTfC7"
WRITTEN: dict[str, Callable[[str], str]] = {
    "plain": str,
    "begin": lambda text: text[:12],
    "end": lambda text: text[-12:],
    "as a code": lambda text: "".join(one for one in text if one.isalnum())[:32],
    "escaped": lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
    "percent": lambda text: "".join(f"%{ord(one):02X}" for one in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex()[:32],
    "upper case": str.upper,
    "reversed": lambda text: text[::-1],
}
FIELDS = [
    "error",
    "error_code",
    "errorCode",
    "code",
    "message",
    "errorMessage",
    "error_description",
    "detail",
    "title",
    "type",
    "status",
    "request-id",
    "requestId",
    "name",
    "id",
    "report",
    "errors",
    "errorDetails",
]
HEADERS = ["x-request-id", "location", "etag", "retry-after", "www-authenticate", "content-type", "date", "link", "server"]
CALLS: list[Callable[[SpecWriter], object]] = [
    lambda writer: writer.list_specs(Kind.FLOW_SPEC),
    lambda writer: writer.get_spec(Kind.CONNECTION_SPEC, SPEC_ID),
    lambda writer: writer.usage_of(SPEC_ID),
    lambda writer: writer.create_spec(Kind.CONNECTION_SPEC, {"name": "x"}),
    lambda writer: writer.replace_spec(Kind.FLOW_SPEC, SPEC_ID, {"name": "x"}, None),
]


def echo(text: str, status: int) -> httpx.Response:
    """An answer that repeats this wherever there is place for it."""
    inner = dict.fromkeys((*FIELDS, "detailed-message"), text)
    body = dict.fromkeys(FIELDS, text) | {"report": inner, "errors": [inner, text], text: text}
    headers = {name: text.encode("ascii", "replace").decode() for name in HEADERS}
    return httpx.Response(status, content=msgspec.json.encode(body), headers=headers)


def parts(text: str) -> set[str]:
    return {text[start : start + 8].lower() for start in range(len(text) - 7)}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("value", [CLIENT_ID, CLIENT_SECRET, TOKEN], ids=["client id", "secret", "token"])
@pytest.mark.parametrize("status", [302, 400, 404, 503])
@pytest.mark.parametrize("where", ["service", "token endpoint"])
def test_an_error_that_repeats_a_credential_shows_nothing_of_it(
    write: Callable[[str], str], value: str, status: int, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    written = write(value)
    reply = echo(written, status)
    for call in CALLS[:4:3]:
        tokens = [granted(TOKEN)] if where == "service" else [reply]
        service = Service(reply if where == "service" else listed(), tokens=tokens)
        writer = client(service, network=Network(retries=0), credentials=OAuthCredentials(CLIENT_ID, Secret(CLIENT_SECRET)))
        with caplog.at_level(logging.DEBUG), pytest.raises(ServiceError) as caught:
            call(writer)
        assert not parts(written) & parts(shown(caught.value, writer) + caplog.text)


def shown(error: ReconcilerError, writer: SpecWriter) -> str:
    return f"{''.join(traceback.format_exception(error))} {vars(error)!r} {writer.requests!r}"


@pytest.mark.parametrize(
    "credentials", [OAuthCredentials(CLIENT_ID, Secret(CLIENT_SECRET)), TokenCredentials(Secret(TOKEN), "key")]
)
@pytest.mark.parametrize("call", CALLS[:3])
def test_a_body_that_repeats_a_credential_is_not_used(call: Callable[[SpecWriter], object], credentials: Credentials) -> None:
    value = CLIENT_SECRET if isinstance(credentials, OAuthCredentials) else TOKEN
    service = Service(listed(spec(description=f"is {value}")), tokens=[granted("t" * 20)])
    writer = client(service, credentials=credentials)
    with pytest.raises(ServiceError, match="response discarded: it contains a credential") as caught:
        call(writer)
    assert not parts(value) & parts(shown(caught.value, writer))
    assert len(service.requests) == 1


def test_a_write_whose_answer_repeats_a_credential_may_have_been_done() -> None:
    service = Service(answer(201, spec(name=TOKEN)))
    with pytest.raises(AnswerLost, match="response discarded: it contains a credential"):
        client(service, credentials=TokenCredentials(Secret(TOKEN), "key")).create_spec(Kind.CONNECTION_SPEC, {"name": "x"})


def test_a_receipt_keeps_our_own_id_of_a_request_where_theirs_is_a_credential() -> None:
    service = Service(answer(201, spec(), x_request_id="".join(one for one in TOKEN if one.isalnum())[30:62]))
    receipt = client(service, credentials=TokenCredentials(Secret(TOKEN), "key")).create_spec(Kind.CONNECTION_SPEC, {})
    assert receipt.request_id == service.requests[0].headers["x-request-id"]


def test_the_client_id_may_stand_in_what_is_live() -> None:
    service = Service(listed(spec(createdClient=CLIENT_ID)))
    writer = client(service, credentials=OAuthCredentials(CLIENT_ID, Secret(CLIENT_SECRET)))
    assert len(writer.list_specs(Kind.CONNECTION_SPEC).specs) == 1


def test_a_token_that_is_granted_twice_is_taken() -> None:
    refusal = answer(401, {"error_code": "401013", "message": "Oauth token is not valid"})
    service = Service(refusal, listed(), tokens=[granted(TOKEN), granted(TOKEN)])
    assert client(service).list_specs(Kind.FLOW_SPEC).complete


def test_the_services_own_words_are_shown_where_they_repeat_nothing() -> None:
    body = {
        "title": "Bad",
        "errorMessage": f"sourceSpec is not valid for {SPEC_ID}: see /sourceSpec/attributes",
        "errorCode": "1413-400",
    }
    with pytest.raises(ServiceError) as caught:
        client(Service(answer(400, body, x_request_id=THEIR_IDS[1]))).get_spec(Kind.CONNECTION_SPEC, SPEC_ID)
    assert f"400 1413-400: Bad: {body['errorMessage']} (request id {THEIR_IDS[1]})" in caught.value.message


def test_an_unknown_word_in_the_place_of_an_oauth_code_is_not_shown() -> None:
    service = Service(listed(), tokens=[answer(400, {"error": "letmein_letmein"})])
    with pytest.raises(ServiceError) as caught:
        client(service).list_specs(Kind.FLOW_SPEC)
    assert "letmein" not in caught.value.message
    assert caught.value.server_code is None


def test_a_page_of_html_that_repeats_a_credential_shows_nothing() -> None:
    with pytest.raises(ServiceError) as caught:
        client(
            Service(raw(400, b"you sent token-1-secret")), credentials=TokenCredentials(Secret("token-1-secret"), "k")
        ).list_specs(Kind.FLOW_SPEC)
    assert "message withheld: it may contain a credential" in caught.value.message
