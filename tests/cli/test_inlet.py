from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.cli.inlet import EventLog, Receiving, inlet_announcement, receiving_for, with_secrets
from reconciler.emulator import Behaviour, build
from reconciler.emulator.dataplane.inlets.signing import signature
from reconciler.emulator.dataplane.inlets.watching import MAX_BYTES, OPEN_INLET
from reconciler.errors import UsageError

BODY = b'{"id": 1}\n'
SECRET = "shared"
TOKEN = "https://emulator.invalid/ims/token/v3"
FORM = {"client_id": "robot", "client_secret": "hush", "grant_type": "client_credentials", "scope": "openid"}


class Product:
    """The product of a partner, which sends to the inlet; what the command printed."""

    def __init__(self, receiving: Receiving, said: list[str]) -> None:
        self.receiving = receiving
        self.said = said
        self.box = build(":memory:", receiving.behaviour)
        receiving.attach(self.box.service)
        self.client = httpx.Client(transport=self.box.transport(), base_url="https://emulator.invalid")

    def send(self, body: bytes = BODY, path: str = "/collection/", **headers: str) -> tuple[int, str]:
        """The status, and what was printed."""
        before = len(self.said)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.post(path + OPEN_INLET, content=body, headers=given)
        return answer.status_code, "".join(self.said[before:])

    def token(self) -> str:
        return f"Bearer {self.client.post(TOKEN, data=FORM).json()['access_token']}"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    schema = tmp_path / "event.yaml"
    schema.write_text("type: object\nproperties:\n  id: {type: integer}\nrequired: [id]\n")
    said: list[str] = []
    environ = {"RECONCILER_INLET_SECRET": SECRET, "RECONCILER_INLET_PREVIOUS_SECRET": "old"}
    made = Product(receiving_for(Behaviour(), environ, schema, said.append), said)
    yield made
    made.client.close()
    made.box.close()


def signed(body: bytes = BODY, secret: str = SECRET, encoding: Any = "base64") -> str:
    return signature(body, secret, encoding)


def test_a_valid_event_is_printed_with_its_row(product: Product) -> None:
    assert product.send(x_hmac_sha256=signed()) == (
        200,
        """\
200: 10 bytes, 1 event
  HMAC: the signature is valid
  authentication table: valid signature
""",
    )


def test_a_signature_over_other_bytes_is_printed_with_the_expected_bytes(product: Product) -> None:
    status, said = product.send(x_hmac_sha256=signed(BODY.rstrip()))
    assert status == 401
    assert said == (
        """\
401: 10 bytes
  HMAC: the signature is over the body without its line break at the end, and not over the exact bytes of the body
    expected: HMAC-SHA256 in base64 over exactly 10 bytes that end with }\\n and have the SHA-256 \
74aa24d8fe92a77a7de2bdd4bc6c3d7b4e3d2f5f7c1ff4a9a3ab0b5d1f6f0d6e
  authentication table: invalid signature
"""
    ).replace("74aa24d8fe92a77a7de2bdd4bc6c3d7b4e3d2f5f7c1ff4a9a3ab0b5d1f6f0d6e", hashlib.sha256(BODY).hexdigest())


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (signed(secret="old"), "previous secret"),
        (signed(encoding="hex"), "invalid signature"),
        (signed(secret="another"), "wrong secret, removed secret or modified body"),
        ("none", "invalid signature"),
    ],
)
def test_each_signature_fills_its_row(product: Product, header: str, row: str) -> None:
    _, said = product.send(x_hmac_sha256=header)
    assert said.endswith(f"authentication table: {row}\n")


def test_tokens_fill_their_rows(product: Product) -> None:
    first, second = product.token(), product.token()
    rows = []
    for given in (first, first, second, "Bearer none", None):
        _, said = product.send(BODY, "/collection/", **({} if given is None else {"authorization": given}))
        rows.append(said.splitlines()[-1].rpartition(": ")[2])
    assert rows == ["valid token", "valid token", "rotated token", "expired or invalid token", "missing signature"]
    assert first.removeprefix("Bearer ") not in "".join(product.said)


def test_what_does_not_fit_the_schema_is_printed(product: Product) -> None:
    body = b'{"messages": [{"id": "x"}, {}, 3]}'
    status, said = product.send(body, "/collection/batch/", x_hmac_sha256=signed(body))
    assert status == 207
    assert [line.strip() for line in said.splitlines() if "schema" in line] == [
        "schema: event 1.id must be an integer, not a string",
        "schema: event 2.id is required",
        "schema: event 3 must be a JSON object",
    ]


