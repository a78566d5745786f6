"""The command line as scripts and people meet it: exit codes, formats, saved plans, secrets, signals."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from reconciler.documents.json_text import decode
from reconciler.emulator import Fault
from tests.e2e.workplace import COMMAND, ORG, PATIENCE, Workplace
from tests.refusing import refusing

SECRET = "p8e-very-secret"


def test_a_plan_with_differences_exits_2_only_when_asked_to(work: Workplace) -> None:
    work.source("a")
    assert [work.run("plan").code, work.run("plan", "--detailed-exitcode").code] == [0, 2]


def test_every_report_begins_with_where_it_is_about(work: Workplace) -> None:
    work.source("a")
    heads = [work.run(*words).out.splitlines()[0] for words in (["plan"], ["apply", "--yes"], ["drift"], ["status"])]
    assert all(f"target stage · 127.0.0.1:{work.url.rpartition(':')[2]} · org {ORG} · sandbox dev" in head for head in heads)


def test_a_saved_plan_is_applied_while_it_is_still_the_plan(work: Workplace) -> None:
    work.source("a")
    work.run("plan", "--out", "plan.json")
    ran = work.run("apply", "plan.json", "--yes")
    assert (ran.code, len(work.live()["a"])) == (0, 1)


def test_a_saved_plan_that_is_not_the_plan_any_more_is_refused_with_what_differs(work: Workplace) -> None:
    work.source("a")
    work.run("plan", "--out", "plan.json")
    work.source("b")
    work.requests()
    ran = work.run("apply", "plan.json", "--yes")
    assert (ran.code, work.writes()) == (3, [])
    assert "'b'" in ran.out + ran.err or " b " in ran.out + ran.err


def test_a_saved_plan_that_was_edited_is_refused(work: Workplace) -> None:
    work.source("a", description="What the file says")
    work.run("plan", "--out", "plan.json")
    saved = work.folder / "plan.json"
    saved.write_text(saved.read_text().replace("What the file says", "Something harmless"))
    work.requests()
    ran = work.run("apply", "plan.json", "--yes")
    assert (ran.code, work.writes(), "was edited after it was saved" in ran.err) == (3, [], True)


def test_a_saved_plan_can_be_shown_again(work: Workplace) -> None:
    work.source("a")
    planned = work.run("plan", "--out", "plan.json").out
    shown = work.run("show", "plan.json").out
    assert [line for line in shown.splitlines() if line.startswith("+")] == [
        line for line in planned.splitlines() if line.startswith("+")
    ]


@pytest.mark.parametrize("words", [["plan"], ["apply", "--yes"], ["drift"], ["status"], ["validate"]])
def test_json_is_one_document_on_standard_output(work: Workplace, words: list[str]) -> None:
    work.source("a")
    assert isinstance(work.run(*words, "--format", "json").json, dict)


@pytest.mark.parametrize("format_", ["text", "json"])
def test_another_digest_than_the_expected_one_is_refused(work: Workplace, format_: str) -> None:
    work.source("a")
    ran = work.run("apply", "--yes", "--expect", "0" * 64, "--format", format_)
    assert (ran.code, work.live().get("a")) == (3, None)


@pytest.mark.parametrize("format_", ["text", "json"])
def test_the_expected_digest_is_applied(work: Workplace, format_: str) -> None:
    work.source("a")
    digest = work.plan()["digest"]
    assert work.run("apply", "--yes", "--expect", digest, "--format", format_).code == 0


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_safety_limit_exits_3_and_writes_nothing(work: Workplace, format_: str) -> None:
    work.source("a")
    work.requests()
    ran = work.run("apply", "--yes", "--max-creates", "0", "--format", format_)
    assert (ran.code, work.writes()) == (3, [])
    assert work.run("plan", "--max-creates", "0", "--format", format_).code == 3


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_bad_file_exits_1_and_names_its_place(work: Workplace, format_: str) -> None:
    work.source("a")
    work.file("sources/b/connection-spec.yaml", "kind: ConnectionSpec\nspecs: {}\n")
    for command in (["plan"], ["apply", "--yes"], ["validate"]):
        ran = work.run(*command, "--format", format_)
        assert ran.code == 1
        refuses = command[0] == "apply" and format_ == "text"
        assert "specs/sources/b/connection-spec.yaml" in (ran.err if refuses else ran.out)


@pytest.mark.parametrize("format_", ["text", "json"])
def test_an_apply_that_does_not_end_well_exits_4(work: Workplace, format_: str) -> None:
    work.source("a")
    work.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", status=400)])
    ran = work.run("apply", "--yes", "--format", format_)
    assert (ran.code, "failed" in ran.out) == (4, True)


def test_without_a_terminal_apply_needs_yes(work: Workplace) -> None:
    work.source("a")
    ran = work.run("apply")
    assert (ran.code, "--yes" in ran.err, work.live().get("a")) == (1, True, None)


def test_without_credentials_the_variables_are_named(work: Workplace) -> None:
    work.source("a")
    ran = work.run("plan", RECONCILER_CLIENT_ID="", RECONCILER_CLIENT_SECRET="")
    assert (ran.code, "RECONCILER_CLIENT_ID" in ran.err) == (1, True)


def test_a_wrong_sandbox_is_an_error_and_not_an_empty_place(work: Workplace) -> None:
    work.source("a")
    ran = work.run("plan", RECONCILER_STAGE_SANDBOX="nowhere")
    assert (ran.code, "sandbox" in ran.err, "create" in ran.out) == (1, True, False)


def test_a_service_that_is_not_there_is_an_error_with_a_hint(work: Workplace) -> None:
    work.source("a")
    with refusing() as here:
        ran = work.run("plan", RECONCILER_STAGE_BASE_URL=f"{here}/data/foundation/flowservice")
    assert (ran.code, ran.err.count("hint:")) == (1, 1)
    assert "Traceback" not in ran.err


def test_a_file_cannot_send_the_credentials_elsewhere(work: Workplace) -> None:
    work.settings(
        "version: 1\nrepository: a/b\ndefault_target: x\ntargets: {x: {org_id: o@AdobeOrg, sandbox: dev, base_url: 'https://evil-adobe.io/x'}}\n"
    )
    work.source("a")
    ran = work.run("plan")
    assert (ran.code, work.requests()) == (1, [])


def test_the_secret_and_the_token_are_in_nothing_that_is_printed_or_kept(work: Workplace) -> None:
    work.source("a")
    work.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, status=500)])
    runs = [work.run("-v", "plan", "--out", "plan.json"), work.run("-v", "apply", "--yes"), work.run("-v", "plan")]
    kept = "".join(file.read_text() for file in work.folder.rglob("*.json*"))
    text = "".join(ran.out + ran.err for ran in runs) + kept
    assert SECRET not in text
    assert "Bearer" not in text


def test_verbose_logs_method_path_status_time_and_request_id(work: Workplace) -> None:
    work.source("a")
    lines = [line for line in work.run("-v", "plan").err.splitlines() if "/connectionSpecs" in line]
    assert len(lines) == 1
    assert "GET" in lines[0]
    assert "200" in lines[0]


def test_the_same_input_gives_the_same_bytes(work: Workplace) -> None:
    for key in ("b", "a", "c"):
        work.source(key)
    assert work.run("plan").out == work.run("plan").out


def test_hostile_names_are_harmless_in_a_log(work: Workplace) -> None:
    work.source("a", name="::error::x\n::warning::y\x1b[31m", description="##[error]z \u202e")
    out = work.run("plan").out
    assert not any(line.lstrip().startswith("::") for line in out.splitlines())
    assert not any(character in out for character in ("\x1b", "\u202e", "##[error]"))


def test_the_emulator_serves_over_http_and_stops_when_asked(tmp_path: Path, work: Workplace) -> None:
    with subprocess.Popen(  # noqa: S603 - the command under test
        [COMMAND, "emulator", "--port", "0", "--db", str(tmp_path / "flow.db")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=work.env,
    ) as server:
        assert server.stdout is not None
        url = (
            next(word for word in server.stdout.readline().split() if word.startswith("http://"))
            .partition("/data")[0]
            .rstrip("/")
        )
        work.source("a")
        where = {
            "RECONCILER_STAGE_BASE_URL": f"{url}/data/foundation/flowservice",
            "RECONCILER_STAGE_TOKEN_URL": f"{url}/ims/token/v3",
        }
        ran = work.run("plan", **where)
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=PATIENCE)
    assert (ran.code, server.returncode) == (0, 143)


def test_a_stop_finishes_what_is_in_flight_and_reports(work: Workplace) -> None:
    for number in range(4):
        work.source(f"s{number}")
    work.settings((work.folder / "specs/reconciler.yaml").read_text().replace("network: {", "network: {concurrency: 1, "))
    reached: list[float] = []

    def hold(seconds: float) -> None:
        """Keep the second POST waiting until the command has said that it is stopping."""
        reached.append(seconds)
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        while "stopping" not in process.stderr.readline():
            pass

    service = work.emulator.service
    object.__setattr__(service, "sleep", hold)
    service.faults.set([Fault(path="/connectionSpecs", method="POST", after=1, times=1, wait=1.0)])
    report = work.folder / "report.json"
    with (
        report.open("wb") as out,
        subprocess.Popen(  # noqa: S603 - the command under test
            [COMMAND, "apply", "--yes", "--format", "json"],
            cwd=work.folder,
            stdout=out,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env=work.env,
        ) as process,
    ):
        process.wait(timeout=PATIENCE)
    results = {result["key"]: result["outcome"] for result in decode(report.read_bytes())["results"] if result["key"]}
    assert (process.returncode, reached) == (143, [1.0])
    assert results == {"s0": "created", "s1": "created", "s2": "skipped", "s3": "skipped"}
    assert work.run("apply", "--yes").code == 0
    assert all(len(found) == 1 for name, found in work.live().items() if name.startswith("s") and name[1:].isdigit())
