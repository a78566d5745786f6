"""The examples for Azure Pipelines and Jenkins: the shell steps are read from the files, and play the life of a change."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from junitparser import JUnitXml
from ruamel.yaml import YAML

from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from tests.e2e.workplace import PATIENCE, Workplace

DOCS: Final = Path(__file__).parents[2] / "docs"
AZURE, JENKINS = DOCS / "azure-pipelines.yml", DOCS / "Jenkinsfile"
READER, WRITER = "plan-client", "apply-client"
_STAGE: Final = re.compile(r"^ {4}stage\('(?P<name>\w+)'\) \{\n(?P<body>.*?)^ {4}\}\n", re.MULTILINE | re.DOTALL)
_STEP: Final = re.compile(r"sh '''\n(?P<script>.*?)'''", re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A shell step: its script, what its job is given as credentials, and what else its file says about it."""

    script: str
    secrets: str
    said: str


def steps_of_azure() -> dict[str, Step]:
    """The steps of all jobs by their name in lower case."""
    found = {}
    for stage in YAML(typ="safe", pure=True).load(AZURE.read_text())["stages"]:
        (job,) = stage["jobs"]
        steps = job["steps"] if "steps" in job else job["strategy"]["runOnce"]["deploy"]["steps"]
        for step in steps:
            if "bash" in step:
                groups = [entry["group"] for entry in job["variables"]]
                given = groups[0].removeprefix("reconciler-") if "env" in step else ""
                found[step["displayName"].lower()] = Step(step["bash"], given, str(stage.get("condition", "")))
    return found


def steps_of_jenkins() -> dict[str, Step]:
    """The steps of all stages by the stage's name in lower case."""
    found = {}
    for stage in _STAGE.finditer(JENKINS.read_text()):
        (script,) = _STEP.findall(stage["body"])
        given = re.findall(r"credentials\('reconciler-(\w+)'\)", stage["body"])
        # In a Groovy string of three single quotes, a backslash before a line break joins the lines, as it does in the shell.
        found[stage["name"].lower()] = Step("set -xe\n" + textwrap.dedent(script), "".join(given), stage["body"])
    return found


STEPS: Final = {"azure": steps_of_azure(), "jenkins": steps_of_jenkins()}