@pytest.mark.parametrize(("path", "body"), [("/collection/", b"{"), ("/collection/batch/", b"{}")])
def test_a_body_that_cannot_be_read_is_printed(product: Product, path: str, body: bytes) -> None:
    status, said = product.send(body, path, x_hmac_sha256=signed(body))
    assert (status, "body: not valid JSON" in said) == (400, True)


def test_a_request_that_is_too_large_is_refused(product: Product) -> None:
    body = b" " * (MAX_BYTES + 1)
    assert product.send(body, x_hmac_sha256=signed(body))[0] == 413


def test_the_table_has_every_row_of_the_mechanism_that_was_used(product: Product) -> None:
    assert product.receiving.log.table() == ""
    product.send(x_hmac_sha256=signed())
    product.send(x_hmac_sha256=signed())
    assert product.receiving.log.table() == (
        """\
authentication table, HMAC:
  valid signature: 2 requests
  missing signature: not seen
  invalid signature: not seen
  wrong secret, removed secret or modified body: not seen
  previous secret: not seen
"""
    )


def test_hostile_bytes_are_printed_escaped(product: Product) -> None:
    _, said = product.send(b"\x1b[31m\x00", x_hmac_sha256="none")
    assert "\x1b" not in said
    assert "\x00" not in said


def test_the_secret_is_never_printed(product: Product) -> None:
    product.send(x_hmac_sha256=signed())
    product.send(x_hmac_sha256=signed(secret="another"))
    product.send(SECRET.encode() + b"{", x_hmac_sha256=SECRET)
    printed = "".join(product.said) + inlet_announcement("http://127.0.0.1:4010", product.receiving.behaviour)
    assert signed() not in printed
    assert SECRET not in printed


def test_the_inlet_is_announced_with_what_it_needs() -> None:
    behaviour = Behaviour(hmac_encoding="hex")
    assert inlet_announcement("http://127.0.0.1:4010", behaviour) == (
        f"""\
inlet for events: POST http://127.0.0.1:4010/collection/{OPEN_INLET}
  for lists of events: POST http://127.0.0.1:4010/collection/batch/{OPEN_INLET}
  signature: x-hmac-sha256 in hex, HMAC-SHA256 over the exact bytes of the body
  no secret is set, so no signature is valid; set RECONCILER_INLET_SECRET
  access token: Authorization: Bearer, from the token address above
"""
    )


def test_the_secrets_of_the_environment_come_first() -> None:
    behaviour = Behaviour(inlet_secrets=("of the file",))
    found = with_secrets(behaviour, {"RECONCILER_INLET_SECRET": "new", "RECONCILER_INLET_PREVIOUS_SECRET": ""})
    assert found.inlet_secrets == ("new", "of the file")


@pytest.mark.parametrize("text", ["[1]", "a: [", ""])
def test_a_schema_that_cannot_be_used_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "event.yaml").write_text(text)
    with pytest.raises(UsageError, match="as the schema of an event"):
        receiving_for(Behaviour(), {}, tmp_path / "event.yaml", print)
    with pytest.raises(UsageError, match="cannot read"):
        receiving_for(Behaviour(), {}, tmp_path / "none.yaml", print)


def test_other_inlets_are_not_judged(product: Product) -> None:
    answer = product.client.post("/collection/another", content=BODY, headers={"x-hmac-sha256": signed()})
    assert (answer.status_code, product.said) == (400, [])


def test_without_the_option_there_is_no_open_inlet() -> None:
    with build(":memory:", Behaviour(inlet_auth="none")) as box, httpx.Client(transport=box.transport()) as client:
        assert client.post(f"https://emulator.invalid/collection/{OPEN_INLET}", content=BODY).status_code == 400


def test_an_inlet_without_authentication_fills_no_row() -> None:
    said: list[str] = []
    product = Product(Receiving(Behaviour(inlet_auth="none"), None, EventLog(said.append, "base64")), said)
    _, printed = product.send()
    assert printed.splitlines()[1:] == [
        "  no authentication: no authentication is required",
        "  authentication table: no row",
    ]
    product.client.close()
    product.box.close()
