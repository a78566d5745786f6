"""`init` sets up a repository: what it asks, what it writes, and what it leaves alone."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from reconciler.authoring.setup.files import (
    Actions,
    RealTarget,
    github_files,
    gitlab_files,
    placeholders_in,
    settings_text,
    with_ignored,
)
from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.diagnosis.checks.sandboxes import Sandbox
from reconciler.sessions.setting_up import VisibleSandboxes
from reconciler.settings.loading import load_settings
from tests.cli.fakes import CommandLine, FakeSessions, Terminal

ORG = "1234567890@AdobeOrg"
PAGES = Path(__file__).parents[2]
OAUTH = {"RECONCILER_CLIENT_ID": "an-id", "RECONCILER_CLIENT_SECRET": "hunter2hunter2"}
SEEN = VisibleSandboxes(
    (Sandbox("prod", "Production", "production", "active"), Sandbox("dev-b", "Team B", "development", "active"))
)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty clone, which is the current folder."""
    subprocess.run(["git", "init", "-q", "-b", "trunk", str(tmp_path)], check=True)  # noqa: S603, S607 - a repository of this test
    with (tmp_path / ".git/config").open("a") as config:
        config.write('[remote "origin"]\n\turl = https://me:a-token@github.com/acme/aep-sources.git\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[str]], None]:
    """A person at a terminal, who types these lines."""

    def types(lines: Sequence[str]) -> None:
        monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))
        monkeypatch.setattr(sys, "stderr", Terminal())

    return types


def written(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file() and ".git" not in file.parts}


def test_without_a_terminal_and_without_yes_nothing_is_written(clone: Path, reconciler: CommandLine) -> None:
    ran = reconciler("init")
    assert (ran.code, ran.err.splitlines()[0]) == (1, "error: nothing was written: there is no terminal to ask on")
    assert written(clone) == set()


def test_the_defaults_give_a_repository_with_an_emulator(clone: Path, reconciler: CommandLine) -> None:
    ran = reconciler("init", "--yes")
    settings = load_settings(clone / "specs")
    assert (ran.code, settings.repository, settings.default_target, list(settings.targets)) == (
        0,
        "acme/aep-sources",
        "local",
        ["local"],
    )
    assert (clone / ".gitignore").read_text() == ".reconciler/\n"
    assert {name for name in written(clone) if ".schemas" not in name} == {"specs/reconciler.yaml", ".gitignore"}
    assert (clone / "specs/.schemas/settings.schema.json").is_file()
    assert "a-token" not in ran.out + ran.err


def test_the_result_validates_and_passes_doctor(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clone
    assert run(["init", "--yes"], Shell({}, open_sessions)) == 0
    capsys.readouterr()
    assert run(["validate"], Shell({}, open_sessions)) == 0
    assert "hint: create one with `reconciler new KEY`" in capsys.readouterr().out
    assert run(["doctor"], Shell({}, open_sessions)) == 0


def test_a_plan_of_no_files_is_still_refused(clone: Path) -> None:
    assert clone
    assert run(["init", "--yes"], Shell({}, open_sessions)) == 0
    assert run(["plan"], Shell({}, open_sessions)) == 1


def test_a_sandbox_is_a_target_and_the_default_one(clone: Path, reconciler: CommandLine) -> None:
    ran = reconciler("init", "--yes", "--repository", "acme/other", "--org-id", ORG, "--sandbox", "dev")
    settings = load_settings(clone / "specs")
    target = settings.target(None, {})
    assert (settings.repository, target.name, target.org_id, target.sandbox) == ("acme/other", "dev", ORG, "dev")
    assert "reconciler --target dev doctor" in ran.out
    assert "set RECONCILER_CREDENTIALS" in ran.out


def test_the_target_may_have_another_name(clone: Path, reconciler: CommandLine) -> None:
    reconciler("--target", "local", "init", "--yes", "--org-id", ORG, "--sandbox", "0123")
    settings = load_settings(clone / "specs")
    assert (list(settings.targets), settings.target(None, {}).sandbox) == (["emulator", "local"], "0123")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--repository", "acme"], "--repository: 'acme' is not a valid repository"),
        (["--org-id", "acme", "--sandbox", "dev"], "--org-id: 'acme' is not a valid organization id"),
        (["--org-id", ORG, "--sandbox", "Dev"], "--sandbox: 'Dev' is not a valid sandbox name"),
        (["--org-id", ORG], "--org-id requires a sandbox"),
        (["--sandbox", "dev"], "--sandbox requires an organization"),
        (["--github", "--branch", "a b"], "'a b' is not a valid branch"),
        (["--branch", "main"], "--branch is for workflows of GitHub"),
        (["--github", "--actions", "acme/reconciler@v1"], "--actions: 'acme/reconciler@v1' is not OWNER/NAME@COMMIT"),
    ],
)
def test_a_bad_value_is_refused_before_anything_is_written(
    clone: Path, reconciler: CommandLine, words: list[str], said: str
) -> None:
    ran = reconciler("init", "--yes", *words)
    assert (ran.code, ran.err.splitlines()[0]) == (1, f"error: {said}") or said in ran.err
    assert ran.code == 1
    assert written(clone) == set()


