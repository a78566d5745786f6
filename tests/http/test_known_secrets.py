"""However a credential is written down, a text or a document that repeats it is noticed; and ordinary words are not."""

from __future__ import annotations

import base64
import codecs
import html
import random
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.http.secrets.known_secrets import KnownSecrets

SECRET = "p8e-Xk29sLq0Vn37_TbZ14wRm8uYcD6e"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6IjE3MDAwIiwidHlwZSI6ImFjY2VzcyJ9.k3Jq-Zt81LmVbW0xRyP5nD2uHsAeQ9oTfC7"
WRITTEN: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "reversed": lambda text: text[::-1],
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "JSON escapes": lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
    "JSON escapes twice": lambda text: "".join(f"\\\\u{ord(one):04X}" for one in text),
    "hex escapes": lambda text: "".join(f"\\x{ord(one):02x}" for one in text),
    "octal escapes": lambda text: "".join(f"\\{ord(one):03o}" for one in text),
    "percent": lambda text: "".join(f"%{ord(one):02x}" for one in text),
    "percent twice": lambda text: quote("".join(f"%{ord(one):02X}" for one in text)),
    "percent where needed": quote,
    "HTML": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "HTML in hex": lambda text: "".join(f"&#x{ord(one):x};" for one in text),
    "HTML where needed": html.escape,
    "quoted-printable": lambda text: "".join(f"={ord(one):02X}" for one in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 amid text": lambda text: base64.b64encode(f"Bearer {text}.".encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(f"x{text}".encode()).decode(),
    "base64 twice": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    "base64 reversed": lambda text: base64.b64encode(text[::-1].encode()).decode(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "hex in pairs": lambda text: text.encode().hex(" "),
    "decimal codes": lambda text: " ".join(str(ord(one)) for one in text),
    "octal codes": lambda text: ",".join(f"{ord(one):o}" for one in text),
    "spaced": " ".join,
    "dotted": ".".join,
    "zero width": "\u200b".join,
    "full width": lambda text: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text),
    "without punctuation": lambda text: "".join(one for one in text if one.isalnum()),
}


def known(*values: str) -> KnownSecrets:
    secrets = KnownSecrets()
    for value in values:
        secrets.add(value)
    return secrets


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("value", [SECRET, TOKEN], ids=["secret", "token"])
@pytest.mark.parametrize(
    "cut", [slice(None), slice(10), slice(-10, None), slice(11, 21)], ids=["whole", "begin", "end", "middle"]
)
def test_a_text_that_repeats_a_credential_is_noticed_however_it_is_written(
    write: Callable[[str], str], value: str, cut: slice
) -> None:
    part = value[cut]
    assert known(SECRET, TOKEN).are_in(f"the client {write(part)} is not allowed")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Oauth token is not valid",
        "Resource not found: The requested connections resource is not found.",
        'Supplied version=["0a007f1b-0000-0200-0000-5f3a1c2b0000"] does not match the current version on entity=["…"]',
        "https://ns.adobe.com/aep/errors/FLOW-1439-404",
        "2026-11-27T12:00:00Z 1 2 3 10 20 30 40 50 60 70 80",
        "5c1f1f0e-8a3c-4f51-9d0c-3b1f2f6f8d11 9pEnkVyyWlVNj6xCGJWjnvV8FTJ8JRLI",
    ],
)
def test_ordinary_words_repeat_no_credential(text: str) -> None:
    assert not known(SECRET, TOKEN).are_in(text)


def test_a_short_credential_is_noticed_whole() -> None:
    secrets = known("Geh3im")
    assert secrets.are_in("wrong password Geh3im for proxy")
    assert not secrets.are_in("wrong password Geh")


def test_without_credentials_nothing_is_one() -> None:
    assert not KnownSecrets().are_in(SECRET)
    assert not KnownSecrets().are_in_document(SECRET.encode())
    assert not known("", "a").are_in("a")


IN_DOCUMENTS = [
    "plain", "reversed", "JSON escapes", "hex escapes", "percent", "HTML", "HTML in hex", "base64", "base64 amid text",
    "base64 for URLs", "hex",
]  # fmt: skip


@pytest.mark.parametrize("name", IN_DOCUMENTS)
@pytest.mark.parametrize("value", [SECRET, TOKEN, SECRET[:14]], ids=["secret", "token", "short"])
@pytest.mark.parametrize("before", range(13))
def test_a_document_that_repeats_a_credential_is_noticed_wherever_it_stands(name: str, value: str, before: int) -> None:
    document = f'{{"items":[{{"name":"{"x" * before}{WRITTEN[name](value)}"}}]}}'.encode()
    assert known(value).are_in_document(document)


