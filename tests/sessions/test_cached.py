"""The command line with a cache: the same results, and nothing to gain for somebody who planted an entry."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.cache.place import CachePlace
from reconciler.cache.segment import SUFFIX, Draft, Segment
from reconciler.cache.store import size_of
from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.desired import readings
from reconciler.desired.files import Form, form_of
from reconciler.desired.kept import FEWEST, KeptFiles
from reconciler.desired.packing import NotPacked, pack, unpack
from reconciler.desired.spec_file import SpecFile, View
from reconciler.desired.tree import SpecTree, WorkingTree
from reconciler.texts.reading import Reading
from reconciler.texts.yaml import read_yaml
from tests.cli.fakes import Ran
from tests.desired.git.repositories import ENVIRON

SETTINGS = """\
version: 1
repository: acme/aep-sources
default_target: local
targets:
  local: {emulator: .reconciler/local.db}
  second: {emulator: .reconciler/second.db}
network: {consistency_window: 0s, settle: 0s, retries: 0}
safety: {max_creates: 100, max_updates: 100, max_detaches: 100}
"""
SPEC = """\
kind: ConnectionSpec
spec:
  name: Acme Orders NUMBER
  description: harmless
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  type: generic-rest
  sourceSpec: {attributes: {host: us6, urlParams: {path: /orders, method: GET}}}
