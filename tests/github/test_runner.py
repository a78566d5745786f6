from __future__ import annotations

from pathlib import Path

import pytest

from tests.github.bench import REPO, TIP, Bench
from tests.github.runner.expressions import InvalidExpression


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_steps_run_in_order_with_a_real_shell(bench: Bench) -> None:
    job = bench.job("      - run: echo one > file\n      - run: cat file; echo two >&2\n")
    assert (job.conclusion, job.raw_log) == ("success", "one\ntwo")
    assert [one.name for one in job.steps] == ["Run echo one > file", "Run cat file; echo two >&2"]


def test_the_log_shows_what_is_run_and_what_it_prints(bench: Bench) -> None:
    job = bench.job("      - {id: a, run: echo hello, env: {WHO: world}}\n")
    assert job.step("a").log.splitlines() == [
        "##[group]Run echo hello",
        "shell: bash -e {0}",
        "env:",
        "  WHO: world",
        "##[endgroup]",
        "hello",
    ]


@pytest.mark.parametrize(("shell", "outcome"), [("", "success"), ("shell: bash, ", "failure"), ("shell: sh, ", "success")])
def test_only_bash_that_is_asked_for_fails_on_a_pipe(bench: Bench, shell: str, outcome: str) -> None:
    assert bench.job(f"      - {{{shell}run: 'false | true'}}\n").conclusion == outcome


def test_a_failed_step_skips_those_after_it_but_for_those_that_ask(bench: Bench) -> None:
    job = bench.job("""\
      - {id: bad, run: exit 3}
      - {id: next, run: echo next}
      - {id: last, if: always(), run: "echo ${{ job.status }} ${{ steps.bad.outcome }}"}
      - {id: sorry, if: failure(), run: echo sorry}
""")
    assert [one.outcome for one in job.steps] == ["failure", "skipped", "success", "success"]
    assert (job.conclusion, job.raw_log) == ("failure", "failure failure\nsorry")
    assert [(one.level, one.message, one.step) for one in job.annotations] == [
        ("error", "Process completed with exit code 3.", "bad")
    ]


def test_a_step_may_fail_and_the_job_go_on(bench: Bench) -> None:
    job = bench.job("""\
      - {id: bad, run: exit 1, continue-on-error: true}
      - run: echo ${{ steps.bad.outcome }} ${{ steps.bad.conclusion }}
""")
    assert (job.conclusion, job.raw_log) == ("success", "failure success")


def test_variables_come_from_the_workflow_the_job_the_step_and_from_earlier_steps(bench: Bench) -> None:
    run = bench.run("""\
on: push
env: {A: workflow, B: workflow, C: workflow}
jobs:
  job:
    JOB
    env: {B: job, C: job}
    steps:
      - {run: 'echo "$A $B $C ${{ env.C }}"', env: {C: step}}
      - run: echo "A=changed" >> "$GITHUB_ENV"
      - run: echo "$A $B $C"
""")
    assert run.job("job").raw_log == "workflow job step step\nchanged job job"


def test_the_standard_variables_are_set_and_neither_secrets_nor_inputs_are(bench: Bench) -> None:
    job = bench.job(
        "      - run: env | grep -E '^(CI|GITHUB_|RUNNER_OS|MINE)' | sort; cat \"$GITHUB_EVENT_PATH\"; pwd\n",
        secrets={"MINE": "hidden"},
        api_url="http://127.0.0.1:1",
    )
    for line in (
        "CI=true",
        "GITHUB_ACTIONS=true",
        f"GITHUB_REPOSITORY={REPO}",
        f"GITHUB_SHA={TIP}",
        "GITHUB_REF=refs/heads/main",
        "GITHUB_REF_NAME=main",
        "GITHUB_EVENT_NAME=push",
        "GITHUB_RUN_ID=4242",
        "GITHUB_RUN_ATTEMPT=1",
        "GITHUB_ACTOR=jane",
        "GITHUB_API_URL=http://127.0.0.1:1",
        "GITHUB_BASE_REF=",
        "RUNNER_OS=Linux",
        f"GITHUB_WORKSPACE={bench.workspace}",
    ):
        assert line in job.raw_log.splitlines()
    assert f'"after": "{TIP}"' in job.raw_log
    assert "MINE" not in job.raw_log
    assert "GITHUB_TOKEN" not in job.raw_log


def test_outputs_of_a_step_are_lines_or_texts_between_words(bench: Bench) -> None:
    job = bench.job("""\
      - id: a
        run: |
          { echo "one=1=1<<"; echo; echo "two<<EOF"; echo line; echo "x=y"; echo EOF; } >> "$GITHUB_OUTPUT"
      - run: 'echo "${{ steps.a.outputs.one }}|${{ steps.a.outputs.two }}"'
""")
    assert job.step("a").outputs == {"one": "1=1<<", "two": "line\nx=y"}
    assert job.raw_log == "1=1<<|line\nx=y"


def test_node_options_cannot_be_set_for_later_steps(bench: Bench) -> None:
    job = bench.job('      - run: echo NODE_OPTIONS=--x >> "$GITHUB_ENV"\n')
    assert "NODE_OPTIONS" in job.annotations[0].message
    assert job.conclusion == "failure"


@pytest.mark.parametrize("line", ["nonsense", "=1", "a<<", "a<<EOF"])
def test_an_output_file_that_cannot_be_read_fails_the_step(bench: Bench, line: str) -> None:
    job = bench.job(f"      - run: echo '{line}' >> \"$GITHUB_OUTPUT\"\n")
    assert job.conclusion == "failure"
    assert "Unable to process file command 'output'" in job.annotations[0].message


