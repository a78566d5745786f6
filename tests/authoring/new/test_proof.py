"""The first proof.yaml of a new source: nothing until it is filled in, and right once it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given

from reconciler.authoring.new.source import NewSource, new_files
from reconciler.desired.tree import GivenFiles
from reconciler.proofs.filling import Filled, values_for
from reconciler.schemas.published import schema_line
from reconciler.texts.yaml import read_yaml
from tests.authoring.new.test_source import SOURCES, batch, loaded
from tests.proofs.files import read_proof
from tests.schemas.validators import places


def first_proof(source: NewSource) -> str:
    return new_files(source)[f"proofs/{source.key}/proof.yaml"]


def uncommented(text: str) -> str:
    """The file without the first `# ` of the lines that it says to uncomment."""
    head, _, body = text.partition("\n\n")
    return f"{head}\n\n{re.sub('^# ', '', body, flags=re.MULTILINE)}"


def filled(source: NewSource, text: str) -> Filled:
    read = read_proof(GivenFiles({f"proofs/{source.key}/proof.yaml": text.encode()}), source.key)
    assert (read.problems, read.proof is not None) == ((), True)
    return values_for(read, loaded(source).body)


@given(source=SOURCES)
@example(source=batch(host="https://${a b}.${#}.acme.example", path="/${no}/${x.y}", auth=("key-based", "basic")))
def test_it_is_in_order_as_written_and_once_uncommented_only_has_to_be_filled_in(source: NewSource) -> None:
    text = first_proof(source)
    assert read_proof(GivenFiles({f"proofs/{source.key}/proof.yaml": text.encode()}), source.key).proof is None
    open_lines = uncommented(text)
    assert places("proof", read_yaml(open_lines.encode()).value) == []
    assert {problem.code for problem in filled(source, open_lines).problems} <= {"not-filled-in"}
    assert filled(source, open_lines.replace("…", "eu1")).problems == ()


def test_it_has_every_property_of_the_entry_and_the_source_with_secrets_as_variables() -> None:
    source = batch(host="https://${tenant}.acme.example", path="/${list}", auth=("oauth2-refresh-code", "basic"))
    values = filled(source, uncommented(first_proof(source)).replace("…", "eu1").replace("    # ", "    ")).values
    assert values.auth_name == "OAuth2 Refresh Code"
    assert list(values.auth) == [
        "tenant",
        "accessToken",
        "refreshToken",
        "clientId",
        "clientSecret",
        "accessTokenUrl",
        "authorizationTestUrl",
        "expirationDate",
    ]
    assert values.source == {"list": "eu1"}
    assert "    password: {env: ACME_ORDERS_PASSWORD} # RECONCILER_PROOF_ACME_ORDERS_PASSWORD" in first_proof(source).replace(
        "#   #", "   "
    )


def test_it_names_its_schema_and_the_next_command() -> None:
    text = first_proof(batch())
    assert text.startswith(schema_line("proof", "proofs/acme-orders/proof.yaml"))
    assert "then run: reconciler try acme-orders\n" in text


@pytest.mark.parametrize("line", ["mechanism: hmac", "secret: {env: ACME_ORDERS_SECRET}", "encoding: base64"])
def test_that_of_a_streaming_source_says_how_events_are_signed(line: str) -> None:
    assert line in first_proof(batch(template="streaming"))
    assert "then run: reconciler validate\n" in first_proof(batch(template="streaming"))
