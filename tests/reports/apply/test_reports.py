from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.applying.outcome import ApplyReport, Failure, OutcomeName, Result
from reconciler.documents.json_text import decode
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, Problem, Refused, Severity, SpecFileError
from reconciler.journal.writing import SentWrite
from reconciler.planning.gate import GateName, Wait
from reconciler.planning.gating.held import Held
from reconciler.planning.plan import ActionName
from reconciler.reports.apply.json import render_apply_json, render_refusal_json
from reconciler.reports.apply.markdown import render_apply_markdown
from reconciler.reports.apply.text import render_apply_text
from reconciler.reports.apply.view import apply_view_of
from reconciler.reports.plan.view import view_of
from tests.reports.plans import DIGEST, MAILCHIMP, REST, TARGET, plan

HEADER = "target stage · platform-stage.adobe.io · org 123@AdobeOrg · sandbox dev\n"
CREATED = Result(
    Kind.CONNECTION_SPEC, "orders", "Orders", MAILCHIMP, OutcomeName.CREATED, (SentWrite("POST", "/connectionSpecs", 201, "r1"),)
)
IN_SYNC = Result(Kind.CONNECTION_SPEC, "members", "Members", MAILCHIMP, OutcomeName.IN_SYNC)
FAILED = Result(
    Kind.FLOW_SPEC,
    None,
    "RestStorageToAEP",
    REST,
    OutcomeName.FAILED,
    (SentWrite("PUT", f"/flowSpecs/{REST}", 400, "r2"), SentWrite("PUT", f"/flowSpecs/{REST}", None, None)),
    Failure(
        "service",
        "not entitled\n::error::",
        "ask for the role",
        400,
        "1100-400",
        "r2",
        ("/name",),
        ("ignore: [/name]",),
        {"a": 1},
    ),
    (Problem(Severity.WARNING, "foreign-id-gone", "an id of somebody else's is gone"),),
)
WARNING = Problem(Severity.WARNING, "not-kept", "lost")


def report(*results: Result, signal: ExitCode | None = None, journal: str | None = "j.jsonl") -> ApplyReport:
    return ApplyReport(TARGET, DIGEST, results, (WARNING,), journal, signal)


def test_an_apply_that_converged_reads_at_a_glance() -> None:
    assert render_apply_text(report(CREATED, IN_SYNC)) == (
        HEADER
        + f"""\
1 created, 1 in sync

created        connection spec orders "Orders"  {MAILCHIMP}

warning: lost [not-kept]

journal j.jsonl
converged: live matches the repository
"""
    )


def test_specs_that_were_in_sync_are_listed_when_verbose() -> None:
    assert 'in sync        connection spec members "Members"' in render_apply_text(report(IN_SYNC), verbose=True)


def test_a_request_that_the_message_names_is_not_told_again() -> None:
    assert FAILED.error is not None
    named = replace(FAILED, error=replace(FAILED.error, message="PUT /flowSpecs/1 returned 400 1100-400 (request id r2)"))
    assert render_apply_text(report(named)).count("r2") == 1
    assert render_apply_markdown(apply_view_of(report(named))).count("r2") == 1
    assert f"PUT /flowSpecs/{REST}: no response" in render_apply_text(report(named))


def test_a_failure_has_the_servers_words_its_request_and_what_to_do() -> None:
    text = render_apply_text(report(FAILED))
    assert (
        f"""\
failed         flow spec "RestStorageToAEP"  {REST}
    not entitled\\n::error:: [service]
    status 400, code 1100-400, request id r2
    live still differs at:
      /name
    to accept the difference, add to the file:
      ignore: [/name]
    hint: ask for the role
    to preview restoring the previous body: reconciler --target stage restore j.jsonl --id {REST} --dry-run
    PUT /flowSpecs/{REST}: 400, request id r2
    PUT /flowSpecs/{REST}: no response
warning: an id of somebody else's is gone [foreign-id-gone]
"""
        in text
    )
    assert text.endswith("not converged: see the specs above; run plan to see what is left\n")


def test_a_failure_without_particulars_is_short() -> None:
    skipped = Result(Kind.CONNECTION_SPEC, "a", "a", None, OutcomeName.SKIPPED, error=Failure("dependency", "it waits for b"))
    text = render_apply_text(report(skipped))
    assert "skipped        connection spec a\n    it waits for b [dependency]\n    hint: see the spec that it depends on" in text