def test_a_path_is_searched_first_by_later_steps(bench: Bench) -> None:
    bench.file("bin/hello", "#!/bin/sh\necho hi\n").chmod(0o755)
    job = bench.job('      - run: echo "$PWD/bin" >> "$GITHUB_PATH"\n      - run: hello\n')
    assert job.raw_log == "hi"


def test_summaries_are_kept_and_one_that_is_too_large_is_dropped_with_an_error(bench: Bench) -> None:
    job = bench.job(
        """\
      - run: echo '# one secret' >> "$GITHUB_STEP_SUMMARY"
      - {id: large, run: head -c 1048577 /dev/zero >> "$GITHUB_STEP_SUMMARY"}
      - run: echo three >> "$GITHUB_STEP_SUMMARY"
""",
        secrets={"S": "secret"},
    )
    assert (job.summary, job.conclusion) == ("# one ***\nthree\n", "success")
    assert [(one.level, one.step) for one in job.annotations] == [("error", "large")]


def test_a_step_runs_where_and_as_it_is_told(bench: Bench) -> None:
    bench.file("below/here", "")
    job = bench.job("""\
    defaults: {run: {shell: bash, working-directory: below}}
    steps:
      - run: "ls; set -o | grep pipefail | tr -d ' \\t'"
      - {run: ls -d below, working-directory: ., shell: sh}
      - {run: the script, shell: "cat {0}"}
""")
    assert job.raw_log == "here\npipefailon\nbelow\nthe script"


def test_a_step_whose_folder_is_not_there_fails(bench: Bench) -> None:
    job = bench.job("      - {run: echo, working-directory: nowhere}\n")
    assert "No such file or directory" in job.annotations[0].message


def test_workflow_commands_become_annotations(bench: Bench) -> None:
    bench.file(
        "out", "::error file=a.yaml,line=3,title=Bad%2C::no%0Agood\n  ::warning::careful\nx ##[notice]also\n::unknown::text\n"
    )
    job = bench.job("      - {id: a, run: cat out}\n")
    (error, warning, notice) = job.annotations
    assert (error.level, error.file, error.line, error.title, error.message) == ("error", "a.yaml", 3, "Bad,", "no\ngood")
    assert [(one.level, one.message) for one in (warning, notice)] == [("warning", "careful"), ("notice", "also")]
    assert job.step("a").log.endswith("##[error]no\ngood\n##[warning]careful\n##[notice]also\n::unknown::text")
    assert job.conclusion == "success"


def test_a_carriage_return_begins_a_line_too(bench: Bench) -> None:
    assert bench.job("      - run: printf 'progress\\r::error::hidden'\n").annotations[0].message == "hidden"


def test_commands_can_be_stopped_and_resumed_within_a_step(bench: Bench) -> None:
    job = bench.job("""\
      - run: printf '::stop-commands::word\\n::error::no\\n::word::\\n::error::yes\\n::stop-commands::other\\n'
      - run: echo ::error::next
""")
    assert [one.message for one in job.annotations] == ["yes", "next"]
    assert "::error::no" in job.log


def test_groups_are_shown_and_an_empty_mask_is_a_warning(bench: Bench) -> None:
    bench.file("out", "::group::x\n::endgroup::\n::add-mask::\n::debug::y\n")
    job = bench.job("      - {id: a, run: cat out}\n")
    assert job.step("a").log.splitlines()[3:5] == ["##[group]x", "##[endgroup]"]
    assert [one.level for one in job.annotations] == ["warning"]
    assert "debug" not in job.log


def test_a_command_that_github_has_disabled_fails_the_step(bench: Bench) -> None:
    job = bench.job("      - {id: a, run: 'echo ::set-env name=X::1'}\n      - run: echo next\n")
    assert (job.step("a").outcome, job.conclusion) == ("failure", "failure")


def test_an_output_can_still_be_set_by_a_command(bench: Bench) -> None:
    assert bench.job("      - {id: a, run: 'echo ::set-output name=x::1'}\n").step("a").outputs == {"x": "1"}


def test_secrets_and_masks_are_stars_in_the_log_and_annotations(bench: Bench) -> None:
    job = bench.job(
        """\
      - {run: 'echo "$S"; echo ::error::$S', env: {S: "${{ secrets.S }}"}}
      - run: echo ::add-mask::word; echo a word
      - run: echo ${{ secrets.GITHUB_TOKEN }} ${{ github.token }}
""",
        secrets={"S": "top secret"},
    )
    assert "secret" not in job.log
    assert "a ***" in job.log.splitlines()
    assert "*** ***" in job.log.splitlines()
    assert job.annotations[0].message == "***"
    assert "top secret" in job.raw_log
    assert set(job.masks) == {"top secret", "ghs_test", "word"}


@pytest.mark.parametrize(
    "step",
    [
        "{if: secrets.X != '', run: echo}",
        "{if: false, run: 'echo ${{ nobody.x }}'}",
        "{run: 'echo ${{ success() }}'}",
        "{run: 'echo ${{ github.sha'}",
    ],
)
def test_a_bad_expression_is_an_error_before_anything_runs(bench: Bench, step: str) -> None:
    with pytest.raises(InvalidExpression):
        bench.job(f"      - run: touch ran\n      - {step}\n")
    assert not (bench.workspace / "ran").exists()


def test_an_expression_that_fails_fails_its_step(bench: Bench) -> None:
    job = bench.job("      - {id: a, run: \"echo ${{ fromJSON('{') }}\"}\n")
    assert (job.step("a").outcome, job.conclusion) == ("failure", "failure")
