"""A `run:` step: the script in a file, a real shell, one pipe for all its output, and the files that it leaves to the runner."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.github.runner.file_commands import FileCommandError, StepFiles
from tests.github.runner.job import Job
from tests.github.runner.log import Console
from tests.github.runner.setting import ActionFailed

_SHELLS = {
    "bash": "bash --noprofile --norc -e -o pipefail {0}",
    "sh": "sh -e {0}",
    "python": "python {0}",
}
_UNNAMED = "bash -e {0}"
_PATIENCE = 600
"""Seconds after which a script is taken for stuck, so that a test ends."""
_GITHUB = (
    "action",
    "action_path",
    "actor",
    "api_url",
    "base_ref",
    "event_name",
    "event_path",
    "graphql_url",
    "head_ref",
    "job",
    "ref",
    "ref_name",
    "ref_type",
    "repository",
    "repository_owner",
    "run_attempt",
    "run_id",
    "run_number",
    "server_url",
    "sha",
    "triggering_actor",
    "workflow",
    "workspace",
)


def run_script(
    job: Job, github: Mapping[str, Any], script: str, variables: Mapping[str, str], console: Console, **how: str
) -> None:
    """Run it in `shell` and `working_directory`, and take up what it left. Raises `ActionFailed` with the exit code."""
    job.processes += 1
    place = job.temp / "steps" / str(job.processes)
    files = StepFiles.fresh(place / "files")
    file = place / "script.sh"
    file.write_text(script.rstrip("\n") + "\n")
    shell = _SHELLS.get(how.get("shell", ""), how.get("shell")) or _UNNAMED
    folder = job.workspace / how.get("working_directory", "")
    show_start(console, script, variables, f"shell: {shell}")
    if not folder.is_dir():
        raise ActionFailed(
            f"An error occurred trying to start process in working directory '{folder}'. No such file or directory"
        )
    code = _run(
        [word.replace("{0}", str(file)) for word in shell.split()],
        folder,
        environment(job, github, variables) | files.variables(),
        console,
    )
    take_up(job, files, console)
    if code != 0:
        raise ActionFailed(f"Process completed with exit code {code}.")


def _run(words: list[str], folder: Path, environ: Mapping[str, str], console: Console) -> int:
    ran = subprocess.run(  # noqa: S603 — a step of a workflow under test
        words,
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=_PATIENCE,
    )
    console.write(ran.stdout.decode("utf-8", "replace"))
    return ran.returncode if ran.returncode >= 0 else 128 - ran.returncode


def environment(job: Job, github: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, str]:
    """What a process gets: a little of the machine, the step's variables, and over them what the runner sets.

    Neither secrets nor inputs are among them.
    """
    values = {**job.setting.host, "HOME": str(job.temp / "home"), "CI": "true", **variables}
    values["PATH"] = os.pathsep.join([*reversed(job.paths), values["PATH"]])
    values |= {f"GITHUB_{name.upper()}": str(github.get(name) or "") for name in _GITHUB}
    runner = job.contexts["runner"]
    return values | {"GITHUB_ACTIONS": "true"} | {f"RUNNER_{name.upper()}": str(value) for name, value in runner.items()}


def take_up(job: Job, files: StepFiles, console: Console) -> None:
    """What a step wrote for the runner. A file that cannot be read fails it; a summary that is too large is only left out."""
    takers = {"env": (files.environment, job.variables), "output": (files.outputs, console.outputs)}
    for name, (read, into) in takers.items():
        try:
            into.update(read())
        except FileCommandError as error:
            console.error(f"Unable to process file command '{name}' successfully. {error}")
    for path in files.paths():
        job.paths[:] = [*(one for one in job.paths if one != path), path]
    try:
        summary = files.summary()
    except FileCommandError as error:
        console.log.annotate("error", str(error), console.step)
    else:
        job.summaries += [job.log.masked(summary)] * bool(summary)


def show_start(console: Console, what: str, variables: Mapping[str, str], *details: str) -> None:
    """The head of a step's log: what is run, and with what."""
    first, *rest = what.splitlines() or [""]
    console.log.show(f"##[group]Run {first}")
    for line in [*([first, *rest] if rest else []), *details, *(["env:"] if variables else [])]:
        console.log.show(line)
    for name, value in variables.items():
        console.log.show(f"  {name}: {value}")
    console.log.show("##[endgroup]")
