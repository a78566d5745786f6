from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.github.bench import HEAD, MERGE, PULL, REPO, TIP, Bench
from tests.github.runner.documents import WorkflowError
from tests.github.runner.events import Pull, pull_request, schedule, workflow_dispatch
from tests.github.runner.setting import Environment


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


MATRIX = """\
on: push
concurrency: "deploy-${{ github.ref_name }}"
permissions: {contents: read}
jobs:
  find:
    JOB
    outputs: {targets: "${{ steps.a.outputs.targets }}"}
    steps:
      - {id: a, run: 'echo "targets=[{\\"target\\":\\"stage\\",\\"n\\":1},{\\"target\\":\\"prod\\",\\"n\\":2}]" >> "$GITHUB_OUTPUT"'}
  apply:
    JOB
    needs: find
    strategy:
      fail-fast: false
      matrix: {include: "${{ fromJSON(needs.find.outputs.targets) }}"}
    permissions: {contents: read, pull-requests: write}
    environment: {name: "${{ matrix.target }}", url: "https://${{ steps.a.outputs.host }}"}
    concurrency: {group: "apply-${{ matrix.target }}", cancel-in-progress: false}
    steps:
      - {id: a, run: 'echo "host=${{ matrix.target }}.example" >> "$GITHUB_OUTPUT"; exit ${{ strategy.job-index == 0 && 1 || 0 }}'}
  report:
    JOB
    needs: apply
    if: always()
    steps: [{run: "echo ${{ needs.apply.result }}"}]
  after:
    JOB
    needs: report
    steps: [{run: echo never}]
"""


def test_jobs_follow_those_that_they_need_and_a_matrix_can_be_found_out(bench: Bench) -> None:
    run = bench.run(MATRIX)
    stage, prod = run.jobs["apply"]
    assert [one.conclusion for one in (stage, prod)] == ["failure", "success"]
    assert (stage.name, stage.matrix) == ("apply (stage, 1)", {"target": "stage", "n": 1})
    assert run.job("report").raw_log == "failure"
    assert (run.job("after").conclusion, run.conclusion) == ("skipped", "failure")


def test_permissions_environment_and_concurrency_are_told(bench: Bench) -> None:
    run = bench.run(MATRIX)
    assert run.concurrency == "deploy-main"
    assert run.job("find").permissions == {"contents": "read", "metadata": "read"}
    prod = run.jobs["apply"][1]
    assert prod.permissions == {"contents": "read", "pull-requests": "write", "metadata": "read"}
    assert prod.environment == {"name": "prod", "url": "https://prod.example"}
    assert prod.concurrency == {"group": "apply-prod", "cancel-in-progress": False}


def test_the_rest_of_a_matrix_is_cancelled_after_a_failure(bench: Bench) -> None:
    run = bench.run("""\
on: push
jobs:
  job:
    JOB
    strategy: {matrix: {a: [1, 2], b: [x], exclude: [{a: 3}], include: [{a: 2, c: z}, {a: 9}]}}
    steps: [{run: "exit ${{ matrix.a == 2 && 1 || 0 }}"}]
""")
    assert [(one.matrix, one.conclusion) for one in run.jobs["job"]] == [
        ({"a": 1, "b": "x"}, "success"),
        ({"a": 2, "b": "x", "c": "z"}, "failure"),
        ({"a": 9}, "cancelled"),
    ]


@pytest.mark.parametrize("matrix", ["{include: \"${{ fromJSON('[]') }}\"}", "{a: []}", "{include: all}"])
def test_a_matrix_with_nothing_in_it_is_an_error(bench: Bench, matrix: str) -> None:
    with pytest.raises(WorkflowError, match=r"at least one|any values|must be a list"):
        bench.job(f"    strategy: {{matrix: {matrix}}}\n    steps: [{{run: echo}}]\n")


def test_a_job_is_named_by_its_name(bench: Bench) -> None:
    job = bench.job("    name: on ${{ matrix.a }}\n    strategy: {matrix: {a: [x]}}\n    steps: [{run: echo}]\n")
    assert job.name == "on x"


def test_a_jobs_condition_asks_for_success_of_all_that_came_before(bench: Bench) -> None:
    run = bench.run("""\
on: push
jobs:
  a: {JOB, if: github.ref_name == 'other', steps: [{run: echo}]}
  b: {JOB, needs: a, if: "!failure()", steps: [{run: echo}]}
  c: {JOB, needs: [b], steps: [{run: echo}]}
""")
    assert [run.job(name).conclusion for name in "abc"] == ["skipped", "success", "skipped"]


def test_a_job_can_be_given_instead_of_run(bench: Bench) -> None:
    run = bench.run(MATRIX, given={"find": {"result": "success", "outputs": {"targets": '[{"target": "dev"}]'}}})
    assert "find" not in run.jobs
    assert run.jobs["apply"][0].matrix == {"target": "dev"}


def test_an_output_of_a_job_that_may_hold_a_secret_is_left_out(bench: Bench) -> None:
    job = bench.job(
        "    outputs: {a: 'the password', b: fine}\n    steps: [{run: echo}]\n",
        secrets={"S": "password"},
    )
    assert job.outputs == {"b": "fine"}
    assert job.annotations[0].message == "Skip output 'a' since it may contain secret."


