"""A spec from a pull request must not decide what is fetched: schemas are checked as data, and nothing they name is asked for."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.lint.files import Files, part


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket that somebody may connect to, and nobody should."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def test_nothing_that_a_schema_names_is_ever_fetched(listener: socket.socket) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/schema.json"
    schema = {
        "$schema": url,
        "$id": url,
        "$ref": url,
        "properties": {"a": {"$ref": f"{url}#/definitions/a"}, "b": {"$schema": url, "type": "text"}},
        "allOf": [{"$ref": url}],
    }
    codes = Files(part(f"sourceSpec: {json.dumps({'spec': schema})}")).codes()
    assert {"json-schema", "schema-dialect", "schema-reference"} <= set(codes)
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize("url", ["file:///etc/hostname", "http://json-schema.org/draft-07/schema#"])
def test_a_reference_out_of_the_spec_is_a_warning(url: str) -> None:
    (problem,) = Files(part(f"sourceSpec: {{spec: {{$ref: '{url}'}}}}")).problems()
    assert (problem.code, problem.is_error) == ("schema-reference", False)


def test_a_reference_into_the_schema_is_followed() -> None:
    schema = "{properties: {a: {$ref: '#/definitions/a~1b'}}, definitions: {a/b: {type: string}}}"
    assert Files(part(f"sourceSpec: {{spec: {schema}}}")).codes() == []


def test_numbers_beyond_any_float_are_schemas_too() -> None:
    assert Files(part(f"sourceSpec: {{spec: {{maximum: {10**400}}}}}")).codes() == []


def test_a_schema_nested_to_the_limit_is_checked() -> None:
    deep = '{"properties": {"a": ' * 90 + '{"type": "text"}' + "}}" * 90
    (problem,) = Files(part(f"sourceSpec: {{spec: {deep}}}")).problems()
    assert problem.code == "json-schema"


def test_what_another_schema_of_the_same_value_declares_is_declared() -> None:
    schema = "{properties: {a: {}}, if: {properties: {b: {}}, required: [a]}, then: {properties: {c: {}}, required: [a, c]}}"
    assert Files(part(f"sourceSpec: {{spec: {schema}}}")).codes() == []


def test_the_explore_spec_that_adobe_mandates_is_in_order() -> None:
    schema = '{$schema: "http: //json-schema.org/draft-07/schema#", type: object}'
    assert Files(part(f"exploreSpec: {{responseSpec: {schema}}}")).codes() == []
    assert Files(part(f"sourceSpec: {{spec: {schema}}}")).codes() == ["schema-dialect"]


def test_a_spec_without_schemas_does_not_load_what_checks_them() -> None:
    code = (
        "import sys; from tests.lint.files import Files, part; Files(part('name: Members')).problems();"
        "print('jsonschema_rs' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    assert ran.stdout == "False\n"
