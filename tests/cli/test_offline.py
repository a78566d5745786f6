"""The commands that need no service: the differences of files, and the targets."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from tests.cli.fakes import Ran
from tests.desired.git.repositories import ENVIRON
from tests.reports.schemas.conforming import check_output
from tests.sessions.test_service import SETTINGS, SPEC


class Checkout:
    """A committed specs folder, and the command line in it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys

    def git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.root, check=True, capture_output=True, env=ENVIRON)  # noqa: S603, S607

    def write(self, path: str, text: str) -> None:
        file = self.root / "specs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def run(self, *arguments: str, **environ: str) -> Ran:
        code = run(list(arguments), Shell(environ, open_sessions))
        printed = self._capsys.readouterr()
        check_output(arguments, printed.out)
        return Ran(code, printed.out, printed.err)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Checkout:
    made = Checkout(tmp_path, capsys)
    monkeypatch.chdir(tmp_path)
    made.write("reconciler.yaml", SETTINGS)
    made.write("sources/orders/connection-spec.yaml", SPEC)
    made.git("init", "-q", "--initial-branch=main")
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "x")
    return made


def test_an_edit_is_shown_against_the_commit(checkout: Checkout) -> None:
    checkout.write("sources/orders/connection-spec.yaml", SPEC.replace("us6", "us7"))
    ran = checkout.run("diff")
    assert ran.code == 0
    assert '/sourceSpec/attributes/host\n      "us6" -> "us7"' in ran.out


def test_the_overlay_of_the_target_counts(checkout: Checkout) -> None:
    checkout.write("sources/orders/connection-spec.yaml", f"{SPEC}overlays: {{stage: {{name: Staged}}}}\n")
    assert "no differences" in checkout.run("--target", "local", "diff").out
    (spec,) = checkout.run("--target", "stage", "diff", "--format", "json").json["specs"]
    assert [change["path"] for change in spec["changes"]] == ["/name"]


def test_a_folder_that_was_not_there_is_all_new(checkout: Checkout) -> None:
    shutil.copytree(checkout.root / "specs", checkout.root / "infra")
    ran = checkout.run("--specs", "infra", "diff")
    assert "1 spec added" in ran.out


def test_a_file_in_error_exits_with_1_and_is_told(checkout: Checkout) -> None:
    checkout.write("sources/orders/connection-spec.yaml", "spec: {name: 1, name: 2}\n")
    ran = checkout.run("diff")
    assert ran.code == 1
    assert "connection-spec.yaml:1" in ran.out


@pytest.mark.parametrize("arguments", [["diff", "--against", "nowhere"], ["--target", "nope", "diff"]], ids=str)
def test_what_is_not_there_is_told_with_a_hint(checkout: Checkout, arguments: list[str]) -> None:
    ran = checkout.run(*arguments)
    assert (ran.code, "hint:" in ran.err) == (1, True)


def test_without_a_repository_it_says_so(checkout: Checkout) -> None:
    (checkout.root / ".git").rename(checkout.root / ".gone")
    ran = checkout.run("diff", GIT_CEILING_DIRECTORIES=str(checkout.root))
    assert ran.code == 1
    assert "not in a git work tree" in ran.err


def test_the_markdown_is_for_a_summary(checkout: Checkout) -> None:
    checkout.write("sources/new/connection-spec.yaml", SPEC.replace("Acme Orders", "Other"))
    assert "1 spec added" in checkout.run("diff", "--format", "markdown").out


def test_targets_are_listed_without_the_embedded_ones(checkout: Checkout) -> None:
    assert checkout.run("targets", "--format", "json").json == {
        "report": "targets",
        "format_version": 1,
        "targets": [
            {"target": "stage", "host": "platform.adobe.io", "org_id": "123@AdobeOrg", "sandbox": "dev"}
            | {"environment": "stage", "credentials": None, "groups": [], "after": [], "wave": 1}
        ],
    }
    assert checkout.run("targets", "--format", "names", "--emulators").out == "local\nstage\n"
    assert "platform.adobe.io  123@AdobeOrg  dev" in checkout.run("targets").out


def test_one_target_can_be_listed_alone_and_as_the_environment_has_it(checkout: Checkout) -> None:
    ran = checkout.run("--target", "stage", "targets", "--format", "json", RECONCILER_STAGE_SANDBOX="qa")
    assert [target["sandbox"] for target in ran.json["targets"]] == ["qa"]


def test_a_target_that_is_not_there_is_told(checkout: Checkout) -> None:
    assert checkout.run("--target", "nope", "targets").code == 1


def test_the_targets_with_something_to_prove_are_listed_with_it(checkout: Checkout) -> None:
    nothing = checkout.run("targets", "--to-prove", "--format", "json")
    assert (nothing.code, nothing.json) == (0, {"report": "targets", "format_version": 1, "targets": []})
    checkout.write("proofs/orders/proof.yaml", "kind: Proof\ntargets: [stage, local]\n")
    (target,) = checkout.run("targets", "--to-prove", "--format", "json").json["targets"]
    assert (target["target"], target["keys"]) == ("stage", ["orders"])
    assert checkout.run("targets", "--to-prove", "--format", "names").out == "stage\n"
    assert "SOURCES" in checkout.run("targets", "--to-prove").out
    assert checkout.run("targets", "--with-proofs", "--format", "names").out == "stage\n"
    assert checkout.run("--target", "local", "targets", "--to-prove", "--emulators", "--format", "names").out == "local\n"
