"""A team's repository on the fake GitHub, with the workflows copied into it, and Flow Service: where the stories of a change happen."""

from __future__ import annotations

import fnmatch
import html
import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from tests.e2e.workplace import ORG, SANDBOX, SETTINGS, Workplace
from tests.github.caches import Caches
from tests.github.fake_api import FakeGitHub, a_sha
from tests.github.runner.documents import load_workflow
from tests.github.runner.events import Event, Pull, pull_request, push, schedule, workflow_dispatch
from tests.github.runner.results import JobRun, WorkflowRun
from tests.github.runner.run import run_workflow
from tests.github.runner.setting import ActionCall, ActionFailed, Environment, Handler, Setting, host_environment
from tests.github.runner.triggers import triggers
from tests.workflows.copied import copy_workflows

REPO, FORK = "acme/aep-sources", "mallory/aep-sources"
TOOL, TOOL_COMMIT, TOOL_VERSION = "acme/reconciler", a_sha("the release that is used"), "v1.2.3"
PROJECT = Path(__file__).parents[2]
READER, WRITER = "plan-client", "apply-client"
PLAN_SECRETS = {"RECONCILER_CLIENT_ID": READER, "RECONCILER_CLIENT_SECRET": "p8e-plan-secret"}
APPLY_SECRETS = {"RECONCILER_CLIENT_ID": WRITER, "RECONCILER_CLIENT_SECRET": "p8e-apply-secret"}
INSTALL = """\
#!/bin/sh
# In the place of the installation: the command as it is installed here.
mkdir -p "$1/bin" && ln -s '{reconciler}' "$1/bin/reconciler"
"""
SERVER = "https://github.example"


