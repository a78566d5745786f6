from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.github.bench import TIP, Bench
from tests.github.runner.documents import WorkflowError
from tests.github.runner.expressions import InvalidExpression
from tests.github.runner.setting import ActionCall, ActionFailed


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_an_action_of_others_is_done_by_a_handler(bench: Bench) -> None:
    seen: list[tuple[Mapping[str, str], str, str]] = []

    def checkout(given: Mapping[str, str], call: ActionCall) -> Mapping[str, str]:
        seen.append((given, call.uses, call.environment["X"]))
        (call.workspace / "README").write_text("hello")
        call.set_variable("Y", "variable")
        call.print("::notice::checked out")
        return {"commit": call.github["sha"]}

    job = bench.job(
        """\
      - {id: a, uses: actions/checkout@v4, with: {fetch-depth: 0, ref: "${{ github.ref }}"}, env: {X: step}}
      - run: 'cat README; echo " $Y ${{ steps.a.outputs.commit }}"'
""",
        handlers={"actions/checkout": checkout},
    )
    assert seen == [({"fetch-depth": "0", "ref": "refs/heads/main"}, "actions/checkout@v4", "step")]
    assert job.raw_log == f"::notice::checked out\nhello variable {TIP}"


def test_a_handler_may_fail(bench: Bench) -> None:
    def upload(_given: Mapping[str, str], _call: ActionCall) -> None:
        raise ActionFailed("No files were found")

    job = bench.job("      - {id: a, uses: actions/upload-artifact@v4}\n", handlers={"actions/upload-artifact": upload})
    assert (job.conclusion, job.annotations[0].message) == ("failure", "No files were found")


@pytest.mark.parametrize("uses", ["actions/cache@v4", "actions/checkout", "checkout@v4"])
def test_an_action_for_which_nobody_stands_in_is_an_error(bench: Bench, uses: str) -> None:
    with pytest.raises(WorkflowError):
        bench.job(f"      - uses: {uses}\n", handlers={"actions/checkout": lambda _given, _call: None})


COMPOSITE = """\
inputs:
  who: {description: whom, required: true}
  how: {description: how, default: "from ${{ github.actor }}"}
outputs:
  said: {description: what, value: "${{ steps.say.outputs.said }}!"}
runs:
  using: composite
  steps:
    - id: say
      shell: bash
      env: {WHO: "${{ inputs.who }}"}
      run: |
        echo "said=hello $WHO ${{ inputs.how }}" >> "$GITHUB_OUTPUT"
        echo "${INPUT_WHO:-no input} ${SECRET:-no secret} $OUTER ${GITHUB_ACTION_PATH##*/} ${{ github.action_path }}"
"""


def test_a_composite_action_has_inputs_outputs_and_its_path(bench: Bench) -> None:
    bench.action(COMPOSITE)
    job = bench.job(
        """\
      - {id: act, uses: ./act, with: {who: world}, env: {OUTER: outer}}
      - run: echo "${{ steps.act.outputs.said }} ${{ steps.say.outputs.said }}"
""",
        secrets={"SECRET": "x-secret"},
    )
    assert job.raw_log == f"no input no secret outer act {bench.workspace / 'act'}\nhello world from jane! "
    (inner,) = job.step("act").steps
    assert (inner.id, inner.outcome) == ("say", "success")


def test_an_input_that_the_action_does_not_have_is_a_warning(bench: Bench) -> None:
    bench.action(COMPOSITE)
    job = bench.job("      - {uses: ./act, with: {WHO: x, whom: y}}\n")
    assert job.annotations[0].message == "Unexpected input(s) 'whom', valid inputs are ['who', 'how']"
    assert job.conclusion == "success"


def test_an_input_that_is_required_and_not_given_is_an_error(bench: Bench) -> None:
    bench.action(COMPOSITE)
    with pytest.raises(WorkflowError, match="required input who"):
        bench.job("      - uses: ./act\n")


@pytest.mark.parametrize("context", ["secrets", "vars", "needs"])
def test_a_composite_action_does_not_know_what_belongs_to_the_workflow(bench: Bench, context: str) -> None:
    bench.action(f"runs: {{using: composite, steps: [{{run: 'echo ${{{{ {context}.X }}}}', shell: bash}}]}}\n")
    with pytest.raises(InvalidExpression, match=context):
        bench.job("      - uses: ./act\n")


def test_a_composite_action_needs_a_shell(bench: Bench) -> None:
    bench.action("runs: {using: composite, steps: [{run: echo}]}\n")
    with pytest.raises(WorkflowError, match="shell"):
        bench.job("      - uses: ./act\n")


def test_a_failure_in_a_composite_action_skips_what_follows_it_there_and_fails_the_step(bench: Bench) -> None:
    bench.action("""\
outputs: {seen: {description: x, value: "${{ steps.b.outputs.seen }}"}}
runs:
  using: composite
  steps:
    - {id: a, run: exit 1, shell: bash}
    - {id: c, run: echo never, shell: bash}
    - {id: b, if: always(), run: 'echo "seen=${{ steps.a.outcome }}" >> "$GITHUB_OUTPUT"', shell: bash}
""")
    job = bench.job("      - {id: act, uses: ./act}\n      - {if: always(), run: 'echo ${{ steps.act.outputs.seen }}'}\n")
    assert [one.outcome for one in job.step("act").steps] == ["failure", "skipped", "success"]
    assert (job.step("act").outcome, job.raw_log) == ("failure", "failure")


def test_a_composite_action_after_a_failure_begins_as_if_nothing_had_failed(bench: Bench) -> None:
    bench.action("runs: {using: composite, steps: [{run: echo inside, shell: bash}]}\n")
    assert bench.job("      - run: exit 1\n      - {if: always(), uses: ./act}\n").raw_log == "inside"


def test_actions_may_use_actions_and_a_local_one_can_be_stood_in_for(bench: Bench) -> None:
    bench.action(
        "runs: {using: composite, steps: [{uses: ./inner, with: {x: '1'}}, {uses: ./setup}, {run: tool, shell: bash}]}\n"
    )
    inputs = "inputs: {x: {description: x}}\n"
    bench.action(inputs + "runs: {using: composite, steps: [{run: 'echo x is ${{ inputs.x }}', shell: bash}]}\n", "inner")
    bench.file("bin/tool", "#!/bin/sh\necho tool\n").chmod(0o755)
    job = bench.job("      - uses: ./act\n", handlers={"./setup": lambda _given, call: call.add_path(call.workspace / "bin")})
    assert job.raw_log == "x is 1\ntool"


def test_actions_that_use_one_another_without_end_fail(bench: Bench) -> None:
    bench.action("runs: {using: composite, steps: [{uses: ./act}]}\n")
    job = bench.job("      - uses: ./act\n")
    assert [one.message for one in job.annotations] == ["Composite action depth exceeded max depth 10"]
    assert job.conclusion == "failure"


def test_only_composite_actions_can_be_run(bench: Bench) -> None:
    bench.action("runs: {using: node20, main: index.js}\n")
    with pytest.raises(WorkflowError, match="composite"):
        bench.job("      - uses: ./act\n")


def test_a_local_action_that_is_not_there_yet_fails_the_step(bench: Bench) -> None:
    job = bench.job("      - uses: ./nowhere\n")
    assert job.conclusion == "failure"
    assert "Did you forget to run actions/checkout" in job.annotations[0].message
