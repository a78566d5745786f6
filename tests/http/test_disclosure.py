"""What of an answer is shown, and what is left out."""

from __future__ import annotations

import pytest

from reconciler.documents.json_text import decode
from reconciler.http.secrets.disclosure import WITHHELD, error_content, headers_of, request_id_in, shown_words
from reconciler.http.secrets.known_secrets import KnownSecrets

SECRET = "p8e-Xk29sLq0Vn37_TbZ14wRm8uYcD6e"


@pytest.fixture
def secrets() -> KnownSecrets:
    known = KnownSecrets()
    known.add(SECRET)
    return known


@pytest.mark.parametrize(
    "text",
    [
        "Oauth token is not valid",
        "Resource not found: The requested connections resource is not found.",
        'Supplied version=["3d0055c1-0000-0200-0000-5f3a1c2b0000"] does not match',
        "FLOW-1439-404: 'authSpec[0].name' must be one of: OAuth2RefreshCode, BasicAuthentication, S3, KeyBased",
        "wait 30s, until 2026-11-27T12:00:00Z; at most 100 items of 5MB",
        "die Größe überschreitet 5 MB",
    ],
)
def test_words_numbers_and_uuids_are_shown(text: str) -> None:
    assert shown_words(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("key a8Fj29dkQ0 is unknown", "key … is unknown"),
        ("zeroth 12345678901234 is too long", "zeroth … is too long"),
        ("a\u200bb\n  c", "ab c"),
        ("x" * 60, "…"),
    ],
)
def test_what_could_be_anything_is_left_out(text: str, shown: str) -> None:
    assert shown_words(text) == shown


@pytest.mark.parametrize(
    ("text", "is_shown"),
    [
        ("5c1f1f0e-8a3c-4f51-9d0c-3b1f2f6f8d11", True),
        ("9pEnkVyyWlVNj6xCGJWjnvV8FTJ8JRLI", True),
        ("r-1", False),
        ("a b", False),
        (SECRET, False),
        (SECRET.replace("-", "").replace("_", "") + "abc", False),
        (f"{SECRET.encode().hex()[:32]}", False),
        ("-".join((h := SECRET.encode().hex())[a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))), False),
        ("", False),
        (None, False),
    ],
)
def test_an_id_of_a_request_is_shown_by_its_form_and_where_it_is_no_credential(
    text: str | None, is_shown: bool, secrets: KnownSecrets
) -> None:
    assert request_id_in(text, secrets) == (text if is_shown else None)


def test_each_string_of_an_error_that_repeats_a_credential_is_withheld(secrets: KnownSecrets) -> None:
    body = f'{{"title": "Bad", "detail": "no {SECRET[:12]}", "report": {{"id": ["{SECRET[::-1]}", 5]}}, "{SECRET}": 1}}'
    cleaned = decode(error_content(body.encode(), secrets))
    assert cleaned == {"title": "Bad", "detail": WITHHELD, "report": {"id": [WITHHELD, 5]}}


def test_a_credential_that_is_spread_over_an_error_is_withheld(secrets: KnownSecrets) -> None:
    body = f'{{"title": "{SECRET[:7]}", "detail": "{SECRET[7:13]}"}}'
    assert decode(error_content(body.encode(), secrets)) == {"title": WITHHELD}


def test_an_error_that_is_no_json_is_withheld_as_a_whole(secrets: KnownSecrets) -> None:
    assert error_content(f"<p>no {SECRET}".encode(), secrets) == WITHHELD.encode()
    assert error_content(b"<p>no such thing", secrets) == b"<p>no such thing"


def test_an_error_is_read_up_to_a_size_and_a_depth(secrets: KnownSecrets) -> None:
    assert len(error_content(b"x" * 1_000_000, secrets)) <= 65_536
    assert decode(error_content(b"[" * 90 + b"]" * 90, secrets)) is not None


def test_headers_that_are_not_read_or_repeat_a_credential_are_dropped(secrets: KnownSecrets) -> None:
    headers = {"etag": f'"{SECRET}"', "retry-after": "3", "www-authenticate": "Basic", "location": f"https://{SECRET}.example/"}
    assert dict(headers_of(headers, secrets)) == {"retry-after": "3"}