def test_without_a_remote_the_repository_has_to_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reconciler: CommandLine
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "use --repository owner/name" in reconciler("init", "--yes").err


def test_nothing_is_overwritten(clone: Path, reconciler: CommandLine) -> None:
    (clone / ".gitignore").write_text("*.pyc")
    (clone / ".github/workflows").mkdir(parents=True)
    (clone / ".github/workflows/plan.yml").write_text("mine")
    assert reconciler("init", "--yes", "--github").code == 0
    (clone / "specs/reconciler.yaml").write_text((clone / "specs/reconciler.yaml").read_text() + "# mine\n")
    before = {name: (clone / name).read_bytes() for name in written(clone)}
    again = reconciler("init", "--yes", "--github", "--gitlab")
    assert {name: (clone / name).read_bytes() for name in before} == before
    assert written(clone) - before.keys() == {".gitlab-ci.yml"}
    assert "kept .github/workflows/plan.yml\n" in again.out
    assert (clone / ".gitignore").read_text() == "*.pyc\n.reconciler/\n"
    assert (clone / ".github/workflows/plan.yml").read_text() == "mine"
    refused = reconciler("init", "--yes", "--sandbox", "dev", "--org-id", ORG)
    assert "reconciler.yaml exists, so --org-id has no effect" in refused.err


@pytest.mark.parametrize(
    "more",
    [
        f"  prod: {{org_id: {ORG}, sandbox: prod, after: [stage]}}\n",
        f"fleets:\n  customers: {{org_id: {ORG}, sandboxes: [emea]}}\n",
    ],
)
def test_targets_after_others_and_fleets_get_the_workflow_that_promotes(clone: Path, reconciler: CommandLine, more: str) -> None:
    (clone / "specs").mkdir()
    head = f"version: 1\nrepository: acme/aep-sources\ntargets:\n  stage: {{org_id: {ORG}, sandbox: stage}}\n"
    (clone / "specs/reconciler.yaml").write_text(head + more)
    done = reconciler("init", "--yes", "--github")
    assert done.code == 0, done.err
    workflows = clone / ".github/workflows"
    assert {path.name for path in workflows.iterdir()} == {"plan.yml", "promote.yml", "drift.yml"}
    assert "delete" not in done.out
    (workflows / "apply.yml").write_text("the one of before")
    again = reconciler("init", "--yes", "--github")
    assert "delete .github/workflows/apply.yml: promote.yml applies what is merged\n" in again.out
    assert (workflows / "apply.yml").read_text() == "the one of before"


def test_targets_of_their_own_get_the_workflow_that_applies(clone: Path, reconciler: CommandLine) -> None:
    (clone / "specs").mkdir()
    targets = "".join(f"  {name}: {{org_id: {ORG}, sandbox: {name}}}\n" for name in ("stage", "prod"))
    (clone / "specs/reconciler.yaml").write_text(f"version: 1\nrepository: acme/aep-sources\ntargets:\n{targets}")
    assert reconciler("init", "--yes", "--github").code == 0
    assert {path.name for path in (clone / ".github/workflows").iterdir()} == {"plan.yml", "apply.yml", "drift.yml"}