"""
FIRST = "sources/orders-00/connection-spec.yaml"


class Repository:
    """A committed specs folder, and the command line in it, with a cache elsewhere."""

    def __init__(self, root: Path, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.specs = root / "specs"
        self.place = CachePlace(cache)
        self._root = root
        self._capsys = capsys

    def write(self, path: str, text: str) -> None:
        file = self.specs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self) -> None:
        for words in (["add", "-A"], ["commit", "-q", "-m", "x"]):
            subprocess.run(["git", *words], cwd=self._root, check=True, capture_output=True, env=ENVIRON)  # noqa: S603, S607

    def run(self, *arguments: str, **environ: str) -> Ran:
        code = run(list(arguments), Shell({"RECONCILER_CACHE_DIR": str(self.place.root)} | environ, open_sessions))
        printed = self._capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    def plant(self, forge: Callable[[SpecFile], SpecFile | None], path: str = FIRST) -> None:
        """Put another reading of this file into the cache, with every checksum right; None leaves the entry out."""
        assert self.place.store is not None
        draft = Draft(self.place.store)
        view = View("local", ("local", "second"))
        for old in sorted(self.place.store.glob(f"*{SUFFIX}")):
            segment = Segment(old)
            for key in segment.index:
                value = segment.value(key)
                try:
                    file = unpack(value, WorkingTree(self.specs), path, form_of(path), view)
                except NotPacked:
                    continue
                forged = forge(file) if file.spec and file.spec.name == "Acme Orders 00" else file
                draft.add(key, value if forged is file else pack(forged or file))
            segment.close()
            old.unlink()
        draft.finish()


@pytest.fixture
def repository(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Repository:
    monkeypatch.chdir(tmp_path)
    made = Repository(tmp_path, tmp_path_factory.mktemp("cache") / "of-the-user", capsys)
    made.write("reconciler.yaml", SETTINGS)
    for number in range(FEWEST):
        made.write(f"sources/orders-{number:02}/connection-spec.yaml", SPEC.replace("NUMBER", f"{number:02}"))
    (tmp_path / ".gitignore").write_text(".reconciler/\n")
    subprocess.run(["git", "init", "-q", "--initial-branch=main"], cwd=tmp_path, check=True, env=ENVIRON)  # noqa: S607
    made.commit()
    return made


READS = (("plan", "--format", "json"), ("status", "--format", "json"), ("drift", "--format", "json"), ("plan",))


def test_reports_are_the_same_without_the_cache_with_a_new_one_and_with_a_full_one(repository: Repository) -> None:
    for arguments in READS:
        plain = repository.run(*arguments, "--no-cache")
        assert repository.run(*arguments) == plain
        assert repository.run(*arguments) == plain
    assert size_of(repository.place).entries >= FEWEST


@pytest.mark.parametrize("more", [(), ("--target", "local", "--target", "second"), ("--target", "local")])
def test_validate_says_the_same_with_the_cache_and_after_an_edit(repository: Repository, more: tuple[str, ...]) -> None:
    for description in ("harmless", "{var: nothing}", "[unclosed", "fine"):
        repository.write(FIRST, SPEC.replace("NUMBER", "00").replace("harmless", description).replace("GET", "FETCH"))
        plain = repository.run(*more, "validate", "--format", "json", "--no-cache")
        assert [repository.run(*more, "validate", "--format", "json") for _ in range(2)] == [plain, plain]
    assert "FETCH" in plain.out


def test_a_run_without_the_cache_leaves_nothing_in_it(repository: Repository) -> None:
    repository.run("plan", "--no-cache")
    repository.run("plan", RECONCILER_NO_CACHE="1")
    assert size_of(repository.place).entries == 0


def test_what_was_planned_from_the_cache_is_applied(repository: Repository) -> None:
    repository.run("plan")
    assert repository.run("apply", "--yes").code == 0
    assert f"nothing to do: {FEWEST} in sync" in repository.run("plan").out
    repository.write(FIRST, SPEC.replace("NUMBER", "00").replace("harmless", "changed"))
    repository.commit()
    assert "1 to update" in repository.run("plan").out
    assert repository.run("apply", "--yes").code == 0
    assert f"nothing to do: {FEWEST} in sync" in repository.run("plan", "--no-cache").out


def test_several_targets_share_the_cache(repository: Repository) -> None:
    arguments = ("--target", "local", "--target", "second", "plan", "--format", "json")
    plain = repository.run(*arguments, "--no-cache")
    assert [_timeless(repository.run(*arguments).out) for _ in range(2)] == [_timeless(plain.out)] * 2
    assert size_of(repository.place).files == 1
    assert size_of(repository.place).entries == FEWEST


@pytest.mark.parametrize(("most", "code"), [("99", 0), ("1", 3)], ids=["what is written", "everything, because of an error"])
def test_several_targets_parse_again_each_file_once(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, most: str, code: int
) -> None:
    arguments = ("--target", "local", "--target", "second", "plan", "--max-creates", most)
    assert repository.run(*arguments).code == code
    count = itertools.count()

    def counted(data: bytes) -> Reading:
        next(count)
        return read_yaml(data)

    monkeypatch.setattr(readings, "read_yaml", counted)
    assert (repository.run(*arguments).code, next(count)) == (code, FEWEST)


def test_a_file_that_changes_while_files_are_looked_up_is_not_taken_for_committed(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = KeptFiles.known

    def edited_then(self: KeptFiles, tree: SpecTree, wanted: Mapping[str, Form]) -> dict[str, SpecFile]:
        found = known(self, tree, wanted)
        repository.write(FIRST, SPEC.replace("NUMBER", "00").replace("harmless", "not committed"))
        return found

    monkeypatch.setattr(KeptFiles, "known", edited_then)
    ran = repository.run("plan")
    assert ran.code == 1
    assert f"specs/{FIRST}:1:1: error: this file changed after it was first read" in ran.out


def _timeless(out: str) -> list[str]:
    return [line for line in out.splitlines() if "seconds" not in line]


def other_body(file: SpecFile) -> SpecFile:
    assert file.spec is not None
    return replace(file, spec=replace(file.spec, body_json=file.spec.body_json.replace(b"harmless", b"harmful!")))


def other_flow_specs(file: SpecFile) -> SpecFile:
    assert file.spec is not None
    return replace(file, spec=replace(file.spec, flow_specs=("OAuthGenericRestStorageToAEP",)))


def other_key(file: SpecFile) -> SpecFile:
    assert file.spec is not None
    return replace(file, key="stolen", spec=replace(file.spec, key="stolen"))


def other_id(file: SpecFile) -> SpecFile:
    assert file.spec is not None
    return replace(file, spec=replace(file.spec, pinned_id="4fe859de-0000-4000-8000-000000000000"))


def gone(file: SpecFile) -> SpecFile:
    return replace(file, spec=None, belongs=False)


@pytest.mark.parametrize("forge", [other_body, other_flow_specs, other_key, other_id, gone])
@pytest.mark.parametrize("is_live", [False, True])
def test_a_planted_entry_puts_nothing_into_a_plan(
    repository: Repository, forge: Callable[[SpecFile], SpecFile], is_live: bool
) -> None:
    if is_live:
        assert repository.run("apply", "--yes").code == 0
        repository.run("plan", "--no-cache")
    else:
        repository.run("status")
    if forge is gone and not is_live:
        return  # the plan lacks it, and acts on nothing instead
    plain = repository.run("plan", "--prune", "--format", "json", "--no-cache")
    repository.plant(forge)
    assert repository.run("plan", "--prune", "--format", "json") == plain


@pytest.mark.parametrize("forge", [other_body, other_flow_specs, other_key])
def test_nothing_that_was_planted_is_applied_and_the_cache_is_emptied(
    repository: Repository, forge: Callable[[SpecFile], SpecFile]
) -> None:
    repository.run("plan")
    repository.plant(forge)
    assert repository.run("apply", "--yes").code == 0
    assert size_of(repository.place).entries == 0
    assert f"nothing to do: {FEWEST} in sync" in repository.run("plan", "--no-cache").out


@pytest.mark.parametrize("body", [b"null", b"[]", b"{", b"", b"\xff"])
@pytest.mark.parametrize("command", [("plan", "--format", "json"), ("validate",), ("validate", "--all")])
def test_an_entry_that_is_nonsense_is_as_good_as_none(repository: Repository, body: bytes, command: tuple[str, ...]) -> None:
    expected = repository.run(*command, RECONCILER_NO_CACHE="1")
    repository.run("plan")
    repository.plant(lambda file: replace(file, spec=replace(file.spec, body_json=body)) if file.spec else None)
    assert repository.run(*command) == expected


def test_the_log_says_that_the_cache_was_dropped(repository: Repository) -> None:
    repository.run("plan")
    repository.plant(other_body)
    ran = repository.run("plan", "-v")
    assert "cache dropped: the spec files say something else\n" in ran.err
    assert "harmful" not in ran.out


def test_a_cache_in_the_repository_is_not_used(repository: Repository) -> None:
    ran = repository.run("plan", "-v", RECONCILER_CACHE_DIR=str(repository.specs / "cache"))
    assert ran.code == 0
    assert "is inside a repository" in ran.err
    assert not (repository.specs / "cache").exists()


def test_a_cache_of_another_version_or_half_of_one_is_as_good_as_none(repository: Repository) -> None:
    plain = repository.run("plan", "--format", "json")
    assert repository.place.store is not None
    for file in repository.place.store.iterdir():
        file.write_bytes(file.read_bytes()[:1000])
    assert repository.run("plan", "--format", "json") == plain
    shutil.rmtree(repository.place.store)
    repository.place.store.write_text("a file")
    assert repository.run("plan", "--format", "json") == plain
