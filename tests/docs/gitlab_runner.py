"""The GitLab example, run as GitLab runs it as far as the example goes: rules, `extends`, variables, scripts, artifacts.

Sources: GitLab docs, "CI/CD YAML syntax reference" (`rules:if`, `extends`, `artifacts`) and "Predefined CI/CD variables reference".
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from tests.e2e.workplace import PATIENCE, Workplace
from tests.gitlab.fake_api import PROJECT, TOKEN, FakeGitLab

EXAMPLE: Final = Path(__file__).parents[2] / "docs" / "gitlab-ci.yml"
READER, WRITER = "plan-client", "apply-client"
_SECTIONS: Final = frozenset({"workflow", "stages", "variables", "default"})
_TERM: Final = re.compile(r"\$(?P<name>\w+)(?: (?P<operator>==|!=) (?:\"(?P<text>[^\"]*)\"|\$(?P<other>\w+)|null))?")


@dataclass(frozen=True)
class Example:
    """The example, as it is written."""

    document: dict[str, Any]

    def jobs(self, predefined: Mapping[str, str]) -> dict[str, str]:
        """The jobs of the pipeline that these variables make, each with its `when`; empty where no pipeline is made."""
        if _first(self.document["workflow"]["rules"], predefined) is None:
            return {}
        names = [name for name in self.document if name not in _SECTIONS and not name.startswith(".")]
        found = {name: _first(self.job(name)["rules"], predefined) for name in names}
        return {name: str(rule.get("when", "on_success")) for name, rule in found.items() if rule is not None}

    def job(self, name: str) -> dict[str, Any]:
        """A job with what it extends."""
        written: dict[str, Any] = self.document[name]
        base = self.job(written["extends"]) if "extends" in written else {}
        return _merged(base, {key: value for key, value in written.items() if key != "extends"})


def example() -> Example:
    return Example(YAML(typ="safe", pure=True).load(EXAMPLE.read_text()))


@dataclass(frozen=True)
class JobRun:
    """How one job ended: its exit code, and what its log says."""

    code: int
    log: str


@dataclass
class Runner:
    """Runs jobs of one project. `work` is the checkout of its members; what jobs leave is kept below `root`."""

    root: Path
    work: Workplace
    gitlab: FakeGitLab
    api_url: str
    example: Example = field(default_factory=example)

    def run(self, name: str, predefined: Mapping[str, str], commit: str) -> JobRun:
        """Run a job's script in a fresh checkout of this commit, with the artifacts of the jobs that it needs."""
        job = self.example.job(name)
        folder = self._checkout(name, commit)
        for needed in job.get("needs", ()):
            if isinstance(needed, str) or needed.get("artifacts", True):
                shutil.copytree(self.artifacts(needed if isinstance(needed, str) else needed["job"]), folder, dirs_exist_ok=True)
        ran = subprocess.run(  # noqa: S603 - the script under test
            ["bash", "-eo", "pipefail", "-c", "\n".join(job["script"])],  # noqa: S607
            cwd=folder,
            env=self._environ(job, predefined) | self._of_this_job(name, folder, commit),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        self._keep(name, job, folder)
        self._record(name, predefined, commit, ran.returncode)
        return JobRun(ran.returncode, ran.stdout + ran.stderr)

    def artifacts(self, name: str) -> Path:
        """The folder with what the last run of this job left."""
        return self.root / "artifacts" / name

    def _of_this_job(self, name: str, folder: Path, commit: str) -> dict[str, str]:
        """What GitLab itself sets, and the token that docs/gitlab.md says to create."""
        return {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": self.api_url,
            "CI_PROJECT_ID": str(PROJECT),
            "CI_PROJECT_DIR": str(folder),
            "CI_PROJECT_URL": "https://gitlab.example/acme/aep-sources",
            "CI_COMMIT_SHA": commit,
            "CI_JOB_ID": "1",
            "CI_JOB_NAME": name,
            "CI_JOB_URL": "https://gitlab.example/acme/aep-sources/-/jobs/1",
            "RECONCILER_GITLAB_TOKEN": TOKEN,
        }

    def _record(self, name: str, predefined: Mapping[str, str], commit: str, code: int) -> None:
        """The job as GitLab lists it afterwards, with its artifacts."""
        iid = predefined.get("CI_MERGE_REQUEST_IID")
        pipeline = self.gitlab.pipeline(commit, f"refs/merge-requests/{iid}/head" if iid else "main")
        reports = {path.stem: path.read_bytes() for path in self.artifacts(name).glob("*.json")}
        self.gitlab.job(pipeline, name, datetime.now(UTC).isoformat(), "failed" if code else "success", **reports)

    def _checkout(self, name: str, commit: str) -> Path:
        folder = self.root / "builds" / name
        shutil.rmtree(folder, ignore_errors=True)
        self.work.git("clone", "-q", str(self.work.folder), str(folder))
        self.work.git("-C", str(folder), "checkout", "-q", "--detach", commit)
        return folder

    def _environ(self, job: Mapping[str, Any], predefined: Mapping[str, str]) -> dict[str, str]:
        """Variables of the project as docs/gitlab.md says to set them: those scoped to an environment are for its jobs alone."""
        client = WRITER if "environment" in job else READER
        environ = {**self.work.env, "RECONCILER_CLIENT_ID": client, "CI": "true", **predefined}
        environ |= {
            name: str(value) for part in (self.example.document, job) for name, value in part.get("variables", {}).items()
        }
        return environ | {"PATH": f"{Path(sys.executable).parent}:{environ['PATH']}"}

    def _keep(self, name: str, job: Mapping[str, Any], folder: Path) -> None:
        kept = self.artifacts(name)
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        written = job.get("artifacts", {})
        for path in (*written.get("paths", ()), *written.get("reports", {}).values()):
            source = folder / path
            if source.is_dir():
                shutil.copytree(source, kept / path)
            elif source.exists():
                shutil.copy(source, kept / path)


def _first(rules: list[dict[str, Any]], predefined: Mapping[str, str]) -> dict[str, Any] | None:
    """The first rule that holds."""
    return next((rule for rule in rules if _holds(rule["if"], predefined)), None)


def _holds(condition: str, predefined: Mapping[str, str]) -> bool:
    return all(_term(term, predefined) for term in condition.split(" && "))


def _term(term: str, predefined: Mapping[str, str]) -> bool:
    found = _TERM.fullmatch(term)
    assert found is not None, f"the example says something that this runner does not know: {term}"
    if found["operator"] is None:
        return bool(predefined.get(found["name"]))
    right = found["text"] if found["other"] is None else predefined.get(found["other"])  # `null` is neither: None
    return (predefined.get(found["name"]) == right) is (found["operator"] == "==")


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """As `extends` merges: mappings by their keys, and nothing else."""
    both = {key: _merged(base[key], own[key]) for key in base.keys() & own.keys() if isinstance(own[key], dict)}
    return {**base, **own, **both}