def test_a_link_is_not_written_through(clone: Path, reconciler: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (clone / "specs").symlink_to(elsewhere)
    assert reconciler("init", "--yes").code == 1
    assert list(elsewhere.iterdir()) == []


def test_from_a_subfolder_the_files_are_at_the_root(
    clone: Path, reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / "docs").mkdir()
    monkeypatch.chdir(clone / "docs")
    assert reconciler("init", "--yes", "--gitlab").code == 0
    assert {"specs/reconciler.yaml", ".gitignore", ".gitlab-ci.yml"} <= written(clone)
    assert list((clone / "docs").iterdir()) == []


def test_the_folder_may_be_named_by_the_environment(clone: Path, reconciler: CommandLine) -> None:
    assert reconciler("init", "--yes", "--github", environ={"RECONCILER_SPECS": "data/aep"}).code == 0
    assert (clone / "data/aep/reconciler.yaml").is_file()
    assert '"data/aep/**"' in (clone / ".github/workflows/apply.yml").read_text()
    assert reconciler("validate", environ={"RECONCILER_SPECS": "data/aep"}).code == 0


class TestAsking:
    def test_each_answer_has_a_default_that_fits(self, clone: Path, typing: Callable[[Sequence[str]], None]) -> None:
        typing(["", ORG, ""])
        sessions = FakeSessions(visible=SEEN)
        assert run(["init"], Shell(OAUTH, lambda _: sessions)) == 0
        assert load_settings(clone / "specs").target(None, {}).sandbox == "dev-b"
        assert sessions.listed == [(ORG, None)]

    def test_the_sandboxes_of_the_credential_are_shown(self, clone: Path, typing: Callable[[Sequence[str]], None]) -> None:
        assert clone
        typing(["", ORG, "prod"])
        assert run(["init"], Shell(OAUTH, lambda _: FakeSessions(visible=SEEN))) == 0
        assert isinstance(sys.stderr, io.StringIO)
        assert "  dev-b  development  Team B\n" in sys.stderr.getvalue()

    def test_without_a_list_it_says_why_and_asks_all_the_same(self, clone: Path, typing: Callable[[Sequence[str]], None]) -> None:
        typing(["", ORG, "Bad Name", "dev"])
        sessions = FakeSessions(visible=VisibleSandboxes(why_not="the token endpoint was not reached"))
        assert run(["init"], Shell(OAUTH, lambda _: sessions)) == 0
        assert isinstance(sys.stderr, io.StringIO)
        assert "the sandboxes cannot be listed: the token endpoint was not reached" in sys.stderr.getvalue()
        assert load_settings(clone / "specs").target(None, {}).sandbox == "dev"

    def test_without_credentials_nobody_is_asked(self, clone: Path, typing: Callable[[Sequence[str]], None]) -> None:
        assert clone
        typing(["acme/mine", "", ""])
        sessions = FakeSessions()
        assert run(["init"], Shell({}, lambda _: sessions)) == 0
        assert (sessions.listed, load_settings(clone / "specs").repository) == ([], "acme/mine")

    def test_the_file_with_credentials_offers_its_organization_and_sandbox(
        self, clone: Path, typing: Callable[[Sequence[str]], None]
    ) -> None:
        file = clone / ".git/aepp.json"
        file.write_text(f'{{"org_id": "{ORG}", "client_id": "x", "secret": "y", "scopes": "openid", "sandbox-name": "dev"}}')
        file.chmod(0o600)
        typing(["", "", ""])
        assert run(["init"], Shell({"RECONCILER_CREDENTIALS": str(file)}, lambda _: FakeSessions(visible=SEEN))) == 0
        target = load_settings(clone / "specs").target(None, {})
        assert (target.org_id, target.sandbox) == (ORG, "dev")

    def test_no_answer_writes_nothing(self, clone: Path, typing: Callable[[Sequence[str]], None]) -> None:
        typing([])
        assert run(["init"], Shell({}, lambda _: FakeSessions())) == 1
        assert written(clone) == set()


class TestFiles:
    def test_workflows_use_the_branch_the_folder_and_the_commit(self) -> None:
        files = github_files("data/specs", "release/1", Actions("acme/reconciler", "a" * 40))
        everything = "\n".join(files.values())
        assert 'branches: ["release/1"]' in everything
        assert 'paths: ["data/specs/**"]' in everything
        assert list(placeholders_in(everything.replace("github.com/OWNER", ""))) == []
        assert f"acme/reconciler/.github/actions/plan@{'a' * 40}\n" in everything

    def test_without_a_commit_placeholders_are_left(self) -> None:
        plan = github_files("specs", "main", None)[".github/workflows/plan.yml"]
        assert list(placeholders_in(plan)) == ["OWNER", "COMMIT", "VERSION"]

    def test_the_pipeline_of_gitlab_is_the_one_of_the_docs(self) -> None:
        assert gitlab_files() == {".gitlab-ci.yml": (PAGES / "docs/gitlab-ci.yml").read_text()}

    @pytest.mark.parametrize("sandbox", ["dev", "true", "null", "0", "0123", "1e3", "on", "a-b"])
    def test_every_sandbox_name_stays_a_string(self, tmp_path: Path, sandbox: str) -> None:
        (tmp_path / "reconciler.yaml").write_text(settings_text("acme/x", RealTarget(sandbox, ORG, sandbox)))
        settings = load_settings(tmp_path)
        assert (settings.default_target, settings.target(None, {}).sandbox) == (sandbox, sandbox)

    @pytest.mark.parametrize(
        ("before", "after"),
        [("", ".reconciler/\n"), ("a", "a\n.reconciler/\n"), ("a\n", "a\n.reconciler/\n"), (".reconciler\n", ".reconciler\n")],
    )
    def test_the_ignored_folder_is_added_once(self, before: str, after: str) -> None:
        assert with_ignored(before) == after == with_ignored(after)
