"""What validate says about the proofs folder."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.desired.load import load_desired
from reconciler.desired.tree import GivenFiles, WorkingTree
from reconciler.documents.json_text import encode_readable
from reconciler.documents.kinds import Kind
from reconciler.proofs.validation import ProofFiles, problems_of_proofs
from reconciler.sessions.validation import problems_of_files
from reconciler.settings.loading import MINIMAL
from reconciler.settings.scope import Scope
from tests.proofs.files import BODY, GOOD, KEY, SECRET, shown

SPEC = encode_readable(BODY | {"providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a", "version": "1.0", "type": "generic-rest"})
PROVIDER = "kind: Provider\npath: /x\nrecords: {file: records.jsonl}\n"


def check(files: Mapping[str, str], former: str = "", targets: tuple[str, ...] = ()) -> list[str]:
    """The problems of these files below proofs/, with a spec whose key is acme-orders."""
    spec = f"kind: ConnectionSpec\nkey: {KEY}\nformerly: [{former}]\nspec: {SPEC}"
    tree = GivenFiles({f"proofs/{path}": text.encode() for path, text in files.items()} | {"sources/any.yaml": spec.encode()})
    desired = load_desired(tree, "dev")
    assert desired.problems == ()
    broken = {key for kind, key in desired.broken if kind is Kind.CONNECTION_SPEC}
    problems = problems_of_proofs(ProofFiles.of(tree), desired.specs, broken, targets)
    return [
        f"{problem.severity} {(problem.file or '').removeprefix('specs/proofs/')}:{said}"
        for problem, said in zip(problems, shown(tuple(problems)), strict=True)
    ]


def test_right_files_have_no_problem() -> None:
    files = {"proof.yaml": GOOD, "provider.yaml": PROVIDER, "records.jsonl": '{"id": 1}\n\n{"id": 2}\n', "README.md": "#"}
    assert check({f"{KEY}/{name}": text for name, text in files.items()} | {"README.md": "#"}) == []


def test_a_proof_is_checked_against_its_spec() -> None:
    (said,) = check({f"{KEY}/proof.yaml": GOOD.replace("{env: ACME_PASSWORD}", SECRET)})
    assert said.startswith("error acme-orders/proof.yaml:6:5 literal-secret")
    assert SECRET not in said


def test_a_proof_that_is_not_filled_in_yet_is_no_problem() -> None:
    assert check({f"{KEY}/proof.yaml": "# kind: Proof\n"}) == []


def test_a_proof_with_errors_is_reported_once() -> None:
    assert check({f"{KEY}/proof.yaml": GOOD + "expct: {}\n"}) == [
        "error acme-orders/proof.yaml:8:1 unknown-key unknown key `expct`"
    ]


@pytest.mark.parametrize(
    ("path", "hint"),
    [(f"{KEY}/proof.yml", "proof.yaml"), (f"{KEY}/cassete.json", "cassette.jsonl"), (f"{KEY}/deep/proof.yaml", "proof.yaml")],
)
def test_a_file_that_nothing_reads_is_a_warning(path: str, hint: str) -> None:
    said = check({path: "{}"})
    assert f"warning {path}:1:1 not-read this file is ignored: the files of a proof are" in said[0]
    problems = ProofFiles.of(GivenFiles({f"proofs/{path}": b""})).problems
    assert [problem.hint for problem in problems] == [f"did you mean '{hint}'?"]


def test_a_file_without_a_folder_is_a_warning() -> None:
    said = check({"proof.yaml": GOOD})
    assert said == ["warning proof.yaml:1:1 not-read this file is ignored: proofs are in a folder for each spec"]


def test_a_folder_without_a_spec_is_a_warning() -> None:
    assert check({"acme-order/proof.yaml": "kind: Nonsense"}) == [
        "warning acme-order/proof.yaml:1:1 not-read no connection spec has the key 'acme-order', so this proof is not read"
    ]


def test_the_folder_of_a_former_key_is_read() -> None:
    (said,) = check({"old/proof.yaml": GOOD.replace("store: eu", "store: uk")}, former="old")
    assert said.startswith("error old/proof.yaml:7:10 bad-value")


def test_the_folder_of_a_former_key_is_a_warning_next_to_that_of_the_key() -> None:
    assert check({"old/proof.yaml": "kind: Nonsense", f"{KEY}/proof.yaml": GOOD}, former="old") == [
        "warning old/proof.yaml:1:1 not-read this folder is not read: the proof of 'acme-orders' is in specs/proofs/acme-orders"
    ]


def test_targets_are_those_of_the_settings() -> None:
    text = GOOD + "targets: [dev, stag]\n"
    assert check({f"{KEY}/proof.yaml": text}, targets=("dev", "stage")) == [
        "error acme-orders/proof.yaml:8:16 unknown-target `targets` names the unknown target 'stag'"
    ]
    assert check({f"{KEY}/proof.yaml": text}) == []


def test_streaming_is_for_streaming_sources() -> None:
    assert check({f"{KEY}/proof.yaml": "kind: Proof\nstreaming: {mechanism: none}\n"}) == [
        "error acme-orders/proof.yaml:2:1 bad-value `streaming` is for specs of type generic-streaming"
    ]


def test_a_provider_file_is_checked_with_its_records() -> None:
    assert check({f"{KEY}/provider.yaml": PROVIDER}) == [
        "error acme-orders/provider.yaml:3:11 no-file `records.file`: there is no 'records.jsonl' in the folder of this file"
    ]
    assert check({f"{KEY}/provider.yaml": PROVIDER, f"{KEY}/records.jsonl": '{"id": 1}\n[1]\n{"id"\n'}) == [
        "error acme-orders/records.jsonl:2:1 bad-record a record must be a JSON object, not a list",
        "error acme-orders/records.jsonl:3:1 bad-record this line is not JSON: Input data was truncated",
    ]
    (said,) = check({f"{KEY}/provider.yaml": "kind: Provider\npath: /x\nrecords: {count: 3, each: {}}\npagin: 1\n"})
    assert said.startswith("error acme-orders/provider.yaml:4:1 unknown-key unknown key `pagin`")


@pytest.mark.parametrize(("name", "limit"), [("proof.yaml", 256_000), ("provider.yaml", 256_000)])
def test_a_file_has_a_maximum_size(name: str, limit: int) -> None:
    assert check({f"{KEY}/{name}": "#" * (limit + 1)}) == [
        f"error {KEY}/{name}:1:1 too-large the file has more than {limit:,} bytes, which is the limit"
    ]


def test_links_out_of_the_specs_folder_are_not_followed(tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    (specs / "proofs" / KEY).mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "secret.yaml").write_text(f"kind: {SECRET}")
    (specs / "proofs" / KEY / "proof.yaml").symlink_to(tmp_path / "secret.yaml")
    (specs / "proofs" / "other").symlink_to(tmp_path / "outside")
    files = ProofFiles.of(WorkingTree(specs))
    spec = load_desired(GivenFiles({f"sources/{KEY}.yaml": f"kind: ConnectionSpec\nspec: {SPEC}".encode()}), "dev").specs
    problems = problems_of_proofs(files, spec)
    assert [(problem.file, problem.code) for problem in problems] == [
        ("specs/proofs/other", "link"),
        (f"specs/proofs/{KEY}/proof.yaml", "link"),
    ]
    assert SECRET not in str(problems)


def test_the_proof_of_a_folder_that_is_not_read_is_not_said_to_have_no_spec(tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    (specs / "sources").mkdir(parents=True)
    (specs / "sources" / "other.yaml").write_text(f"kind: ConnectionSpec\nspec: {SPEC}")
    (specs / "sources" / KEY).symlink_to(tmp_path)
    (specs / "proofs" / KEY).mkdir(parents=True)
    (specs / "proofs" / KEY / "proof.yaml").write_text(GOOD)
    (specs / "reconciler.yaml").write_text(MINIMAL)
    problems = problems_of_files(Scope(specs))
    assert [(problem.code, problem.file) for problem in problems] == [("link", f"{specs.as_posix()}/sources/{KEY}")]


def test_a_plan_does_not_look_at_proofs(tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    (specs / "sources").mkdir(parents=True)
    (specs / "sources" / f"{KEY}.yaml").write_text(f"kind: ConnectionSpec\nspec: {SPEC}")
    (specs / "proofs" / "x").mkdir(parents=True)
    (specs / "proofs" / "x" / "proof.yml").write_text("kind: [")
    (specs / "proofs" / "x.yaml").write_text("kind: [")
    (specs / "proofs" / "linked").symlink_to(tmp_path)
    desired = load_desired(WorkingTree(specs), "dev")
    assert ([spec.key for spec in desired.specs], desired.problems) == ([KEY], ())


def test_problems_of_answers_are_found_without_any_proof_folder() -> None:
    tree = GivenFiles({"proofs/engine.yaml": b"offset.no-end: {value: sometimes, by: a, target: b, at: 2026-11-27}\n"})
    problems = problems_of_proofs(ProofFiles.of(tree), [])
    assert [(problem.code, problem.file, problem.line) for problem in problems] == [("bad-value", "specs/proofs/engine.yaml", 1)]


def test_kept_proofs_and_answers_are_files_that_are_read() -> None:
    tree = GivenFiles({"proofs/engine.yaml": b"", "proofs/acme/proved-stage.json": b"{}", "proofs/acme/proved-.json": b"{}"})
    strays = [problem.file for problem in ProofFiles.of(tree).problems]
    assert strays == ["specs/proofs/acme/proved-.json"]


def test_answers_in_the_folder_of_a_proof_are_not_read() -> None:
    problems = ProofFiles.of(GivenFiles({"proofs/acme/engine.yaml": b"", "proofs/proved-stage.json": b"{}"})).problems
    assert [problem.code for problem in problems] == ["not-read", "not-read"]


def test_events_and_authentication_tests_are_checked() -> None:
    assert check(
        {f"{KEY}/events.jsonl": '{"a": 1}\nno\n', f"{KEY}/authentication-tests.yaml": "mechanism: hmac\ntest: []\n"}
    ) == [
        "error acme-orders/events.jsonl:2:1 not-json this line is not valid JSON",
        "error acme-orders/authentication-tests.yaml:2:1 unknown-key unknown key `test`",
    ]