def test_an_environment_has_its_own_secrets_and_variables(bench: Bench) -> None:
    job = bench.job(
        "    environment: prod\n    steps: [{run: 'echo ${{ secrets.S }} ${{ vars.V }} ${{ vars.W }}[${{ secrets.NONE }}]'}]\n",
        secrets={"S": "of-repository"},
        variables={"V": "v", "W": "w"},
        environments={"prod": Environment({"S": "of-prod"}, {"W": "w-prod"})},
    )
    assert job.raw_log == "of-prod v w-prod[]"


def test_the_token_follows_the_permissions_of_the_job(bench: Bench) -> None:
    asked: list[Mapping[str, str]] = []

    def token(permissions: Mapping[str, str]) -> str:
        asked.append(permissions)
        return "ghs_made"

    job = bench.job("    permissions: {checks: write}\n    steps: [{run: 'echo ${{ github.token }}'}]\n", token=token)
    assert (job.raw_log, asked) == ("ghs_made", [{"checks": "write", "metadata": "read"}])


def test_all_permissions_can_be_asked_for_at_once_and_few_are_given_unasked(bench: Bench) -> None:
    assert bench.job("    permissions: read-all\n    steps: [{run: echo}]\n").permissions["issues"] == "read"
    given = bench.job("      - run: echo\n", temp=bench.folder / "again").permissions
    assert given == {"contents": "read", "packages": "read", "metadata": "read"}


def test_a_pull_request_from_a_fork_has_no_secrets_and_cannot_write(bench: Bench) -> None:
    text = """\
    permissions: {pull-requests: write, id-token: write}
    steps: [{run: 'echo "[${{ secrets.S }}${{ vars.V }}] $GITHUB_HEAD_REF $GITHUB_REF"'}]
"""
    fork = Pull(REPO, 7, HEAD, TIP, MERGE, head_repository="stranger/aep-sources")
    known = {"secrets": {"S": "s"}, "variables": {"V": "v"}}
    job = bench.job(text, pull_request(fork), **known)
    assert job.raw_log == "[] change refs/pull/7/merge"
    assert job.permissions == {"pull-requests": "read", "metadata": "read"}
    own = bench.job(text, pull_request(PULL), **{**known, "temp": bench.folder / "again"})
    assert own.raw_log.startswith("[sv]")


def test_a_pull_request_is_known_by_its_commits(bench: Bench) -> None:
    step = "      - run: echo ${{ github.sha }} ${{ github.event.pull_request.head.sha }} ${{ github.base_ref }}\n"
    assert bench.job(step, pull_request(PULL)).raw_log == f"{MERGE} {HEAD} main"


def test_a_merged_pull_request_runs_on_its_base(bench: Bench) -> None:
    merged = pull_request(replace(PULL, merged=True), "closed")
    job = bench.job("      - run: echo ${{ github.ref }} ${{ github.event.pull_request.merged }}\n", merged)
    assert job.raw_log == "refs/heads/main true"


DISPATCH = """\
on:
  workflow_dispatch:
    inputs:
      target: {type: choice, options: [stage, prod], default: stage}
      prune: {type: boolean, default: false}
      most: {type: number, required: true}
jobs:
  job: {JOB, steps: [{run: "echo ${{ inputs.target }} ${{ inputs.prune == true }} ${{ inputs.most > 3 }} ${{ github.event.inputs.most }}"}]}
"""


def test_inputs_of_a_run_by_hand_are_of_their_types(bench: Bench) -> None:
    sent = workflow_dispatch(REPO, TIP, {"prune": "true", "most": "10"})
    assert bench.run(DISPATCH, sent).job("job").raw_log == "stage true true 10"


@pytest.mark.parametrize("inputs", [{}, {"most": "1", "target": "moon"}, {"most": "1", "more": "1"}])
def test_inputs_that_github_would_not_take_are_an_error(bench: Bench, inputs: dict[str, str]) -> None:
    with pytest.raises(WorkflowError):
        bench.run(DISPATCH, workflow_dispatch(REPO, TIP, inputs))


@pytest.mark.parametrize(
    "body",
    [
        "    contaner: x\n    steps: [{run: echo}]\n",
        "    services: {}\n    steps: [{run: echo}]\n",
        "    permissions: {content: read}\n    steps: [{run: echo}]\n",
        "    permissions: all\n    steps: [{run: echo}]\n",
        "    needs: nobody\n    steps: [{run: echo}]\n",
        "    steps: [{runs: echo}]\n",
        "    steps: [{run: echo, uses: ./act}]\n",
        "    steps: [{id: a, run: echo}, {id: A, run: echo}]\n",
    ],
)
def test_a_workflow_that_is_not_understood_is_an_error(bench: Bench, body: str) -> None:
    with pytest.raises(WorkflowError):
        bench.job(body)


@pytest.mark.parametrize("text", ["- a list", "on: push\njobs: {job: {runs-on: x}}"])
def test_a_file_that_is_no_workflow_is_an_error(bench: Bench, text: str) -> None:
    with pytest.raises(WorkflowError):
        bench.run(text)


def test_each_job_can_have_a_workspace_of_its_own(bench: Bench) -> None:
    def workspace(job: str, number: int) -> Path:
        folder = bench.folder / f"{job}{number}"
        folder.mkdir()
        return folder

    job = bench.job("      - run: ls; pwd\n", schedule(REPO, TIP), workspace=workspace)
    assert job.raw_log == str(bench.folder / "job0")
