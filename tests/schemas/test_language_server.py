"""The schemas in the language server that editors use: what it underlines, offers and says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.schemas.published import schema_line
from tests.schemas.language_server import PROGRAM, LanguageServer

SPECS = Path(__file__).parents[2] / "specs"
FILE = SPECS / "sources/not-there/connection-spec.yaml"
HEAD = schema_line("connection-spec", "sources/not-there/connection-spec.yaml") + "\nkind: ConnectionSpec\n"

pytestmark = pytest.mark.skipif(
    not (PROGRAM.exists() and shutil.which("node")), reason="no language server: `npm ci --prefix tests/schemas` installs it"
)


@pytest.fixture(scope="module")
def editor() -> Iterator[LanguageServer]:
    with LanguageServer() as server:
        yield server


@pytest.mark.parametrize("file", sorted(SPECS.rglob("*.yaml")), ids=lambda file: file.parent.name)
def test_nothing_in_an_example_file_is_underlined(editor: LanguageServer, file: Path) -> None:
    assert editor.open(file, file.read_text()) == []


def test_a_misspelled_key_is_underlined(editor: LanguageServer) -> None:
    found = editor.open(FILE, f"{HEAD}flowSpec: []\nspec: {{name: A, providerId: b}}\n")
    assert found == [(2, "Property flowSpec is not allowed.")]


def test_what_is_wrong_is_said_in_our_words(editor: LanguageServer) -> None:
    found = editor.open(FILE, f"{HEAD}ids: {{prod: my-source}}\nspec: {{name: A, providerId: b}}\n")
    assert found == [(2, "Write the id of the live object, such as 0ed90a81-07f4-4586-8190-b40eccef1c5a.")]


def test_a_field_that_the_kind_of_pagination_needs_is_missed(editor: LanguageServer) -> None:
    pagination = "paginationParams: {type: POINTER, limitName: l, limitValue: 9}"
    text = f"{HEAD}spec:\n  name: A\n  providerId: b\n  sourceSpec:\n    attributes:\n      {pagination}\n"
    assert editor.open(FILE, text) == [(7, 'Missing property "pointerPath".')]


def test_the_marker_in_a_file_is_underlined(editor: LanguageServer) -> None:
    found = editor.open(FILE, f"{HEAD}spec:\n  name: A\n  providerId: b\n  attributes: {{reconciler: {{}}}}\n")
    assert (5, "`attributes.reconciler` is the ownership marker; only apply writes it: remove it.") in found


def test_the_keys_of_the_envelope_are_offered(editor: LanguageServer) -> None:
    editor.open(FILE, f"{HEAD}\n")
    assert {"key", "formerly", "flowSpecs", "ids", "adopt", "ignore", "overlays", "spec"} <= editor.offers(2, 0).keys()


def test_the_sections_of_a_body_are_offered_and_what_the_service_sets_is_not(editor: LanguageServer) -> None:
    editor.open(FILE, f"{HEAD}spec:\n  \n")
    assert {"name", "providerId", "authSpec", "sourceSpec", "exploreSpec", "permissionsInfo"} <= editor.offers(3, 2).keys()
    assert not {"id", "createdAt", "sandboxName"} & editor.offers(3, 2).keys()


def test_an_overlay_is_offered_the_same_sections(editor: LanguageServer) -> None:
    editor.open(FILE, f"{HEAD}overlays:\n  stage:\n    \n")
    assert {"name", "authSpec", "sourceSpec"} <= editor.offers(4, 4).keys()
    assert not {"id", "createdAt"} & editor.offers(4, 4).keys()


def test_the_kinds_of_pagination_are_offered_as_values_and_whole(editor: LanguageServer) -> None:
    editor.open(FILE, f"{HEAD}spec:\n  sourceSpec:\n    attributes:\n      paginationParams:\n        type: \n")
    assert {"NONE", "OFFSET", "PAGE", "POINTER", "CONTINUATION_TOKEN"} <= editor.offers(6, 14).keys()
    editor.open(FILE, f"{HEAD}spec:\n  sourceSpec:\n    attributes:\n      paginationParams:\n        \n")
    whole = editor.offers(6, 8)["POINTER: each response has the address of the next page"]
    assert whole == "type: POINTER\nlimitName: limit\nlimitValue: 100\npointerPath: \\$.paging.next"


def test_a_way_to_authenticate_is_offered_whole(editor: LanguageServer) -> None:
    editor.open(FILE, f"{HEAD}spec:\n  authSpec:\n    - \n")
    assert "type: BasicAuthentication" in editor.offers(4, 6)["User name and password"]


def test_a_field_is_explained_with_what_its_values_mean(editor: LanguageServer) -> None:
    editor.open(
        FILE, f"{HEAD}spec:\n  name: A\n  providerId: b\n  sourceSpec: {{attributes: {{paginationParams: {{type: PAGE}}}}}}\n"
    )
    said = editor.hover(5, 50)
    assert "The type of pagination that the source has." in said
    assert "`PAGE`: Each request has the number of a page" in said


def test_a_variable_may_stand_for_a_value_and_a_misspelled_one_may_not(editor: LanguageServer) -> None:
    rest = "  providerId: b\n  sourceSpec: {attributes: {urlParams: {path: {var: path}, method: {literal: {var: x}}}}}\n"
    assert editor.open(FILE, f"{HEAD}spec:\n  name: {{var: name}}\n{rest}") == []
    assert editor.open(FILE, f"{HEAD}spec:\n  name: {{vra: name}}\n{rest}") == [(3, 'Incorrect type. Expected "string".')]


def test_a_variable_is_not_offered_among_the_keys_of_a_mapping(editor: LanguageServer) -> None:
    editor.open(FILE, f"{HEAD}spec:\n  sourceSpec:\n    attributes:\n      \n")
    assert "urlParams" in editor.offers(5, 6)
    assert not {"var", "literal"} & editor.offers(5, 6).keys()


def test_a_settings_file_is_checked_too(editor: LanguageServer) -> None:
    head = schema_line("settings", "reconciler.yaml")
    text = f"{head}\nversion: 1\nrepository: acme/s\ntargets: {{a: {{}}}}\nnetwork: {{timeout: 5 minutes}}\n"
    assert editor.open(SPECS / "another.yaml", text) == [
        (4, "Write a duration such as 30s, 1m or 500ms, or a number of seconds.")
    ]
