"""What git knows of the specs folder, and that it is asked without being trusted."""

import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from reconciler.desired.git import command as git_module
from reconciler.desired.git import past_files
from reconciler.desired.git.as_read import TreeAsRead
from reconciler.desired.git.blobs import Blobs
from reconciler.desired.git.command import Git
from reconciler.desired.git.commit_tree import CommitFiles, CommitTree, Entry
from reconciler.desired.git.history import History, Relation
from reconciler.desired.git.uncommitted import NOTHING
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import Unreadable, WorkingTree
from reconciler.documents.kinds import Kind
from tests.desired.git.repositories import ENVIRON, Repository
from tests.desired.trees import ARTIFACT, FLOW, MAILCHIMP, SOURCE

UNKNOWN_COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.new(tmp_path / "repository")


def named(name: str, **envelope: str) -> str:
    return SOURCE.replace("MailChimp Members", name) + "".join(f"{key}: {value}\n" for key, value in envelope.items())


def base_of(history: History, commit: str, *keys: str, kind: Kind = Kind.CONNECTION_SPEC) -> DesiredSpec | None:
    return history.base(commit, kind, keys or ("mailchimp",), "stage")


def base_name(history: History, commit: str, *keys: str) -> str | None:
    base = base_of(history, commit, *keys)
    return base.name if base else None