@dataclass
class Story:
    """One team. `work` is the checkout of its members and the Flow Service; what is committed there is on GitHub at once."""

    root: Path
    work: Workplace
    github: FakeGitHub
    api_url: str
    pull: Pull | None = None
    branch: str = "change"
    artifacts: dict[str, list[str]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    """The artifacts that no later job gets."""
    secrets: dict[str, str] = field(default_factory=lambda: dict(PLAN_SECRETS))
    environments: dict[str, Environment] = field(default_factory=lambda: {"stage": Environment(secrets=APPLY_SECRETS)})
    caches: Caches = field(init=False)
    _runs: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.caches = Caches(self.root / "caches")

    # What the team does

    def push_main(self) -> str:
        """The team's changes on the default branch."""
        sha = self.work.commit()
        self.github.move(REPO, "main", sha)
        return sha

    def open_pull_request(self, *, fork: bool = False) -> Pull:
        """The changes in the checkout, as a pull request from a branch."""
        self.work.git("checkout", "-q", "-b", self.branch)
        head = self.work.commit()
        repository = FORK if fork else REPO
        opened = self.github.open_pull_request(REPO, head, fork=repository if fork else None)
        self.pull = self._tried(opened.number, head, repository)
        return self.pull

    def push_again(self) -> Pull:
        """More changes on the branch of the pull request."""
        assert self.pull is not None
        head = self.work.commit()
        self.github.push(REPO, self.pull.number, head)
        self.pull = self._tried(self.pull.number, head, self.pull.head_repository or REPO)
        return self.pull

    def merge(self) -> str:
        """Squash the pull request into the default branch."""
        assert self.pull is not None
        self.work.git("checkout", "-q", "main")
        self.work.git("merge", "-q", "--squash", self.branch)
        merged = self.work.commit("squashed")
        self.github.merge(REPO, self.pull.number, merged)
        self.work.git("branch", "-q", "-D", self.branch)
        return merged

    def queue(self, branch: str, onto: str) -> str:
        """The commit that a merge queue makes of a branch, on the tip or on another commit of the queue."""
        self.work.git("checkout", "-q", "--detach", onto)
        self.work.git("merge", "-q", "--squash", branch)
        commit = self.work.commit("squashed")
        self.github.repository(REPO).commits.add(commit)
        return commit

    def merge_queued(self, commits: Mapping[int, str]) -> None:
        """The queue moves the default branch to its last commit, and each pull request is merged as its own."""
        for number, commit in commits.items():
            self.github.merge(REPO, number, commit)
        self.work.git("checkout", "-q", "main")
        self.work.git("reset", "-q", "--hard", list(commits.values())[-1])

    def _tried(self, number: int, head: str, repository: str) -> Pull:
        """GitHub merges head and base to try, and checks that commit out."""
        base = self.github.repository(REPO).branches["main"]
        self.work.git("checkout", "-q", "--detach", base)
        self.work.git("merge", "-q", "--no-ff", "-m", "try", head)
        merge = self.work.git("rev-parse", "HEAD")
        self.work.git("checkout", "-q", self.branch)
        return Pull(REPO, number, head, base, merge, head_repository=repository)

    # What GitHub does

    def plan(self, action: str = "opened", **others: str) -> JobRun:
        """The plan workflow's job for the target stage."""
        assert self.pull is not None
        return _the_job(self.run("plan", pull_request(self.pull, action, **others)), "plan")

    def apply(self) -> JobRun:
        """The apply workflow's job after the push of the default branch's tip."""
        return _the_job(self.run("apply", push(REPO, self.tip)), "apply")

    def apply_by_hand(self, **inputs: str) -> JobRun:
        """The apply workflow's job, or the one before it where it only shows a plan or fails."""
        run = self.run("apply", workflow_dispatch(REPO, self.tip, {"target": "stage", **inputs}))
        return run.job("targets") if run.job("apply").conclusion == "skipped" else run.job("apply")

    def follow(self, text: str) -> JobRun:
        """Do what a report says: the last command in it that runs the apply workflow by hand, one with a digest before others."""
        return self.apply_by_hand(**inputs_of(max(commands_in(text)[::-1], key=lambda command: "digest=" in command)))

    def drift(self) -> JobRun:
        return self.run("drift", schedule(REPO, self.tip)).job("drift")

    @property
    def tip(self) -> str:
        return self.github.repository(REPO).branches["main"]

    def run(self, workflow: str, event: Event) -> WorkflowRun:
        """A workflow as the team has it, in a fresh workspace for each job."""
        number = next(self._runs)
        event = replace(event, run_id=event.run_id + number)
        path = self.work.folder / ".github" / "workflows" / f"{workflow}.yml"
        assert triggers(load_workflow(path), event, ["specs/sources/a/connection-spec.yaml"])
        folder = self.root / f"run-{number}"
        handlers: dict[str, Handler] = {
            "actions/checkout": self._checkout,
            "actions/cache": _no_cache,
            "actions/cache/restore": partial(self.caches.restore, event.ref),
            "actions/cache/save": partial(self.caches.save, event.ref),
            "actions/upload-artifact": self._upload,
            "actions/download-artifact": self._download,
        }
        setting = Setting(
            workspace=lambda job, entry: _fresh(folder / f"{job}-{entry}"),
            temp=_fresh(folder / "runner"),
            secrets=self.secrets,
            environments=self.environments,
            handlers=handlers,
            token=self.github.token_for,
            api_url=self.api_url,
            server_url=SERVER,
            host=host_environment() | self._service(),
            repositories={TOOL: self.root / "tool"},
        )
        return run_workflow(path, event, setting)

    def _service(self) -> dict[str, str]:
        """Where Flow Service is: it is at Adobe's addresses, unless the environment of the runner says otherwise."""
        return {name: value for name, value in self.work.env.items() if name.endswith("_URL")}

    def _checkout(self, inputs: Mapping[str, str], call: ActionCall) -> None:
        assert inputs["persist-credentials"] == "false"
        if inputs.get("path"):
            self._checkout_tool(inputs, call.workspace / inputs["path"])
            return
        self.work.git("clone", "-q", "--no-checkout", str(self.work.folder), str(call.workspace / "clone"))
        (call.workspace / "clone" / ".git").rename(call.workspace / ".git")
        (call.workspace / "clone").rmdir()
        self.work.git("-C", str(call.workspace), "fetch", "-q", "origin", call.github["sha"])
        self.work.git("-C", str(call.workspace), "checkout", "-q", "--detach", call.github["sha"])

    def _checkout_tool(self, inputs: Mapping[str, str], folder: Path) -> None:
        """As GitHub does: another ref than the one that the caller named is not there."""
        if (inputs["repository"], inputs["ref"]) != (TOOL, TOOL_COMMIT):
            raise ActionFailed(f"{inputs['repository']} has no {inputs['ref']}")
        shutil.copytree(self.root / "tool", folder)

    def download(self, artifact: str, into: Path) -> None:
        """What `gh run download --name` does."""
        shutil.copytree(self.root / "artifacts" / artifact, into, dirs_exist_ok=True)

    def _download(self, inputs: Mapping[str, str], _call: ActionCall) -> None:
        """The files of all artifacts of this pattern, in one folder."""
        assert inputs["merge-multiple"] == "true"
        for name in fnmatch.filter(self.artifacts, inputs["pattern"]):
            if name not in self.lost:
                self.download(name, Path(inputs["path"]))

    def _upload(self, inputs: Mapping[str, str], _call: ActionCall) -> None:
        files: list[str] = []
        for line in inputs["path"].split():
            path = Path(line)
            if path.is_file():
                (self.root / "artifacts" / inputs["name"]).mkdir(parents=True, exist_ok=True)
                shutil.copy(path, self.root / "artifacts" / inputs["name"])
            inside = sorted(item for item in path.rglob("*") if item.is_file())
            if path.is_dir():
                shutil.copytree(path, self.root / "artifacts" / inputs["name"], dirs_exist_ok=True)
            files += [item.relative_to(path).as_posix() for item in inside] if path.is_dir() else [path.name]
        self.artifacts[inputs["name"]] = files

    # What there is

    @property
    def comments(self) -> list[str]:
        """The bodies of the pull request's comments."""
        assert self.pull is not None
        return [comment.body for comment in self.github.comments(REPO, self.pull.number)]

    @property
    def comment(self) -> str:
        """The only one."""
        (body,) = self.comments
        return body

    def shown_digest(self, text: str | None = None) -> str:
        """The digest that a report tells, the comment unless another is given."""
        return str(re.findall(r"digest <code>([0-9a-f]{64})</code>", text if text is not None else self.comment)[-1])


def commands_in(text: str) -> list[str]:
    """The commands in a report that run a workflow by hand, as a reader copies them."""
    return re.findall(
        r"gh workflow run (?:apply|promote)\.yml(?: -f (?:\w+=[^\s']+|'\w+=[^'\n]*'))+",
        html.unescape(re.sub(r"</?(?:code|wbr)>", "", text)),
    )


def inputs_of(command: str) -> dict[str, str]:
    """The inputs that such a command names."""
    words = shlex.split(command)[4:]
    return dict(word.split("=", 1) for word in words if word != "-f")


def _fresh(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _no_cache(inputs: Mapping[str, str], _call: ActionCall) -> None:
    assert re.fullmatch(r"reconciler-Linux-X64-[0-9a-f]{64}", inputs["key"])


def _the_job(run: WorkflowRun, name: str) -> JobRun:
    assert run.job("targets").conclusion == "success", run.job("targets").log
    return run.job(name)


@contextmanager
def story(root: Path, settings: str = SETTINGS, *, promotes: bool = False, **service: Any) -> Iterator[Story]:
    """A team whose default branch has the settings and the workflows, and no source yet. `service` is what `build` takes.

    `promotes`: promote.yml is in place of apply.yml.
    """
    github = FakeGitHub()
    with build(":memory:", **service) as emulator, serving(emulator.app) as url, github.serving() as api_url:
        work = Workplace(root / "checkout", url, emulator)
        work.settings(settings)
        work.behave(read_only_clients=[READER])
        work.live()
        copy_workflows(work.folder, TOOL, TOOL_COMMIT, TOOL_VERSION, without=("apply.yml" if promotes else "promote.yml",))
        _release(root / "tool")
        tip = work.commit("the team's repository")
        github.add_repository(REPO, tip).compared = lambda base, head: ("ahead", _changed(work, base, head))
        yield Story(root, work, github, api_url)


def _changed(work: Workplace, base: str, head: str) -> list[str]:
    return work.git("diff", "--name-only", f"{base}...{head}").splitlines()


def _release(folder: Path) -> None:
    """The tool as it is released, but for its installation."""
    for part in ("actions", "workflows"):
        shutil.copytree(PROJECT / ".github" / part, folder / ".github" / part)
    shutil.copy(PROJECT / "requirements.lock", folder)
    shutil.copytree(PROJECT / "reconciler/cache", folder / "reconciler/cache")  # its code names a cache, and a part will do
    (folder / ".github/actions/setup/install.sh").write_text(
        INSTALL.format(reconciler=Path(sys.executable).parent / "reconciler")
    )


__all__ = ["FORK", "ORG", "READER", "REPO", "SANDBOX", "SERVER", "WRITER", "Story", "commands_in", "inputs_of", "story"]
