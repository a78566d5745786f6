"""The settings for VS Code in this repository and in the docs: each file is checked with its schema, without a line in it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.documents.json_text import decode
from tests.schemas.language_server import PROGRAM, LanguageServer

PROJECT = Path(__file__).parents[2]
SPECS = PROJECT / "specs"
FOLDER = PROJECT / ".vscode"
SETTINGS = FOLDER / "settings.json"
JSON_SERVICE = Path(__file__).with_name("json_service.mjs")
PROVIDER = "0ed90a81-07f4-4586-8190-b40eccef1c5a"

needs_services = pytest.mark.skipif(
    not (PROGRAM.exists() and shutil.which("node")), reason="no language server: `npm ci --prefix tests/schemas` installs it"
)


@pytest.fixture(scope="module")
def editor() -> Iterator[LanguageServer]:
    with LanguageServer(PROJECT, decode(SETTINGS.read_bytes())["yaml.schemas"]) as server:
        yield server


def underlined(file: Path, text: str) -> Any:
    """What the JSON support of VS Code underlines in this text: line, counted from 0, and message."""
    command = ["node", *map(str, (JSON_SERVICE, PROJECT, SETTINGS, file))]
    ran = subprocess.run(command, input=text, capture_output=True, text=True, check=True)  # noqa: S603 - locked beside the tests
    return decode(ran.stdout)


@needs_services
@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (
            "sources/orders/connection-spec.yaml",
            f"kind: ConnectionSpec\nflowSpec: []\nspec: {{name: A, providerId: {PROVIDER}}}\n",
            1,
        ),
        ("flow-specs/orders.yaml", f"kind: FlowSpec\nspec: {{name: A, providerId: {PROVIDER}}}\nflowSpecs: []\n", 2),
        ("proofs/orders/proof.yaml", "kind: Proof\nkeyy: a\n", 1),
    ],
)
def test_a_yaml_file_is_checked_with_the_schema_of_its_place(editor: LanguageServer, path: str, text: str, line: int) -> None:
    (found,) = editor.open(SPECS / path, text)
    assert found[0] == line
    assert "is not allowed" in found[1]


@needs_services
def test_a_valid_file_has_nothing_underlined(editor: LanguageServer) -> None:
    text = (
        f"$schema: ../../.schemas/connection-spec.schema.json\nkind: ConnectionSpec\nspec: {{name: A, providerId: {PROVIDER}}}\n"
    )
    assert editor.open(SPECS / "sources/members/connection-spec.yaml", text) == []


@needs_services
@pytest.mark.parametrize("folder", ["", "orders/"])
def test_an_artifact_is_checked_wherever_it_is_below_sources(folder: str) -> None:
    file = SPECS / f"sources/{folder}orders-connectionSpec.json"
    assert underlined(file, f'{{"name": "A",\n"providerId": "{PROVIDER}"}}') == []
    assert underlined(file, '{"name": "A",\n"version": 1}') == [
        [0, 'Missing property "providerId".'],
        [1, "Incorrect type. Expected one of string, null."],
    ]


@needs_services
def test_an_artifact_that_names_its_schema_is_checked_with_it_and_the_name_is_not_underlined() -> None:
    file = PROJECT / "elsewhere/sources/orders-connectionSpec.json"
    head = '{"$schema": "../../specs/.schemas/artifact.schema.json",\n"name": "A"'
    assert underlined(file, f'{head}, "providerId": "{PROVIDER}"}}') == []
    assert underlined(file, f"{head}}}") == [[0, 'Missing property "providerId".']]


@needs_services
def test_another_json_file_is_left_alone() -> None:
    assert underlined(PROJECT / "orders-connectionSpec.json", "{}") == []


def test_the_docs_show_the_settings_of_this_repository() -> None:
    page = (PROJECT / "docs/editors.md").read_text()
    shown = [decode(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    assert shown == [decode(SETTINGS.read_bytes()), decode((FOLDER / "extensions.json").read_bytes())]
