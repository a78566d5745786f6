"""Everything in a repository that could make git run a program, planted: each touches a file of its own in one folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.workplace import Workplace

IN_GIT_CONFIG = {
    "core.fsmonitor": "{run}",
    "core.pager": "{run}",
    "core.editor": "{run}",
    "core.askPass": "{run}",
    "core.sshCommand": "{run}",
    "core.gitProxy": "{run}",
    "core.alternateRefsCommand": "{run}",
    "sequence.editor": "{run}",
    "interactive.diffFilter": "{run}",
    "diff.external": "{run}",
    "diff.planted.textconv": "{run}",
    "diff.planted.command": "{run}",
    "merge.planted.driver": "{run}",
    "filter.planted.clean": "{run}",
    "filter.planted.smudge": "{run}",
    "filter.planted.required": "true",
    "filter.lines.process": "{run}",
    "trailer.planted.command": "{run}",
    "gpg.program": "{run}",
    "log.showSignature": "true",
    "pager.log": "{run}",
    "pager.ls-tree": "{run}",
    "alias.ls-tree": "!{run}",
    "alias.cat-file": "!{run}",
    "alias.status": "!{run}",
    "credential.helper": "!{run}",
    "protocol.allow": "always",
    "protocol.ext.allow": "always",
    "extensions.partialClone": "evil",
    "remote.evil.url": "ext::{run}",
    "remote.evil.promisor": "true",
    "remote.evil.uploadpack": "{run}",
    "submodule.specs.update": "!{run}",
    "uploadpack.packObjectsHook": "{run}",
}
"""What `.git/config` may say once it has come in an unpacked archive; `{run}` is a program of its own."""
HOOKS = ("post-index-change", "reference-transaction", "pre-auto-gc", "post-checkout", "fsmonitor-watchman", "pre-commit")
ATTRIBUTES = (
    "* filter=planted diff=planted merge=planted ident export-subst\n*.yaml filter=planted diff=planted\n*.json filter=lines\n"
)


@dataclass(frozen=True)
class Plants:
    """Where the planted programs say that they ran, and what a `git` that looks on has seen of every call."""

    work: Workplace
    witnesses: Path
    calls: Path
    programs: Path

    @property
    def ran(self) -> list[str]:
        return sorted(file.name for file in self.witnesses.iterdir())

    @property
    def environs(self) -> list[str]:
        """The environment of each call of git, as text."""
        return [file.read_text() for file in sorted(self.calls.glob("*.env"))]

    @property
    def path(self) -> str:
        """A PATH that begins with what an attacker may hope for: folders of the repository, relative and empty ones."""
        inside = [str(self.work.folder / "bin"), str(self.work.folder / "specs"), "bin", "specs", ".", ""]
        return os.pathsep.join([*inside, str(self.programs), os.environ["PATH"]])


def plant(work: Workplace, folder: Path) -> Plants:
    """All of it, in a repository that has one commit."""
    plants = Plants(work, folder / "witnesses", folder / "calls", folder / "programs")
    for made in (plants.witnesses, plants.calls, plants.programs):
        made.mkdir(parents=True)
    _look_on(plants)
    git_dir = work.folder / ".git"
    _promise_a_missing_blob(work)
    for name, value in IN_GIT_CONFIG.items():
        _configure(git_dir / "config", name, value.format(run=_program(plants, name)))
    included = folder / "included"
    _configure(included, "core.fsmonitor", str(_program(plants, "include.path")))
    _configure(git_dir / "config", "include.path", str(included))
    _configure(git_dir / "config", f"includeIf.gitdir:{git_dir}.path", str(included))
    for hook in HOOKS:
        shutil.copy(_program(plants, f"hook {hook}"), git_dir / "hooks" / hook)
    (git_dir / "info" / "attributes").write_text(ATTRIBUTES)
    for place in (work.folder, work.folder / "specs"):
        (place / ".gitattributes").write_text(ATTRIBUTES)
        shutil.copy(_program(plants, f"git in {place.name}"), place / "git")
    (work.folder / "bin").mkdir()
    shutil.copy(_program(plants, "git in bin"), work.folder / "bin" / "git")
    _make_bare(plants, work.folder / "specs")
    return plants


def _program(plants: Plants, name: str) -> Path:
    witness = name.replace("/", "-").replace(" ", "-")
    program = plants.witnesses.parent / f"planted-{witness}"
    program.write_text(f'#!/bin/sh\nenv > "{plants.witnesses}/{witness}"\nexit 1\n')
    program.chmod(0o755)
    return program


def _look_on(plants: Plants) -> None:
    """A `git` before the real one that keeps its environment and goes on as the real one."""
    real = shutil.which("git")
    program = plants.programs / "git"
    program.write_text(f'#!/bin/sh\n/usr/bin/env > "{plants.calls}/$$.env"\nexec {real} "$@"\n')
    program.chmod(0o755)


def _configure(file: Path, name: str, value: str) -> None:
    _git("config", "--file", str(file), "--add", name, value)


def _git(*words: str, environ: Mapping[str, str] | None = None) -> str:
    base = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *words], check=True, capture_output=True, env={**base, **(environ or {})})  # noqa: S603, S607
    return done.stdout.decode().strip()


def _promise_a_missing_blob(work: Workplace) -> None:
    """Take the content that a file had in the first commit away: a promisor remote would be asked for it."""
    name = work.git("rev-parse", "HEAD~1:specs/sources/orders/connection-spec.yaml")
    (work.folder / ".git/objects" / name[:2] / name[2:]).unlink()


def _make_bare(plants: Plants, specs: Path) -> None:
    """Make the specs folder what git takes for a bare repository, of plain files that a commit may hold."""
    _git("init", "--quiet", "--bare", str(specs))
    for name in ("core.fsmonitor", "filter.planted.clean", "filter.planted.process", "core.pager", "diff.external"):
        _configure(specs / "config", name, str(_program(plants, f"bare {name}")))
    _configure(specs / "config", "core.worktree", str(specs))
    _configure(specs / "config", "core.bare", "false")
    environ = {"GIT_DIR": str(specs), "GIT_WORK_TREE": str(specs)}
    tree = _git("hash-object", "-t", "tree", "-w", "/dev/null", environ=environ)
    _git("update-ref", "refs/heads/main", _commit(tree, environ), environ=environ | {"GIT_CONFIG_COUNT": "0"})


def _commit(tree: str, environ: Mapping[str, str]) -> str:
    who = {f"GIT_{role}_{part}": "x@acme.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    return _git("commit-tree", "-m", "x", tree, environ={**environ, **who})
