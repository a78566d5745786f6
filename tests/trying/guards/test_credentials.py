"""What a host that may not get the credentials is sent instead."""

from __future__ import annotations

import pytest

from reconciler.documents.json_text import Json
from reconciler.secret import Secret
from reconciler.sources.messages import Request
from reconciler.trying.guards.credentials import secret_in_host, without_credentials
from reconciler.trying.redactor import Redactor

REDACTOR = Redactor({"KEY": Secret("k9-secret-value")})
URL = "https://cdn.example.com/a"


def test_only_headers_that_cannot_be_credentials_are_kept() -> None:
    headers = (("accept", "text/csv"), ("User-Agent", "x"), ("Authorization", "Basic eA=="), ("X-Signature", "computed"))
    stripped = without_credentials(Request("GET", URL, headers), REDACTOR)
    assert stripped == Request("GET", URL, (("accept", "text/csv"), ("User-Agent", "x")))


def test_a_harmless_header_with_a_secret_is_left_out() -> None:
    stripped = without_credentials(Request("GET", URL, (("Accept", "k9-secret-value"),)), REDACTOR)
    assert stripped == Request("GET", URL)


def test_query_parameters_with_a_secret_are_left_out_and_no_fragment_is_sent() -> None:
    stripped = without_credentials(Request("GET", f"{URL}?a=1&key=k9-secret-value&b=2#part"), REDACTOR)
    assert stripped == Request("GET", f"{URL}?a=1&b=2")


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "https://cdn.example.com/k9-secret-value"),
        Request("POST", URL, (), {"deep": ["k9-secret-value"]}),
    ],
)
def test_nothing_is_sent_if_the_path_or_the_body_has_a_secret(request_: Request) -> None:
    assert without_credentials(request_, REDACTOR) is None


@pytest.mark.parametrize("body", [{"page": 2}, [], ""])
def test_a_body_without_a_secret_is_sent(body: Json) -> None:
    assert without_credentials(Request("POST", URL, (), body), REDACTOR) == Request("POST", URL, (), body)


def test_a_secret_in_a_host_is_named() -> None:
    assert secret_in_host("https://k9-secret-value.example.com/", REDACTOR) == "KEY"
    assert secret_in_host("https://example.com/k9-secret-value", REDACTOR) is None
