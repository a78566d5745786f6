"""The whole submission: its files, its pages, and that the same input gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from markdown_it import MarkdownIt

from reconciler.documents.json_text import decode
from reconciler.proofs.values import Destination, Mapped
from reconciler.submission.documentation.markup import TODO, inline, placeholder, words
from reconciler.submission.material import Evidence
from reconciler.submission.report import Submission
from reconciler.submission.zipped import zipped
from tests.submission.samples import BODY, EVIDENCE, ICON, KEY, PROOF, built, material, streaming, ui

API = f"Documentation/api/ecommerce/{KEY}.md"
UI = f"Documentation/ui/ecommerce/{KEY}.md"
OVERVIEW = f"Documentation/connectors/ecommerce/{KEY}.md"
ARTIFACTS = f"Sources/{KEY}/Artifacts/{KEY}"


def page(path: str, submission: Submission | None = None) -> str:
    return (submission or built()).files[path].decode()


def test_the_files_are_those_that_adobe_asks_for() -> None:
    assert list(built().files) == [
        API,
        OVERVIEW,
        "Documentation/images/README.md",
        UI,
        "Proof/mapping.json",
        "Proof/proof.json",
        "SUBMISSION.md",
        f"{ARTIFACTS}-category.txt",
        f"{ARTIFACTS}-connectionSpec.json",
        f"{ARTIFACTS}-description.txt",
        f"{ARTIFACTS}-icon.svg",
        f"{ARTIFACTS}-label.txt",
    ]


def test_the_artifacts_are_the_words_and_the_body() -> None:
    files = built().files
    assert files[f"{ARTIFACTS}-label.txt"] == b"Acme Orders\n"
    assert files[f"{ARTIFACTS}-category.txt"] == b"eCommerce\n"
    assert files[f"{ARTIFACTS}-icon.svg"] == ICON
    assert decode(files[f"{ARTIFACTS}-connectionSpec.json"]) == BODY


def test_a_section_that_a_null_removes_is_not_in_the_artifact() -> None:
    source = material()
    source = replace(source, body={**source.body, "permissionsInfo": None})
    assert decode(built(source).files[f"{ARTIFACTS}-connectionSpec.json"]) == BODY


def test_a_file_beside_the_spec_has_precedence() -> None:
    source = material(ui(label={"text": None, "key": "k"}), files={f"{KEY}-icon.svg": ICON, f"{KEY}-label.txt": b"Acme\r\n"})
    assert built(source).files[f"{ARTIFACTS}-label.txt"] == b"Acme\n"


def test_the_same_input_gives_the_same_bytes() -> None:
    one, other = built(), built()
    assert zipped(one.files) == zipped(other.files)
    assert zipped(dict(reversed(list(one.files.items())))) == zipped(one.files)


def test_a_zip_file_has_every_file_with_a_fixed_time() -> None:
    files = built().files
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        assert {entry.filename: archive.read(entry) for entry in archive.infolist()} == dict(files)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}


@pytest.mark.parametrize("path", [API, UI, OVERVIEW])
def test_each_page_has_what_reviewers_ask_for(path: str) -> None:
    text = page(path)
    head = text.split("---\n")[1].splitlines()
    assert head[2:] == ["badge: Beta", "last-substantial-update: 2026-11-27"]
    assert "[!IMPORTANT]" in text
    assert "maintained by the Acme team" in text
    assert "contact them at integrations@acme.example" in text
    assert "| Credential | Description | Example |" in text
    assert "| `domain` | The subdomain \\| of \\<your\\> account. | `us6` |" in text
    assert "| `accessToken` | Your token. | `{SOURCE_ACCESS_TOKEN}` |" in text


def test_a_source_out_of_beta_has_no_badge() -> None:
    text = page(API, built(material(ui(isBeta=False))))
    assert "badge" not in text
    assert "[!NOTE]" not in text


def test_what_only_people_know_is_to_be_filled_in() -> None:
    source = material(proof=replace(PROOF, submission=None), evidence=replace(EVIDENCE, at=None))
    submission = built(source)
    text = page(OVERVIEW, submission)
    assert f"{TODO}set submission.team and submission.contact in proof.yaml" in text
    assert f"{TODO}add `last-substantial-update: YYYY-MM-DD`" in text
    assert len(submission.open_places) == sum(data.count(TODO.encode()) for data in submission.files.values())


def test_the_tutorial_makes_the_calls_of_a_proof_in_order() -> None:
    calls = [line.strip("' \\").rpartition("foundation")[2] for line in page(API).splitlines() if "/data/foundation/" in line]
    assert [call.partition("?")[0] for call in calls] == [
        "/flowservice/connections",
        "/flowservice/connections/{BASE_CONNECTION_ID}/explore",
        "/flowservice/sourceConnections",
        "/schemaregistry/tenant/schemas",
        "/catalog/dataSets",
        "/flowservice/targetConnections",
        "/conversion/mappingSets",
        "/flowservice/flows",
        "/flowservice/runs",
        "/flowservice/flows/{FLOW_ID}",
    ]


def test_no_value_of_anyone_s_account_is_in_a_page() -> None:
    proof = replace(PROOF, source={"listId": "9f1ab3c0d2"})
    submission = built(material(proof=proof))
    pages = b"".join(data for path, data in submission.files.items() if path.startswith("Documentation/"))
    for value in (b"9f1ab3c0d2", b"spec-1", b"flow-1", b"run-1"):
        assert value not in pages
    assert b'"listId": "{LIST_ID}"' in pages
    assert b'"accessToken": "{SOURCE_ACCESS_TOKEN}"' in pages


def test_the_mapping_is_that_of_the_proof_file() -> None:
    proof = replace(PROOF, target=Destination(mapping=(Mapped("order.id", "_acme.id"),)))
    submission = built(material(proof=proof))
    assert "| `order.id` | `_acme.id` |" in page(API, submission)
    assert decode(submission.files["Proof/mapping.json"])["mappings"] == [
        {"sourceType": "ATTRIBUTE", "source": "order.id", "destination": "_acme.id"}
    ]


def test_an_automatic_mapping_has_the_fields_that_were_tried() -> None:
    assert "| `order.total` | `_{TENANT_ID}.order.total` |" in page(API)
    assert "| `order.total` | number |" in page(API)


def test_a_source_without_a_mapping_says_so() -> None:
    submission = built(material(proof=replace(PROOF, target=Destination(mapping="none"))))
    assert "This source needs no mapping." in page(API, submission)
    assert "transformations" not in page(API, submission)
    assert "Proof/mapping.json" not in submission.files


def test_a_streaming_source_shows_its_endpoint_and_its_webhook() -> None:
    submission = built(streaming())
    text = page(f"Documentation/api/streaming/{KEY}.md", submission)
    for wanted in (
        "### Get your streaming endpoint URL",
        "/collection/batch/",
        "## Integrate with your webhook",
        "x-hmac-sha256",
    ):
        assert wanted in text
    assert "base connection" not in text
    table = page("Proof/authentication-tests.md", submission)
    assert "| a body that was changed after it was signed | 200 | yes | 2026-11-27T10:00:00Z | `trace-1` |" in table


def test_names_are_in_kebab_case() -> None:
    assert built().pages[API] == f"help/sources/tutorials/api/create/ecommerce/{KEY}.md"
    source = material(ui(category={"key": "marketingAutomation"}))
    assert f"Documentation/api/marketing-automation/{KEY}.md" in built(source).files


HOSTILE = [
    "# not a heading",
    "- not a list",
    "1. not a list",
    "<script>alert(1)</script>",
    "![x](https://evil.example/x.png)",
    "[x](javascript:alert)",
    "a | b",
    "``` not code",
    "`x`",
    "&lt;b&gt;",
    "> not a quote",
    "line\n\n# two",
    "*strong* _em_ ~~gone~~",
    "a\u202eb\u200b",
    "---",
    "https://evil.example",
    "Setext\n===",
    "\\",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_the_spec_stay_words(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(words(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    shown = "".join(child.content for child in children)
    assert shown.split() == text.replace("\u202e", " ").replace("\u200b", " ").split()


@pytest.mark.parametrize("text", ["a`b", "``", "a|b", "x\ny", "`"])
def test_a_name_of_the_spec_stays_code_in_a_cell(text: str) -> None:
    table = f"| h |\n| --- |\n| {inline(text)} |\n"
    tokens = MarkdownIt("commonmark").enable("table").parse(table)
    (cell,) = [token for token in tokens if token.type == "inline" and token.content != "h"]
    (code,) = cell.children or []
    assert (code.type, code.content.strip()) == ("code_inline", " ".join(text.split()))


def test_hostile_labels_leave_the_front_matter_whole() -> None:
    hostile: dict[str, Any] = ui(label={"text": 'x"\nexl-id: 1 --- <b>'}, description={"text": "# x"})
    text = page(API, built(material(hostile)))
    head = text.split("\n---\n")[0].splitlines()
    assert [line.partition(":")[0] for line in head] == ["---", "title", "description", "badge", "last-substantial-update"]
    assert "\n# x" not in text


def test_a_quote_in_a_name_does_not_end_the_shell_s_string() -> None:
    schema = {"type": "object", "properties": {"it's": {"type": "string"}}}
    text = page(API, built(material({"sourceSpec": {"spec": schema}})))
    assert """"it'\\''s": "{IT_S}\"""" in text