def test_a_token_is_noticed_at_every_offset_up_to_the_last_byte_of_a_document() -> None:
    token = sha256(b"token").hexdigest()[:43]
    secrets = known(token)
    missed = [
        (before, after)
        for before in range(70)
        for after in range(40)
        if not secrets.are_in_document(b"x" * before + token.encode() + b"x" * after)
    ]
    assert missed == []


def test_a_document_may_hold_an_example_of_a_token() -> None:
    other = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.Zm9vYmFyYmF6"
    assert not known(TOKEN).are_in_document(f'{{"description":"such as {other}"}}'.encode())


def test_a_client_id_may_stand_in_documents_and_not_in_words() -> None:
    secrets = KnownSecrets()
    secrets.add(SECRET, in_documents=False)
    assert not secrets.are_in_document(f'{{"createdClient":"{SECRET}"}}'.encode())
    assert secrets.are_in(f"client {SECRET} is not allowed")


@given(st.binary(max_size=400), st.text(max_size=60))
def test_anything_can_be_asked_about(content: bytes, text: str) -> None:
    secrets = known(SECRET)
    assert not secrets.are_in_document(content)
    assert secrets.are_in(text) in {True, False}


def test_a_large_document_is_searched_in_all_of_its_length() -> None:
    noise = random.Random(1).randbytes(1_000_000)  # noqa: S311 - bytes without a meaning
    assert not known(SECRET).are_in_document(noise)
    assert known(SECRET).are_in_document(noise + SECRET.encode())


@pytest.mark.parametrize("value", ["reconciler", "client-secret", "password-of-ours"])
def test_a_credential_of_words_is_looked_for_in_words_alone(value: str) -> None:
    secrets = known(value)
    assert not secrets.are_in_document(f'{{"attributes": {{"{value}": "x"}}}}'.encode())
    assert secrets.are_in(f"not {value}")


def test_a_string_without_the_credentials_so_far_is_searched_again_for_the_next() -> None:
    secrets = KnownSecrets()
    secrets.add(TOKEN)
    assert not secrets.are_in(SECRET)
    assert not secrets.are_in(SECRET)
    secrets.add(SECRET)
    assert secrets.are_in(SECRET)
    assert secrets.are_in(SECRET)


def test_a_string_is_searched_once_for_the_same_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = KnownSecrets()
    secrets.add(SECRET)
    searched: list[str] = []

    def read(text: str) -> tuple[str]:
        searched.append(text)
        return (text,)

    monkeypatch.setattr("reconciler.http.secrets.known_secrets.readings", read)
    for text in ("application/json", "application/json", "x" * 200, "x" * 200):
        assert not secrets.are_in(text)
    assert searched == ["application/json", "x" * 200, "x" * 200]


LONG_TOKEN = f"eyJhbGciOiJSUzI1NiJ9.{base64.urlsafe_b64encode(random.Random(1).randbytes(900)).decode()}.{SECRET}"  # noqa: S311 - any bytes
PROSE = "How the account of a customer is kept, and who can see it: 0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ - _ " * 40
ESCAPES = ["JSON escapes", "hex escapes", "percent", "HTML", "HTML in hex"]


@pytest.mark.parametrize("name", ESCAPES)
def test_a_document_may_be_written_in_escapes_throughout(name: str) -> None:
    secrets = known(SECRET, LONG_TOKEN)
    written = WRITTEN[name](PROSE)
    assert not any(secrets.are_in_document(f'{{"{"x" * before}":"{written}"}}'.encode()) for before in range(32))


@pytest.mark.parametrize("name", ESCAPES)
def test_a_credential_is_noticed_amid_other_escapes(name: str) -> None:
    secrets = known(SECRET, LONG_TOKEN)
    for before in range(32):
        for part in (SECRET, SECRET[5:25], LONG_TOKEN[400:420], LONG_TOKEN[-20:]):
            text = WRITTEN[name](PROSE[:before] + part + PROSE[before:500])
            assert secrets.are_in_document(f'{{"{"x" * before}":"{text}"}}'.encode())


def test_a_credential_is_noticed_behind_any_number_of_letters_that_it_begins_with() -> None:
    for value in (SECRET, SECRET[:14], "Qk29sLq0Vn37TbZ1"):
        for count in (0, 1, 5, 5_000):
            noise = b'"%s \\n' % value[:1].encode() + b" ".join([value[:3].encode()] * count)
            assert not known(value).are_in_document(noise)
            assert known(value).are_in_document(noise + value.encode())
            assert known(value).are_in_document(noise + WRITTEN["JSON escapes"](value).encode())


@pytest.mark.parametrize("kind", [bytes, bytearray])
def test_a_document_stays_as_it_is(kind: type[bytes | bytearray]) -> None:
    content = kind(WRITTEN["JSON escapes"](PROSE).encode())
    before = bytes(content)
    assert not known(SECRET).are_in_document(content)
    assert content == before