@pytest.mark.parametrize(("code", "name"), [(ExitCode.SIGINT, "SIGINT"), (ExitCode.SIGTERM, "SIGTERM")])
def test_a_stopped_apply_says_by_which_signal(code: ExitCode, name: str) -> None:
    assert f"stopped by {name}: requests in flight were finished" in render_apply_text(report(CREATED, signal=code))


def test_nothing_to_do_is_said_in_one_line() -> None:
    text = render_apply_text(ApplyReport(TARGET, DIGEST, ()))
    assert text == HEADER + "nothing to do\n\nconverged: live matches the repository\n"


def test_json_has_each_result_with_its_requests_and_error() -> None:
    document = decode(render_apply_json(report(CREATED, FAILED)))
    assert list(document) == [
        "report",
        "format_version",
        "digest",
        "target",
        "converged",
        "results",
        "problems",
        "journal",
        "error",
    ]
    assert (document["digest"], document["converged"], document["error"], document["journal"]) == (DIGEST, False, None, "j.jsonl")
    created, failed = document["results"]
    assert created == {
        "kind": "ConnectionSpec",
        "key": "orders",
        "name": "Orders",
        "id": MAILCHIMP,
        "outcome": "created",
        "requests": [{"method": "POST", "path": "/connectionSpecs", "status": 201, "request_id": "r1"}],
        "error": None,
        "warnings": [],
    }
    assert failed["error"] == {
        "code": "service",
        "message": "not entitled\n::error::",
        "hint": "ask for the role",
        "status": 400,
        "server_code": "1100-400",
        "request_id": "r2",
        "pointers": ["/name"],
        "ignore": ["ignore: [/name]"],
        "undo": f"reconciler --target stage restore j.jsonl --id {REST} --dry-run",
    }
    assert failed["warnings"][0]["code"] == "foreign-id-gone"


def test_a_refusal_has_the_same_keys_and_says_why() -> None:
    document = decode(render_refusal_json(view_of(plan(problems=(WARNING,))), Refused("no", hint="yes")))
    assert document["error"] == {"code": "refused", "message": "no", "hint": "yes"}
    assert (document["digest"], document["converged"], document["results"]) == (DIGEST, False, [])
    assert [problem["code"] for problem in document["problems"]] == ["not-kept"]


def test_a_refusal_carries_the_problems_of_its_error() -> None:
    error = SpecFileError("unreadable", [Problem(Severity.ERROR, "yaml", "tab", "specs/a.yaml", 1, 1)])
    document = decode(render_refusal_json(view_of(plan()), error))
    assert [problem["file"] for problem in document["problems"]] == ["specs/a.yaml"]


def held(key: str) -> Held:
    return Held(
        Kind.CONNECTION_SPEC, key, key.title(), ActionName.CREATE, (Wait("dev", GateName.SAME, "dev does not have it yet"),)
    )


def test_an_apply_while_something_waits_does_not_claim_that_live_matches() -> None:
    one = replace(report(CREATED, IN_SYNC), waiting=(held("members"),))
    assert render_apply_text(one).endswith("applied what was ready; 1 change waits at a gate\n")
    assert "converged: live matches" not in render_apply_text(one)
    three = replace(one, waiting=tuple(map(held, "abc")))
    assert render_apply_text(three).endswith("applied what was ready; 3 changes wait at a gate\n")
    assert (one.converged, one.exit_code) == (True, ExitCode.DONE)


def test_an_apply_that_had_nothing_ready_says_what_waits() -> None:
    done = replace(report(IN_SYNC, journal=None), waiting=(held("members"),))
    assert render_apply_text(done).endswith("nothing else to do; 1 change waits at a gate\n")


def test_what_failed_comes_before_what_waits() -> None:
    failed = replace(report(FAILED), waiting=(held("members"),))
    assert "not converged: see the specs above" in render_apply_text(failed)


def test_the_report_of_an_apply_has_what_waits_only_if_something_does() -> None:
    document = decode(render_apply_json(replace(report(CREATED), waiting=(held("members"),))))
    assert document["waiting"] == [
        {
            "kind": "ConnectionSpec",
            "key": "members",
            "name": "Members",
            "action": "create",
            "waits": [
                {"on": "dev", "gate": "same", "message": "dev does not have it yet", "hint": None, "since": None, "until": None}
            ],
        }
    ]
    assert document["converged"] is True
    assert "waiting" not in decode(render_apply_json(report(CREATED)))
