from __future__ import annotations

from base64 import b64encode

from reconciler.documents.json_text import Json, encode
from reconciler.secret import Secret
from reconciler.sources.messages import Request
from reconciler.sources.trial import Call
from reconciler.trying.redactor import Redactor
from reconciler.trying.running.showing import Shows, hidden

SECRET = "hunter2-and-more"
HIDE = Redactor({"PASSWORD": Secret(SECRET)})


def headers_of(value: str) -> str:
    request = Request("GET", "https://x", (("Authorization", value),))
    return Shows(HIDE)(Call(1, "GET", "https://x", 200, 1, 1), request).headers[0][1]


def test_basic_authentication_is_shown_as_its_two_parts() -> None:
    assert headers_of("Basic " + b64encode(f"jane:{SECRET}".encode()).decode()) == "Basic jane:${PASSWORD}"


def test_what_is_not_base64_is_hidden_all_the_same() -> None:
    assert headers_of(f"Basic {SECRET}!") == "Basic ${PASSWORD}!"
    assert headers_of("Basic " + b64encode(b"\xff\xfe").decode()) == "Basic //4="


def test_secrets_are_hidden_in_every_part_of_a_request() -> None:
    request = Request("POST", f"https://x/{SECRET}?a={SECRET}", ((SECRET, SECRET),), {SECRET: [SECRET, {"a": SECRET}, 1, None]})
    shown = Shows(HIDE, with_curl=True)(Call(2, "POST", request.url, 200, 1, 1), request)
    assert SECRET not in str(shown)
    assert not shown.is_probe
    assert Shows(HIDE)(Call(2, "GET", "https://x", 200, 1, 1, probe=True), request).is_probe
    assert shown.body == {"${PASSWORD}": ["${PASSWORD}", {"a": "${PASSWORD}"}, 1, None]}


def test_values_that_are_no_strings_stay() -> None:
    assert hidden([1, 1.5, True, None], HIDE) == [1, 1.5, True, None]


def test_what_is_nested_too_deep_to_be_shown_is_left_out() -> None:
    value: Json = SECRET
    for _ in range(3000):
        value = [{"a": value}]
    shown = encode(hidden(value, HIDE)).decode()
    assert "…" in shown
    assert shown.count("[") == 50
    assert hidden([{"a": {"b": SECRET}}], HIDE) == [{"a": {"b": "${PASSWORD}"}}]
