"""The signature of an event: HMAC-SHA256 over the exact bytes of its body.

Source: docs, "Authentication for streaming sources" (header `x-hmac-sha256`). How the header is encoded is not documented.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from reconciler.documents.json_text import NotJson, decode, encode

HEADER: Final = "x-hmac-sha256"

Encoding: TypeAlias = Literal["base64", "hex"]
Verdict: TypeAlias = Literal[
    "valid", "previous-secret", "missing", "malformed", "other-encoding", "other-bytes", "invalid", "no-secret"
]


@dataclass(frozen=True, slots=True)
class Signature:
    """What the signature of an event is worth, and why."""

    verdict: Verdict
    why: str

    @property
    def holds(self) -> bool:
        """Whether the event is accepted."""
        return self.verdict in ("valid", "previous-secret")


def signature(body: bytes, secret: str, encoding: Encoding) -> str:
    """The value of the header for a body."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode() if encoding == "base64" else digest.hex()


def check(body: bytes, given: str | None, secrets: Sequence[str], encoding: Encoding) -> Signature:
    """Compare a header with what the secrets give for the body. `secrets` has the current one first."""
    if given is None or not given.strip():
        return Signature("missing", f"the header {HEADER} is missing")
    if not secrets:
        return Signature("no-secret", "no secret is known, so no signature can be checked")
    text = given.strip()
    for index, secret in enumerate(secrets):
        if _is_same(text, signature(body, secret, encoding)):
            return _valid(index)
    return _told(body, text, secrets, encoding)


def _valid(index: int) -> Signature:
    if index == 0:
        return Signature("valid", "the signature is valid")
    return Signature("previous-secret", "the signature is valid with a previous secret that is still accepted")


def _told(body: bytes, text: str, secrets: Sequence[str], encoding: Encoding) -> Signature:
    """Why a signature does not hold, as far as it can be found out."""
    other: Encoding = "hex" if encoding == "base64" else "base64"
    if any(_is_same(text, signature(body, secret, other)) for secret in secrets):
        return Signature("other-encoding", f"the signature is right, but written in {other} and not in {encoding}")
    if any(_is_same(text.lower(), signature(body, secret, "hex")) for secret in secrets):
        return Signature("other-encoding", "the signature is right, but in upper-case hexadecimal digits")
    for name, variant in _variants(body):
        if any(_is_same(text, signature(variant, secret, form)) for secret in secrets for form in (encoding, other)):
            return Signature("other-bytes", f"the signature is over {name}, and not over the exact bytes of the body")
    if len(_bytes_of(text, encoding)) != hashlib.sha256().digest_size:
        return Signature("malformed", f"the header is not an HMAC-SHA256 in {encoding}")
    return Signature("invalid", "the signature is over other bytes than the body, or with another secret")


def _variants(body: bytes) -> list[tuple[str, bytes]]:
    """Bytes that are signed by mistake in the place of the body, each with its name."""
    variants = [
        ("the body without its line break at the end", body.rstrip(b"\r\n")),
        ("the body with a line break at its end", body + b"\n"),
        ("an empty body", b""),
    ]
    with suppress(NotJson, RecursionError):
        value = decode(body)
        variants += [
            ("the body as compact JSON", encode(value)),
            ("the body as JSON with spaces", json.dumps(value).encode()),
            ("the body as JSON with spaces and without escapes", json.dumps(value, ensure_ascii=False).encode()),
            ("the body as indented JSON", json.dumps(value, indent=2).encode()),
        ]
    return [(name, variant) for name, variant in variants if variant != body]


def _bytes_of(text: str, encoding: Encoding) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if encoding == "base64" else bytes.fromhex(text)
    except ValueError:
        return b""


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
