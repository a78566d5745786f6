"""The reusable workflows in `.github/workflows`, made from the workflows to copy: `python -m tests.workflows.reusable`.

A called workflow is read from its own commit, and its actions must be of that commit too, which no file of it can name. So each job checks
the commit out and uses the actions of that checkout. `fromJSON(toJSON(job))` stands for `job`, because actionlint does not know these
names of it. A server without them (an older GitHub Enterprise Server) gets both as inputs; with neither, the checkout fails, because no
repository has such a ref. `on` names what a caller passes; everything else is as in the workflow to copy.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from tests.workflows.waves import waves_workflow

PROJECT: Final = Path(__file__).parents[2]
TEMPLATES: Final = PROJECT / "reconciler" / "authoring" / "templates" / "github"
COPIES: Final = ("plan", "apply", "drift")
NAMES: Final = (*COPIES, "waves")
_ON: Final = """\
on:
  workflow_call:
    inputs:
      specs: { description: The folder with reconciler.yaml and the spec files, type: string, default: specs }
      tool-repository: { description: "OWNER/reconciler, for a server without job.workflow_repository", type: string }
      tool-commit: { description: "The commit of this workflow, for a server without job.workflow_sha", type: string }
    secrets:
      RECONCILER_CLIENT_ID: { description: Client id of an Adobe credential }
      RECONCILER_CLIENT_SECRET: { description: Its secret }
"""
_SPECS: Final = """\
      - name: Check out the spec files
        uses: actions/checkout@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v7.0.0
        with:
          fetch-depth: 0
          persist-credentials: false
"""
_TOOL: Final = """\
      - name: Check out reconciler
        uses: actions/checkout@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v7.0.0
        with:
          repository: ${{ inputs.tool-repository || fromJSON(toJSON(job)).workflow_repository }}
          ref: ${{ inputs.tool-commit || fromJSON(toJSON(job)).workflow_sha || 'pass-tool-repository-and-tool-commit' }}
          path: .reconciler-tool
          persist-credentials: false
"""
_INPUTS: Final = """\
          specs: ${{ inputs.specs }}
          checkout: "false"
"""
_USES: Final = re.compile(r"OWNER/reconciler/(?P<action>\S+)@COMMIT # VERSION\n")


def reusable(name: str) -> str:
    """The text of the reusable workflow, with a line that says where it comes from."""
    if name not in COPIES:
        return waves_workflow(_SPECS, _TOOL)
    lines = (TEMPLATES / f"{name}.yml").read_text().splitlines(keepends=True)
    title, rest = lines[0], "".join(lines[1:])
    jobs = rest[rest.index("permissions:") :]
    made = "".join(_job(part) for part in re.split(r"(?m)^(?=  \S)", jobs))
    said = "# Reusable; made from the workflow to copy by `make reusable`. Set-up: docs/github.md.\n"
    return f"{said}{title.partition(' #')[0]}\n{_ON}{made}"


def _job(text: str) -> str:
    """A job whose action is that of a checkout."""
    found = _USES.search(text)
    if found is None:
        return text
    reads_specs = not found["action"].endswith("/planned")
    text = text.replace("    steps:\n", "    steps:\n" + (_SPECS if reads_specs else "") + _TOOL)
    text = text.replace(found[0], f"./.reconciler-tool/{found['action']} # zizmor: ignore[self-repository] checked out above\n")
    return _with_inputs(text) if reads_specs else text


def _with_inputs(text: str) -> str:
    head, uses, rest = re.split(r"(        uses: \./.*\n|      - uses: \./.*\n)", text)
    given = re.match(r"        with:(?: \{ (?P<inputs>.*) \})?\n", rest)
    inputs = given["inputs"].split(", ") if given and given["inputs"] else []
    listed = "".join(f"          {one.replace(chr(34), '')}\n" for one in inputs)
    return f"{head}{uses}        with:\n{_INPUTS}{listed}{rest[given.end() :] if given else rest}"


def main() -> None:
    for name in NAMES:
        (PROJECT / ".github" / "workflows" / f"{name}.yml").write_text(reusable(name))


if __name__ == "__main__":
    main()
