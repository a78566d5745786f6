"""`submit`: what it reads, writes and refuses to write, with the example repository."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.desired.load import load_desired
from reconciler.desired.tree import WorkingTree
from reconciler.documents.json_text import decode
from reconciler.proofs.folder import folder_of
from reconciler.proofs.kept.digests import proof_digest, section_digests
from reconciler.proofs.kept.proved import proof_document
from reconciler.proving.keeping import kept_proof
from reconciler.proving.report import SpecProved, TargetProved
from tests.cli.fakes import Ran
from tests.docs.console import PROJECT
from tests.proving.samples import proof
from tests.submission.samples import ICON

KEY = "acme-store-orders"
STAGE = TargetProved("stage", "platform-stage.adobe.io", "1234567890ABCDEF12345678@AdobeOrg", "dev")
SECRETS = {"RECONCILER_PROOF_ACME_STORE_USER": "ada.lovelace", "RECONCILER_PROOF_ACME_STORE_PASSWORD": "hunter2-secret"}
OUT = Path("build/submission") / KEY
API = "Documentation/api/ecommerce/acme-store-orders.md"

Submit: TypeAlias = Callable[..., Ran]


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example repository, whose source is ready to be submitted."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "specs"
    shutil.copytree(PROJECT / "specs", folder)
    (folder / f"sources/{KEY}/{KEY}-icon.svg").write_bytes(ICON)
    with (folder / f"proofs/{KEY}/proof.yaml").open("a") as file:
        file.write("submission: {team: Acme, contact: a@acme.example}\n")
    prove(folder)
    return folder


def prove(folder: Path, emulated: bool = False) -> None:
    """Keep a proof of the files as they are now."""
    tree = WorkingTree(folder)
    (spec,) = (spec for spec in load_desired(tree, "stage").specs if spec.key == KEY)
    document = proof_document(folder_of(tree, KEY))
    assert document is not None
    about = SpecProved(KEY, "00000000-0000-4000-8000-000000000001", spec.name, section_digests(spec.body), "RestStorageToAEP")
    target = replace(STAGE, emulated=emulated)
    counts = replace(proof().counts, tried=110, input=110, output=110, expected="110")
    report = replace(proof(), counts=counts, target=target, spec=about, proof_digest=proof_digest(document))
    (folder / f"proofs/{KEY}/proved-stage.json").write_bytes(kept_proof(report))


@pytest.fixture
def submit(specs: Path, capsys: pytest.CaptureFixture[str]) -> Submit:
    assert specs.is_dir()

    def ran(*arguments: str, key: str = KEY, environ: dict[str, str] | None = None) -> Ran:
        shell = Shell(SECRETS if environ is None else environ, open_sessions)
        code = run(["--target", "stage", "submit", key, *arguments], shell)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return ran


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_ready_source_is_written_with_its_proof(submit: Submit) -> None:
    ran = submit()
    assert (ran.code, ran.err) == (0, "")
    assert "ok      proof          proved in stage at 2026-11-27T10:16:20Z, 110 records\n" in ran.out
    files = files_in(OUT)
    assert sum(path.startswith("Sources/") for path in files) == 5
    assert {"Proof/proof.md", "Proof/proof.html", "Proof/proof.json", "Proof/try.md", "Proof/mapping.json"} < files.keys()
    assert b"110" in files["Proof/proof.md"]
    assert b"| `line.sku` | `_{TENANT_ID}.line.sku` |" in files[API]
    assert b"reconciler" not in files[f"Sources/{KEY}/Artifacts/{KEY}-connectionSpec.json"]


def test_the_overlay_of_the_target_is_in_the_body(submit: Submit, specs: Path) -> None:
    file = specs / f"sources/{KEY}/connection-spec.yaml"
    file.write_text(file.read_text() + "\noverlays: {stage: {name: Acme Stage}}\n")
    assert submit("--draft").code == 0
    assert decode((OUT / f"Sources/{KEY}/Artifacts/{KEY}-connectionSpec.json").read_bytes())["name"] == "Acme Stage"


def test_twice_gives_the_same_bytes(submit: Submit) -> None:
    submit()
    first = files_in(OUT)
    submit()
    assert files_in(OUT) == first
    submit("--zip", "one.zip")
    submit("--zip", "two.zip")
    assert Path("one.zip").read_bytes() == Path("two.zip").read_bytes()
    with zipfile.ZipFile("one.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            path: data for path, data in first.items() if path != ".pages.json"
        }


def test_the_bytes_do_not_depend_on_the_environment(submit: Submit) -> None:
    submit("--zip", "one.zip")
    assert submit("--zip", "two.zip", environ={}).code == 0
    assert Path("one.zip").read_bytes() == Path("two.zip").read_bytes()


def test_what_is_not_ready_is_not_written(submit: Submit, specs: Path) -> None:
    (specs / f"proofs/{KEY}/proved-stage.json").unlink()
    ran = submit()
    assert (ran.code, ran.err) == (3, "")
    assert "not ready: 2 checks refused, nothing written\n" in ran.out
    assert "hint: reconciler --target stage prove acme-store-orders --keep\n" in ran.out
    assert not OUT.exists()


def test_a_draft_is_written_and_says_so(submit: Submit, specs: Path) -> None:
    (specs / f"proofs/{KEY}/proved-stage.json").unlink()
    assert submit("--draft").code == 0
    assert (OUT / "SUBMISSION.md").read_text().startswith("# DRAFT: ")
    assert not (OUT / "Proof/proof.md").exists()


def test_a_changed_spec_makes_the_proof_stale(submit: Submit, specs: Path) -> None:
    file = specs / f"sources/{KEY}/connection-spec.yaml"
    file.write_text(file.read_text().replace("initialPageIndex: 1", "initialPageIndex: 2"))
    ran = submit()
    assert ran.code == 3
    assert "refuse  proof          the proof is stale: sourceSpec changed since the proof of 2026-11-27\n" in ran.out


def test_who_submits_is_no_part_of_the_proof(submit: Submit, specs: Path) -> None:
    file = specs / f"proofs/{KEY}/proof.yaml"
    file.write_text(file.read_text().replace("team: Acme", "team: Others"))
    assert submit().code == 0


@pytest.mark.parametrize("emulated", [True, False])
def test_a_proof_of_an_emulator_never_counts(submit: Submit, specs: Path, emulated: bool) -> None:
    prove(specs, emulated=emulated)
    assert submit().code == (3 if emulated else 0)


def test_an_edited_page_is_kept_and_an_untouched_one_follows_the_spec(submit: Submit, specs: Path) -> None:
    submit()
    page = OUT / API
    page.write_text(page.read_text() + "\nMine.\n")
    file = specs / f"proofs/{KEY}/proof.yaml"
    file.write_text(file.read_text().replace("team: Acme", "team: Others"))
    ran = submit()
    assert f"kept {API}: the spec would write it differently now\n" in ran.out
    assert "Others" not in page.read_text()
    assert page.read_text().endswith("\nMine.\n")
    assert "Others" in (OUT / "Documentation/ui/ecommerce/acme-store-orders.md").read_text()


def test_what_is_left_of_an_earlier_submission_is_named(submit: Submit, specs: Path) -> None:
    submit()
    file = specs / f"sources/{KEY}/connection-spec.yaml"
    file.write_text(file.read_text().replace("category: {key: ecommerce}", "category: {key: crm}"))
    ran = submit("--draft")
    assert "warning: 3 other files there, not part of this submission\n" in ran.out
    assert f"\n  {API}\n" in ran.out


def test_pages_of_a_fork_are_never_overwritten(submit: Submit, tmp_path: Path) -> None:
    fork = tmp_path / "fork"
    there = fork / f"help/sources/tutorials/api/create/ecommerce/{KEY}.md"
    there.parent.mkdir(parents=True)
    there.write_text("---\ntitle: Mine\n---\n")
    ran = submit("--docs", str(fork))
    assert ran.code == 0
    assert there.read_text() == "---\ntitle: Mine\n---\n"
    assert (OUT / API).read_text() == there.read_text()
    assert (fork / f"help/sources/connectors/ecommerce/{KEY}.md").is_file()
    assert f"kept {API}: the spec would write it differently now\n" in ran.out
    assert '  +title: "Create a dataflow for Acme Store Orders using the Flow Service API"\n' in ran.out
    again = files_in(fork)
    submit("--docs", str(fork))
    assert files_in(fork) == again


def test_a_page_that_is_a_link_is_refused(submit: Submit, tmp_path: Path) -> None:
    fork = tmp_path / "fork"
    folder = fork / "help/sources/connectors/ecommerce"
    folder.mkdir(parents=True)
    (folder / f"{KEY}.md").symlink_to("/etc/hostname")
    ran = submit("--docs", str(fork))
    assert (ran.code, "links in a repository are not followed" in ran.err) == (1, True)
    (folder / f"{KEY}.md").unlink()
    folder.rmdir()
    folder.symlink_to(tmp_path)
    ran = submit("--docs", str(fork))
    assert (ran.code, "is reached by a link" in ran.err) == (1, True)


def test_an_icon_that_is_a_link_out_of_the_folder_is_not_read(submit: Submit, specs: Path) -> None:
    icon = specs / f"sources/{KEY}/{KEY}-icon.svg"
    icon.unlink()
    icon.symlink_to("/etc/hostname")
    ran = submit()
    assert ran.code == 3
    assert "icon.svg: this link points outside the specs folder [link]" in ran.out


def test_a_secret_is_not_written_even_into_a_draft(submit: Submit) -> None:
    secret = {**SECRETS, "RECONCILER_PROOF_ACME_STORE_USER": "Orders and order lines of all Acme stores"}
    ran = submit("--draft", environ=secret)
    assert ran.code == 3
    assert "would contain the value of RECONCILER_PROOF_ACME_STORE_USER\n" in ran.out
    assert not OUT.exists()


def test_json_has_every_check_and_the_report_too(submit: Submit) -> None:
    ran = submit("--format", "json", "--report", "report.json")
    assert ran.code == 0
    assert decode(Path("report.json").read_bytes()) == ran.json
    assert (ran.json["report"], ran.json["ready"], len(ran.json["checks"]), ran.json["place"]) == (
        "submit",
        True,
        12,
        OUT.as_posix(),
    )
    assert {check["outcome"] for check in ran.json["checks"]} == {"ok", "warn"}


def test_markdown_has_every_check(submit: Submit) -> None:
    ran = submit("--format", "markdown", "--draft")
    assert ran.out.startswith("### Submission of <code>acme-store-orders</code>")
    assert ran.out.count("\n| <code>") == 12 + 5


def test_a_refusal_is_in_the_report(submit: Submit, specs: Path) -> None:
    (specs / f"proofs/{KEY}/proved-stage.json").unlink()
    assert submit("--report", "report.json").code == 3
    assert decode(Path("report.json").read_bytes())["ready"] is False


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "a", "--zip", "b"], "--out and --zip exclude each other"),
        (["--zip", "a", "--branch", "b", "--repo", "."], "--zip and --branch exclude each other"),
        (["--branch", "b"], "--branch and --repo need each other"),
        (["--repo", "."], "--branch and --repo need each other"),
        (["--docs", "."], ". is not a clone of experience-platform.en"),
        (["--branch", "b", "--repo", "."], "--repo .: this folder is not in a git work tree"),
        (["--keys", "icon=a", "--draft"], "--keys and --draft exclude each other"),
        (["--keys", "icon=a", "--zip", "x"], "--keys and --zip exclude each other"),
        (["--keys", "logo=a"], "--keys: unknown field 'logo'"),
        (["--zip", "specs"], "cannot write specs: it is a folder"),
    ],
)
def test_options_that_cannot_be_are_refused(submit: Submit, arguments: list[str], said: str) -> None:
    ran = submit(*arguments)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
    assert "hint: " in ran.err


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("nope", "unknown key 'nope'"),
        ("acme-rest-storage", "is a flow spec"),
        ("acme-orders", "was renamed"),
    ],
)
def test_only_a_source_of_the_repository_can_be_submitted(submit: Submit, key: str, said: str) -> None:
    ran = submit(key=key)
    assert (ran.code, said in ran.err) == (1, True)


def test_a_spec_with_errors_is_named_with_its_lines(submit: Submit, specs: Path) -> None:
    (specs / f"sources/{KEY}/connection-spec.yaml").write_text("kind: [\n")
    ran = submit()
    assert (ran.code, "connection-spec.yaml:" in ran.err) == (1, True)


def test_a_rule_that_finds_an_error_refuses(submit: Submit, specs: Path) -> None:
    file = specs / f"sources/{KEY}/connection-spec.yaml"
    file.write_text(file.read_text().replace("providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a", "providerId: abc"))
    ran = submit()
    assert (ran.code, "refuse  spec           validate finds 1 error" in ran.out) == (3, True)


def test_keys_are_written_in_place_and_once(submit: Submit, specs: Path) -> None:
    file = specs / f"sources/{KEY}/connection-spec.yaml"
    before = file.read_text()
    ran = submit("--keys", "icon=storeIcon", "label=storeLabel", "description=storeDescription")
    assert (ran.code, ran.err) == (0, "")
    changed = [line for line in file.read_text().splitlines() if line not in before.splitlines()]
    assert [line.strip() for line in changed] == [
        "icon: {key: storeIcon}",
        "label: {key: storeLabel}",
        "description: {key: storeDescription}",
    ]
    again = submit("--keys", "icon=storeIcon", "--format", "json")
    assert (again.json["report"], again.json["written"]) == ("submit-keys", False)
    assert "ok      keys           icon, label and description have keys\n" in submit("--draft").out


def test_a_streaming_source_has_its_table(submit: Submit, specs: Path) -> None:
    tests = specs / "proofs/acme-web-events/authentication-tests.yaml"
    tests.write_text("mechanism: hmac\ntests:\n- {case: valid, status: 200}\n- {case: valid, status: x}\n")
    ran = submit("--draft", key="acme-web-events")
    assert "authentication-tests.yaml:4: `tests.1.status` must be an integer, not a string [wrong-type]" in ran.out
    tests.write_text("mechanism: hmac\ntests:\n- {case: valid, status: 200}\n- {case: valid, status: 401}\n")
    assert "the case 'valid' is in the file twice" in submit("--draft", key="acme-web-events").out
    tests.write_text("mechanism: hmac\ntests:\n- {case: valid, status: 200}\n")
    ran = submit("--draft", key="acme-web-events")
    assert "valid has no request, headers, body, answer, at, trace, ingested; missing is missing" in ran.out
    assert (
        "| a valid signature | 200 | unknown |"
        in Path("build/submission/acme-web-events/Proof/authentication-tests.md").read_text()
    )


def test_what_is_written_comes_with_what_to_do_with_it(submit: Submit, tmp_path: Path) -> None:
    (tmp_path / "fork/help/sources").mkdir(parents=True)
    said = submit("--docs", "fork").out
    assert "next: send it to your contact at Adobe with the text of SUBMISSION.md" in said
    assert 'contributor license agreement, and keep "Allow edits by maintainers"' in said
    assert "next:" not in submit("--draft").out
    assert "license agreement" not in submit().out


def test_a_refused_submission_has_no_next_step_but_its_hints(submit: Submit, specs: Path) -> None:
    (specs / f"proofs/{KEY}/proved-stage.json").unlink()
    assert "next:" not in submit().out


def test_a_trial_against_a_stub_is_called_so(submit: Submit) -> None:
    assert "its recorded trial holds, against a stub" in submit().out


def test_the_text_to_adobe_names_the_organization_of_the_proof(submit: Submit) -> None:
    assert submit().code == 0
    assert f"| Organization | `{STAGE.org_id}` |" in (OUT / "SUBMISSION.md").read_text()


def test_comments_that_keys_make_needless_are_named(submit: Submit, specs: Path) -> None:
    file = specs / f"sources/{KEY}/connection-spec.yaml"
    assert "ignore[text-for-key]" not in submit("--keys", "label=aLabel").out
    file.write_text(
        file.read_text().replace("description: {text:", "# reconciler: ignore[text-for-key]\n        description: {text:", 1)
    )
    assert "next: remove the comments `reconciler: ignore[text-for-key]` from it" in submit("--keys", "description=aText").out
