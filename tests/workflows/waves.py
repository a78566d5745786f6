"""The reusable workflow `waves.yml`: four waves that are alike, each listed before it is applied."""

from __future__ import annotations

from typing import Final

from reconciler.reports.jobs import MOST_WAVES

_HEAD: Final = """\
# Reusable; made by `make reusable`. Called by promote.yml: docs/github.md.
name: waves
on:
  workflow_call:
    inputs:
      targets: { description: "Names of targets, separated by spaces; empty for all", type: string, default: "" }
      digest: { description: The digest of the plan of the one target; empty for what was reviewed, type: string, default: "" }
      keys: { description: "Keys of specs, separated by spaces; empty for all specs", type: string, default: "" }
      flags: { description: "Flags for this run, such as --prune or --max-creates N", type: string, default: "" }
      skip-gates: { description: "Gates to pass over, such as soak or soak=KEY", type: string, default: "" }
      reason: { description: Why skip-gates is right, type: string, default: "" }
      specs: { description: The folder with reconciler.yaml and the spec files, type: string, default: specs }
      tool-repository: { description: "OWNER/reconciler, for a server without job.workflow_repository", type: string }
      tool-commit: { description: "The commit of this workflow, for a server without job.workflow_sha", type: string }
    secrets:
      RECONCILER_CLIENT_ID: { description: Client id of an Adobe credential }
      RECONCILER_CLIENT_SECRET: { description: Its secret }
permissions: {}
jobs:
"""
_WAVE: Final = """\
  list-{n}:
{needs}    runs-on: ubuntu-24.04
    timeout-minutes: 60
    permissions: {{ contents: read }}
    outputs: {{ jobs: "${{{{ steps.list.outputs.jobs }}}}" }}
    steps:
{checkouts}      - id: list
        uses: ./.reconciler-tool/.github/actions/wave # zizmor: ignore[self-repository] checked out above
        with:
          specs: ${{{{ inputs.specs }}}}
          checkout: "false"
          wave: "{n}"
          targets: ${{{{ inputs.targets }}}}
          digest: ${{{{ inputs.digest }}}}
          keys: ${{{{ inputs.keys }}}}
          flags: ${{{{ inputs.flags }}}}
          skip-gates: ${{{{ inputs.skip-gates }}}}
          reason: ${{{{ inputs.reason }}}}
          client-id: ${{{{ secrets.RECONCILER_CLIENT_ID }}}}
          client-secret: ${{{{ secrets.RECONCILER_CLIENT_SECRET }}}}
  wave-{n}:
    name: apply ${{{{ matrix.environment }}}}
    needs: list-{n}
    if: contains(needs.list-{n}.outputs.jobs, '{{') && !cancelled()
    runs-on: ubuntu-24.04
    timeout-minutes: 120
    environment: ${{{{ matrix.environment }}}}
    concurrency: reconciler-apply-${{{{ matrix.org_id }}}}
    permissions: {{ contents: read, pull-requests: write, checks: write }}
    # one after the other: of jobs that wait for the same organization, GitHub keeps only the last
    strategy: {{ max-parallel: 1, matrix: {{ include: "${{{{ fromJSON(needs.list-{n}.outputs.jobs) }}}}" }} }}
    steps:
{checkouts}      - uses: ./.reconciler-tool/.github/actions/apply # zizmor: ignore[self-repository] checked out above
        with:
          specs: ${{{{ inputs.specs }}}}
          checkout: "false"
          target: ${{{{ matrix.target }}}}
          arguments: ${{{{ matrix.arguments }}}}
          job: ${{{{ matrix.job }}}}
          digest: ${{{{ inputs.digest }}}}
          keys: ${{{{ inputs.keys }}}}
          flags: ${{{{ inputs.flags }}}}
          skip-gates: ${{{{ inputs.skip-gates }}}}
          reason: ${{{{ inputs.reason }}}}
          client-id: ${{{{ secrets.RECONCILER_CLIENT_ID }}}}
          client-secret: ${{{{ secrets.RECONCILER_CLIENT_SECRET }}}}
"""
_AFTER: Final = """\
    needs: [list-{before}, wave-{before}]
    # after a wave without anything to apply, too; not after one that failed
    if: >-
      ${{{{ !cancelled() && needs.list-{before}.result == 'success' &&
      (needs.wave-{before}.result == 'success' || needs.wave-{before}.result == 'skipped') }}}}
"""
_END: Final = """\
  waved: # red if a wave was skipped that had something to apply
    needs: [{all}]
    if: always()
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps:
{tool}      - uses: ./.reconciler-tool/.github/actions/waved # zizmor: ignore[self-repository] checked out above
        with: {{ needs: "${{{{ toJSON(needs) }}}}" }}
"""


def waves_workflow(specs: str, tool: str) -> str:
    """The text of the workflow, with the steps that check out the spec files and the tool."""
    numbers = range(1, MOST_WAVES + 1)
    waves = (
        _WAVE.format(n=number, checkouts=specs + tool, needs=_AFTER.format(before=number - 1) if number > 1 else "")
        for number in numbers
    )
    names = ", ".join(f"list-{number}, wave-{number}" for number in numbers)
    return _HEAD + "".join(waves) + _END.format(all=names, tool=tool)