def test_a_commit_of_which_many_files_are_read_is_listed_once(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    then = repository.commit({f"sources/s{number}/connection-spec.yaml": named(f"Then {number}") for number in range(40)})
    repository.commit({f"sources/s{number}/connection-spec.yaml": named(f"Now {number}") for number in range(40)})
    listed: list[str] = []

    def everything(git: Git, commit: str, below: str = "") -> Mapping[str, Entry]:
        listed.append(commit)
        return real(git, commit, below)

    real = CommitTree.everything
    monkeypatch.setattr(CommitTree, "everything", staticmethod(everything))
    history = History(repository.specs, load_desired(WorkingTree(repository.specs), "stage").specs)
    assert [base_name(history, then, f"s{number}") for number in range(40)] == [f"Then {number}" for number in range(40)]
    assert listed == [then]


def test_the_head_is_the_commit_that_is_checked_out(repository: Repository) -> None:
    commit = repository.commit({MAILCHIMP: SOURCE})
    assert History(repository.specs).head() == commit


def test_a_repository_without_a_commit_has_no_head(repository: Repository) -> None:
    history = History(repository.specs)
    assert (history.head(), history.relation(UNKNOWN_COMMIT)) == (None, Relation.UNKNOWN)


def test_a_committed_folder_is_clean(repository: Repository) -> None:
    repository.commit({MAILCHIMP: SOURCE})
    (repository.root / "elsewhere.txt").write_text("not ours")
    assert not History(repository.specs).uncommitted()


@pytest.mark.parametrize(
    "change",
    [
        {MAILCHIMP: SOURCE + "\n"},
        {"sources/new.yaml": SOURCE},
        {MAILCHIMP: None},
        {"sources/ignored.yaml": SOURCE},
    ],
)
def test_any_change_of_a_spec_file_makes_it_dirty(repository: Repository, change: dict[str, str | None]) -> None:
    (repository.root / ".gitignore").write_text("ignored.yaml\n*.tmp\n")
    repository.commit({MAILCHIMP: SOURCE})
    repository.write(change)
    assert History(repository.specs).uncommitted()


def test_a_staged_change_makes_it_dirty(repository: Repository) -> None:
    repository.commit({MAILCHIMP: SOURCE})
    repository.write({"sources/new.yaml": SOURCE})
    repository.git("add", "--all")
    assert History(repository.specs).uncommitted()


def test_an_ignored_file_that_is_no_spec_does_not(repository: Repository) -> None:
    (repository.root / ".gitignore").write_text("*.tmp\nout/\n")
    repository.commit({MAILCHIMP: SOURCE})
    repository.write({"sources/x.tmp": "", "out/y.txt": ""})
    assert not History(repository.specs).uncommitted()


def test_an_ancestor_is_contained_in_the_checkout(repository: Repository) -> None:
    first = repository.commit({MAILCHIMP: SOURCE})
    second = repository.commit({MAILCHIMP: named("B")})
    history = History(repository.specs)
    assert history.relations([first, second]) == {first: Relation.ANCESTOR, second: Relation.ANCESTOR}


def test_a_commit_of_another_branch_is_not(repository: Repository) -> None:
    first = repository.commit({MAILCHIMP: SOURCE})
    ahead = repository.commit({MAILCHIMP: named("B")})
    repository.git("checkout", "--quiet", first)
    history = History(repository.specs)
    assert history.relations([ahead, first, UNKNOWN_COMMIT, ahead]) == {
        ahead: Relation.NOT_ANCESTOR,
        first: Relation.ANCESTOR,
        UNKNOWN_COMMIT: Relation.UNKNOWN,
    }


@pytest.mark.parametrize(
    "commit", ["HEAD", "main", "--help", "", "0123", "0123456789ABCDEF0123456789ABCDEF01234567", "a" * 40 + "\nHEAD", "a" * 41]
)
def test_what_is_no_whole_commit_name_is_never_asked_for(repository: Repository, commit: str) -> None:
    repository.commit({MAILCHIMP: SOURCE})
    history = History(repository.specs)
    assert (history.relation(commit), base_of(history, commit)) == (Relation.UNKNOWN, None)


def test_a_tree_is_no_commit(repository: Repository) -> None:
    repository.commit({MAILCHIMP: SOURCE})
    assert History(repository.specs).relation(repository.git("rev-parse", "HEAD^{tree}")) is Relation.UNKNOWN


def shallow_clone(repository: Repository, folder: Path) -> Repository:
    subprocess.run(  # noqa: S603
        ["git", "clone", "--quiet", "--depth=1", f"file://{repository.root}", str(folder)],  # noqa: S607
        check=True,
        capture_output=True,
        env=ENVIRON,
    )
    return Repository(folder)


def test_a_shallow_clone_does_not_know_older_commits(repository: Repository, tmp_path: Path) -> None:
    first = repository.commit({MAILCHIMP: SOURCE})
    second = repository.commit({MAILCHIMP: named("B")})
    history = History(shallow_clone(repository, tmp_path / "clone").specs)
    assert (history.head(), history.relation(second), history.relation(first)) == (second, Relation.ANCESTOR, Relation.UNKNOWN)
    assert base_of(history, first) is None


def test_where_the_history_is_cut_off_ancestry_is_unknown(repository: Repository, tmp_path: Path) -> None:
    first = repository.commit({MAILCHIMP: SOURCE})
    second = repository.commit({MAILCHIMP: named("B")})
    clone = shallow_clone(repository, tmp_path / "clone")
    clone.git("fetch", "--quiet", "--depth=1", f"file://{repository.root}", f"{first}:refs/heads/old")
    history = History(clone.specs)
    assert history.relation(first) is Relation.UNKNOWN
    assert base_name(history, first) == "MailChimp Members"
    ahead = clone.commit({MAILCHIMP: named("C")})
    clone.git("checkout", "--quiet", second)
    assert History(clone.specs).relation(ahead) is Relation.NOT_ANCESTOR


def test_the_base_is_what_the_file_said_then(repository: Repository) -> None:
    then = repository.commit({MAILCHIMP: named("Then", overlays="{stage: {name: Then in stage}}")})
    repository.commit({MAILCHIMP: named("Now")})
    with closing(History(repository.specs)) as history:
        assert base_name(history, then) == "Then in stage"
        base = history.base(then, Kind.CONNECTION_SPEC, ("mailchimp",), "prod")
        assert base is not None
        assert (base.name, base.position("/name")) == ("Then", (3, 3))


def test_the_base_is_built_as_desired_is(repository: Repository) -> None:
    flow = FLOW + "  sourceConnectionSpecIds: [{ref: mailchimp}]\n"
    then = repository.commit({MAILCHIMP: SOURCE, "flow-specs/mine.yaml": flow, "sources/art-connectionSpec.json": ARTIFACT})
    history = History(repository.specs)
    for spec in load_desired(WorkingTree(repository.specs), "stage").specs:
        assert base_of(history, then, spec.key, kind=spec.kind) == spec


def test_the_base_is_found_where_the_file_is_now(repository: Repository) -> None:
    then = repository.commit({"sources/x.yaml": named("Then", key="mine")})
    current = load_desired(WorkingTree(repository.specs), "stage").specs
    assert base_name(History(repository.specs, current), then, "mine") == "Then"


def test_the_base_is_found_under_a_former_key(repository: Repository) -> None:
    then = repository.commit({"sources/old/connection-spec.yaml": named("Then")})
    repository.commit(
        {"sources/old/connection-spec.yaml": None, "sources/new/connection-spec.yaml": named("Now", formerly="[old]")}
    )
    current = load_desired(WorkingTree(repository.specs), "stage").specs
    assert base_name(History(repository.specs, current), then, "new", "old") == "Then"


def test_the_base_is_found_in_a_file_of_any_name(repository: Repository) -> None:
    then = repository.commit(
        {"sources/x.yaml": named("Then", key="mine"), "sources/y.yaml": SOURCE, "sources/README.md": "", "x.yaml": SOURCE}
    )
    history = History(repository.specs)
    assert base_name(history, then, "mine") == "Then"
    assert base_name(history, then, "nobody") is None
    later = repository.commit({"sources/z.yaml": named("Later", key="other")})
    assert base_name(history, later, "other") == "Later"


def test_a_file_of_a_proof_is_never_the_base(repository: Repository) -> None:
    then = repository.commit({"proofs/mine/proof.yaml": named("Wrong", key="mine"), "sources/x.yaml": named("Then", key="mine")})
    assert base_name(History(repository.specs), then, "mine") == "Then"


def test_a_file_whose_key_was_another_then_is_not_the_base(repository: Repository) -> None:
    then = repository.commit({"sources/x.yaml": named("Other", key="other"), "sources/y.yaml": named("Then", key="mine")})
    repository.commit({"sources/x.yaml": named("Now", key="mine"), "sources/y.yaml": None})
    current = load_desired(WorkingTree(repository.specs), "stage").specs
    assert base_name(History(repository.specs, current), then, "mine") == "Then"


def test_a_file_that_is_the_same_now_is_not_parsed_again(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    then = repository.commit({MAILCHIMP: named("Then", overlays="{stage: {name: Then in stage}}")})
    current = load_desired(WorkingTree(repository.specs), "stage").specs
    read_by_git = base_of(History(repository.specs), then)
    monkeypatch.setattr(past_files, "read_spec_file", lambda *_: pytest.fail("parsed again"))
    assert base_of(History(repository.specs, current), then) == read_by_git == current[0]


def test_of_many_files_that_are_the_same_now_git_gives_the_names_alone(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"sources/s{number}/connection-spec.yaml": named(f"S {number}") for number in range(40)}
    then = repository.commit(files)
    current = load_desired(TreeAsRead(WorkingTree(repository.specs)), "stage").specs
    history = History(repository.specs, current)
    monkeypatch.setattr(Blobs, "read", lambda *_: pytest.fail("read from git"))
    assert [base_name(history, then, f"s{number}") for number in range(40)] == [f"S {number}" for number in range(40)]


def test_one_changed_file_among_many_is_parsed_as_it_was(repository: Repository) -> None:
    files = {f"sources/s{number}/connection-spec.yaml": named(f"S {number}") for number in range(40)}
    then = repository.commit(files)
    repository.commit({"sources/s39/connection-spec.yaml": named("Now")})
    current = load_desired(TreeAsRead(WorkingTree(repository.specs)), "stage").specs
    history = History(repository.specs, current)
    assert [base_name(history, then, f"s{number}") for number in range(40)] == [f"S {number}" for number in range(40)]


def test_a_file_that_changed_is_parsed_as_it_was(repository: Repository) -> None:
    then = repository.commit({MAILCHIMP: named("Then")})
    repository.commit({MAILCHIMP: named("Now!")})
    current = load_desired(WorkingTree(repository.specs), "stage").specs
    assert base_name(History(repository.specs, current), then) == "Then"


def test_a_file_that_changes_after_it_was_read_is_parsed_as_it_was(repository: Repository) -> None:
    then = repository.commit({MAILCHIMP: named("Then")})
    repository.commit({MAILCHIMP: named("Now")})
    current = load_desired(WorkingTree(repository.specs), "stage").specs
    repository.write({MAILCHIMP: named("Then")})
    assert base_name(History(repository.specs, current), then) == "Then"


def test_a_file_that_was_in_error_is_no_base(repository: Repository) -> None:
    then = repository.commit({MAILCHIMP: SOURCE + "x: 1\n"})
    assert base_of(History(repository.specs), then) is None


def test_a_base_is_asked_for_once(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    then = repository.commit({MAILCHIMP: SOURCE})
    history = History(repository.specs)
    first = base_of(history, then)
    history.close()
    monkeypatch.setattr(Blobs, "read_at", lambda *_: pytest.fail("asked again"))
    assert first is not None
    assert base_of(history, then) is first


def test_the_specs_folder_may_be_the_repository(tmp_path: Path) -> None:
    repository = Repository.new(tmp_path / "repository")
    (repository.root / "sources").mkdir()
    (repository.root / "sources/mailchimp.yaml").write_text(SOURCE)
    commit = repository.commit({"README.md": ""})
    history = History(repository.root)
    assert base_name(history, commit) == "MailChimp Members"
    assert not history.uncommitted()


def test_sha_256_repositories_are_understood(tmp_path: Path) -> None:
    repository = Repository.new(tmp_path / "repository", "--object-format=sha256")
    commit = repository.commit({MAILCHIMP: SOURCE})
    history = History(repository.specs)
    assert (history.head(), history.relation(commit), base_name(history, commit)) == (
        commit,
        Relation.ANCESTOR,
        "MailChimp Members",
    )


def knows_nothing(history: History) -> None:
    assert history.why_not
    assert (history.head(), history.uncommitted(), history.relation(UNKNOWN_COMMIT)) == (None, NOTHING, Relation.UNKNOWN)
    assert base_of(history, UNKNOWN_COMMIT) is None


def test_without_a_repository_nothing_is_known(tmp_path: Path) -> None:
    knows_nothing(History(tmp_path))
    knows_nothing(History(tmp_path / "nothing"))


def test_without_git_nothing_is_known(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({MAILCHIMP: SOURCE})
    monkeypatch.setenv("PATH", "/nonexistent")
    knows_nothing(History(repository.specs))
    assert Blobs(Git.at(repository.specs)).read(UNKNOWN_COMMIT) is None


def test_a_git_that_does_not_end_is_no_answer(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    first = repository.commit({MAILCHIMP: SOURCE})
    repository.commit({MAILCHIMP: named("B")})
    monkeypatch.setattr(git_module, "_TIMEOUT_SECONDS", 0.0)
    history = History(repository.specs)
    assert (history.relation(first), history.resolve("HEAD")) == (Relation.UNKNOWN, None)
    assert history.uncommitted().why_not


def test_a_failing_git_leaves_ancestry_unknown(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = repository.commit({MAILCHIMP: SOURCE})
    repository.commit({MAILCHIMP: named("B")})
    history = History(repository.specs)
    real = Git.ask

    def ask(self: Git, *arguments: str, stdin: bytes = b"") -> git_module.Answer:
        return git_module.Answer(128, b"", "no") if arguments[0] == "rev-list" else real(self, *arguments, stdin=stdin)

    monkeypatch.setattr(Git, "ask", ask)
    assert history.relation(commit) is Relation.UNKNOWN


def test_nothing_that_the_repository_configures_is_run(repository: Repository, tmp_path: Path) -> None:
    commit = repository.commit({MAILCHIMP: SOURCE})
    witness = tmp_path / "witness"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {witness}\n")
    script.chmod(0o755)
    repository.git("config", "core.fsmonitor", str(script))
    repository.git("config", "core.pager", str(script))
    repository.git("config", "core.hooksPath", str(tmp_path))
    history = History(repository.specs)
    history.uncommitted()
    history.relation(commit)
    base_of(history, commit)
    assert not witness.exists()


def test_variables_that_lead_to_another_repository_are_ignored(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository.new(tmp_path / "other")
    other.commit({MAILCHIMP: SOURCE})
    commit = repository.commit({MAILCHIMP: SOURCE + "# mine\n"})
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git/index"))
    history = History(repository.specs)
    assert (history.head(), history.uncommitted()) == (commit, NOTHING)


def refusal(tree: CommitTree | CommitFiles, path: str) -> str:
    with pytest.raises(Unreadable) as raised:
        tree.read(path)
    return raised.value.problem.code