@dataclass
class Agent:
    """Runs the steps of one pipeline in the team's checkout."""

    work: Workplace
    temp: Path
    system: str

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        step = STEPS[self.system][name]
        shell = ["bash", "-c"] if self.system == "azure" else ["sh", "-c"]
        return subprocess.run(  # noqa: S603 - the step under test
            [*shell, step.script],
            cwd=self.work.folder,
            env=self._environ(step.secrets),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def _environ(self, secrets: str) -> dict[str, str]:
        client = {"read": READER, "write": WRITER}.get(secrets)
        ours = {name: value for name, value in self.work.env.items() if not name.startswith("RECONCILER_CLIENT")}
        given = {"RECONCILER_CLIENT_ID": client, "RECONCILER_CLIENT_SECRET": "s"} if client else {}
        if self.system == "azure":
            there = {"AGENT_TEMPDIRECTORY": str(self.temp), "PIPELINE_WORKSPACE": str(self.work.folder.parent)} | given
        else:
            prefix = {"read": "READ", "write": "WRITE"}.get(secrets, "NONE")
            there = {"WORKSPACE_TMP": str(self.temp)} | ({f"{prefix}_USR": str(client), f"{prefix}_PSW": "s"} if client else {})
        path = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        return ours | there | path | {"TARGET": "stage", "CI": "true"}

    def publish(self) -> None:
        """As Azure downloads the artifact into the next job."""
        if self.system == "azure":
            kept = self.work.folder.parent / "plan-1"
            kept.mkdir(exist_ok=True)
            (kept / "plan.json").write_bytes((self.work.folder / "plan" / "plan.json").read_bytes())


@pytest.fixture(params=["azure", "jenkins"])
def agent(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Agent]:
    with build(":memory:") as emulator, serving(emulator.app) as url:
        work = Workplace(tmp_path / "checkout", url, emulator)
        work.behave(read_only_clients=[READER])
        work.live()
        work.source("members")
        work.commit("the team's repository")
        (work.folder / ".git" / "info" / "exclude").write_text("plan/\napply/\nvalidate.xml\n")
        yield Agent(work, tmp_path / "temp", request.param)


def test_a_change_is_validated_planned_approved_applied_and_watched(agent: Agent) -> None:
    for name in ("validate", "plan"):
        ran = agent.run(name)
        assert ran.returncode == 0, ran.stderr
    assert JUnitXml.fromfile(str(agent.work.folder / "validate.xml")).failures == 0
    assert agent.work.live().get("members") is None
    agent.publish()
    applied = agent.run("apply")
    assert applied.returncode == 0, applied.stderr
    assert len(agent.work.live()["members"]) == 1
    assert sorted(path.name for path in (agent.work.folder / "apply").iterdir()) == ["apply.json", "journal.jsonl"]
    assert agent.run("drift").returncode == 0
    agent.work.edit("members", sourceSpec={"attributes": {"x": 9}})
    assert agent.run("drift").returncode == 2


def test_a_plan_that_changed_after_its_approval_is_refused_and_nothing_is_written(agent: Agent) -> None:
    assert agent.run("plan").returncode == 0
    agent.publish()
    agent.work.source("members", sourceSpec={"attributes": {"x": 2}})
    agent.work.commit()
    assert agent.run("apply").returncode == 3
    assert agent.work.live().get("members") is None


def test_a_mistake_in_a_file_fails_both_the_build_and_a_test(agent: Agent) -> None:
    agent.work.file("sources/members/connection-spec.yaml", "kind: ConnectionSpec\nspec: {name: a, name: b}\n")
    assert agent.run("validate").returncode == 1
    assert JUnitXml.fromfile(str(agent.work.folder / "validate.xml")).failures >= 1


def test_a_plan_that_is_refused_fails_the_build(agent: Agent) -> None:
    agent.work.file("sources/members/connection-spec.yaml", "kind: ConnectionSpec\nspec: {name: a, name: b}\n")
    assert agent.run("plan").returncode == 1


@pytest.mark.parametrize("system", STEPS)
def test_only_apply_is_given_the_credential_that_writes(system: str) -> None:
    given = {name: step.secrets for name, step in STEPS[system].items() if step.secrets}
    assert given == {"plan": "read", "apply": "write", "drift": "read"}


def test_apply_waits_for_an_approval_and_runs_for_the_main_branch_only() -> None:
    jenkins, azure = STEPS["jenkins"]["apply"].said, STEPS["azure"]["apply"].said
    assert all(words in jenkins for words in ("beforeInput true", "branch 'main'", "input {", "submitter"))
    assert "eq(variables['Build.SourceBranch'], 'refs/heads/main')" in azure
    assert "environment: stage" in AZURE.read_text()


@pytest.mark.parametrize("system", STEPS)
def test_every_step_is_what_the_shell_can_read(system: str) -> None:
    for step in STEPS[system].values():
        ran = subprocess.run(["bash", "-n", "-c", step.script], capture_output=True, text=True, check=False)  # noqa: S603, S607
        assert (ran.returncode, ran.stderr) == (0, "")


def test_the_azure_example_is_what_the_schema_of_azure_pipelines_allows() -> None:
    ran = subprocess.run(  # noqa: S603 - a program of the development environment
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.azure-pipelines",
            "--regex-variant",
            "python",
            str(AZURE),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_the_braces_and_quotes_of_the_jenkinsfile_are_closed() -> None:
    text = re.sub(r"'''.*?'''", "", JENKINS.read_text(), flags=re.DOTALL)
    text = re.sub(r"(?<!:)//.*", "", text)
    assert (text.count("{"), text.count("(")) == (text.count("}"), text.count(")"))
    assert all(line.count("'") % 2 == 0 for line in text.splitlines())