@pytest.mark.parametrize(
    "patch",
    [
        {"authSpec": None},
        {"authSpec": [1, {"name": 1, "spec": []}, {"spec": {"properties": {"a": 1}}}]},
        {"sourceSpec": None},
        {"sourceSpec": {"attributes": None, "spec": {"properties": [], "required": 3}}},
        {"sourceSpec": {"attributes": {"uiAttributes": []}}},
        {"sourceSpec": []},
        {"description": None, **ui(description=None)},
        {"description": 5, **ui(description={"text": 5})},
    ],
)
def test_a_body_of_any_shape_gives_pages(patch: dict[str, Any]) -> None:
    submission = built(material(patch), draft=True)
    assert all(data.startswith(b"---\n") for path, data in submission.files.items() if path in submission.pages)


def test_the_cover_names_every_file_and_what_is_open() -> None:
    submission = built()
    text = page("SUBMISSION.md", submission)
    assert all(f"- `{path}`" in text for path in submission.files)
    assert all((f"**{check.id}**" in text) == (check.id != "secrets") for check in submission.checks)
    assert "`adf-1`" in text
    assert "DRAFT" not in text
    assert text.index("## Still open") < text.index("## Files")


def test_the_cover_of_a_draft_says_so() -> None:
    text = page("SUBMISSION.md", built(material(evidence=Evidence()), draft=True))
    assert text.startswith("# DRAFT: Source submission: Acme Orders\n")
    assert "There is no proof that counts: there is no proof." in text


def test_an_edited_page_is_kept_and_the_difference_shown() -> None:
    submission = built(existing={API: page(API).replace("## Appendix", "## More")})
    assert "## More" in page(API, submission)
    (kept,) = submission.kept
    assert kept.file == API
    assert {"-## More", "+## Appendix"} <= set(kept.diff)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("listId", "{LIST_ID}"),
        ("accessToken", "{SOURCE_ACCESS_TOKEN}"),
        ("x", "{X}"),
        ("ä", "{VALUE}"),
        ("APIKey", "{SOURCE_API_KEY}"),
    ],
)
def test_a_placeholder_is_not_one_of_the_platform_s(name: str, expected: str) -> None:
    assert placeholder(name) == expected
