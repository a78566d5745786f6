from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

from reconciler.emulator.dataplane.inlets.signing import check, signature

SECRET = "new"
BODY = b'{"name": "\xc3\x84nn", "id":1}\n'


def signed(body: bytes, secret: str = SECRET, *, encoding: Any = "base64") -> str:
    digest = hmac.new(secret.encode(), body, hashlib.sha256)
    return base64.b64encode(digest.digest()).decode() if encoding == "base64" else digest.hexdigest()


@pytest.mark.parametrize("encoding", ["base64", "hex"])
def test_a_signature_over_the_exact_bytes_is_valid(encoding: Any) -> None:
    given = signed(BODY, encoding=encoding)
    assert signature(BODY, "new", encoding) == given
    assert check(BODY, f" {given} ", ["new", "old"], encoding).verdict == "valid"


def test_a_previous_secret_is_accepted_while_it_is_known() -> None:
    given = signed(BODY, "old")
    accepted = check(BODY, given, ["new", "old"], "base64")
    assert (accepted.verdict, accepted.holds) == ("previous-secret", True)
    removed = check(BODY, given, ["new"], "base64")
    assert (removed.verdict, removed.holds) == ("invalid", False)


@pytest.mark.parametrize(
    ("given", "verdict", "words"),
    [
        (None, "missing", "x-hmac-sha256 is missing"),
        ("  ", "missing", "x-hmac-sha256 is missing"),
        (signed(BODY, encoding="hex"), "other-encoding", "written in hex and not in base64"),
        (signed(BODY, encoding="hex").upper(), "other-encoding", "upper-case"),
        (signed(BODY.rstrip()), "other-bytes", "without its line break at the end"),
        (signed(BODY + b"\n"), "other-bytes", "with a line break at its end"),
        (signed(b""), "other-bytes", "an empty body"),
        (signed('{"name":"Änn","id":1}'.encode()), "other-bytes", "compact JSON"),
        (signed(b'{"name": "\\u00c4nn", "id": 1}'), "other-bytes", "JSON with spaces"),
        (signed('{"name":"Änn","id":1}'.encode(), encoding="hex"), "other-bytes", "compact JSON"),
        (signed(BODY, "another"), "invalid", "another secret"),
        ("sha256=abc", "malformed", "not an HMAC-SHA256 in base64"),
        ("YWJj", "malformed", "not an HMAC-SHA256 in base64"),
        ("sïgn", "malformed", "not an HMAC-SHA256 in base64"),
    ],
)
def test_a_signature_that_does_not_hold_is_told_why(given: str | None, verdict: str, words: str) -> None:
    result = check(BODY, given, ["new"], "base64")
    assert (result.verdict, result.holds, words in result.why) == (verdict, False, True)


def test_no_signature_holds_without_a_secret() -> None:
    result = check(BODY, signed(BODY), [], "base64")
    assert (result.verdict, result.holds) == ("no-secret", False)


@pytest.mark.parametrize("body", [b"not json", b'"\\ud800"', b"[" * 100_000, b"[" * 900 + b"]" * 900])
def test_a_body_of_any_kind_can_be_checked(body: bytes) -> None:
    assert check(body, signed(b"other"), ["new"], "base64").verdict == "invalid"
