"""Whole proofs on a laptop: what they prove, what they refuse, and what they leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.emulator import Behaviour
from reconciler.errors import ExitCode, UsageError
from reconciler.proving.guards.before import ProofRefused
from reconciler.proving.report import LeftOver, ProveAllReport, ProveReport
from reconciler.reports.proving.text import prove_text
from tests.proving.samples import proof
from tests.sessions.proofs.laptop import KEY, ONLY_MAPPING, PROOF, PROVIDER, SPEC, Laptop, Wire, laptop, outcomes, why


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Laptop]:
    with laptop(tmp_path) as opened:
        yield opened


def test_a_right_spec_is_proved_and_nothing_but_the_mapping_set_is_left(here: Laptop) -> None:
    report = here.prove()
    assert (report.outcome, report.left, report.exit_code) == ("proved", (), ExitCode.DONE), report.steps
    assert set(outcomes(report).values()) == {"proved", "skipped"}
    assert [step for step, outcome in outcomes(report).items() if outcome == "skipped"] == ["schedule"]
    counts = report.counts
    assert (counts.tried, counts.input, counts.output, counts.failed, counts.pages) == (237, 237, 237, 0, 3)
    assert [(one.tried, one.input) for one in counts.by_window] == [(counts.by_window[0].tried, counts.by_window[0].tried)]
    assert set(report.ids) == {"flow", "run", "adf_run", "batch"}
    assert here.left() == ONLY_MAPPING
    assert [one.type for one in report.kept] == ["mappingSet"]


def test_a_second_proof_replaces_the_mapping_set_of_the_first(here: Laptop) -> None:
    assert here.prove().outcome == "proved"
    assert here.prove().outcome == "proved"
    assert here.left() == ONLY_MAPPING


def test_a_mapping_set_of_another_repository_is_left_as_it_is(here: Laptop) -> None:
    assert here.prove().outcome == "proved"
    theirs = here.give_mapping_set("somebody/else")
    before = here.mapping_sets()[theirs]
    assert here.prove().outcome == "proved"
    assert here.prove().outcome == "proved"
    assert here.mapping_sets()[theirs] == before
    assert here.left() == {"mappingSets": 2}


def test_a_mapping_set_whose_tags_are_not_kept_is_found_by_its_first_mapping(here: Laptop) -> None:
    assert here.prove().outcome == "proved"
    here.change_mapping_sets(lambda body: {name: value for name, value in body.items() if name != "tags"})
    assert here.prove().outcome == "proved"
    assert here.left() == ONLY_MAPPING


def test_a_mapping_set_that_nobody_marked_is_left_as_it_is(here: Laptop) -> None:
    assert here.prove().outcome == "proved"
    here.change_mapping_sets(lambda body: {**body, "tags": [], "mappings": body["mappings"][1:]})
    (before,) = here.mapping_sets().values()
    assert here.prove().outcome == "proved"
    assert before in here.mapping_sets().values()
    assert here.left() == {"mappingSets": 2}


def test_a_page_size_that_the_api_ignores_is_refused_by_the_trial_before_anything_is_made(tmp_path: Path) -> None:
    with laptop(tmp_path, SPEC.replace("limitName: count", "limitName: limit")) as here:
        report = here.prove()
        assert (report.outcome, report.exit_code) == ("refused", ExitCode.REFUSED)
        assert why(report, "try").startswith("try found ")
        assert here.left() == {}


def test_after_a_refusal_that_made_nothing_no_list_is_read_for_a_clean_up(tmp_path: Path) -> None:
    with laptop(tmp_path, SPEC.replace("limitName: count", "limitName: limit")) as here:
        report = here.prove()
        (cleanup,) = (step for step in report.steps if step.id == "cleanup")
        assert (cleanup.outcome, cleanup.why, cleanup.requests) == ("skipped", "nothing was made", ())
        assert "nothing was made" in prove_text(report)


def test_a_run_that_succeeds_with_too_few_records_is_not_proved(tmp_path: Path) -> None:
    with laptop(tmp_path, SPEC.replace("Const:false", "Const:true")) as here:
        report = here.prove(no_try=True)
        assert outcomes(report)["run"] == "proved"
        assert (report.outcome, report.exit_code) == ("failed", ExitCode.UNFINISHED)
        assert why(report, "count") == "the run read 100 records, and proof.yaml expects 237"
        assert here.left() == ONLY_MAPPING


@pytest.mark.parametrize(("pages", "outcome"), [("", "unknown"), ("  pages: 1\n", "proved"), ("  pages: {min: 1}\n", "proved")])
def test_a_page_that_was_never_turned_proves_no_pagination(tmp_path: Path, pages: str, outcome: str) -> None:
    few = f"  records: 50\n{pages}  unique: id\n" + "targets: [local]\n"
    proof_file = PROOF[: PROOF.index("  records")] + few
    with laptop(tmp_path, proof=proof_file, provider=PROVIDER.replace("237", "50")) as here:
        report = here.prove()
        assert (report.outcome, report.counts.pages) == (outcome, 1)
        assert ("pagination is not proved" in why(report, "count")) is (outcome == "unknown")


@pytest.mark.parametrize(
    ("records", "limit", "pages", "outcome"),
    [
        (101, '"100"', "", "proved"),
        (100, '"100"', "", "unknown"),
        (100, '"100"', "  pages: {min: 2}\n", "unknown"),
        (100, '"100"', "  pages: 1\n", "proved"),
        (100, "99", "", "proved"),
    ],
)
def test_without_a_trial_a_page_was_turned_if_one_cannot_have_all_records(
    tmp_path: Path, records: int, limit: str, pages: str, outcome: str
) -> None:
    proof_file = PROOF[: PROOF.index("  records")] + f"  records: {records}\n{pages}targets: [local]\n"
    spec, provider = SPEC.replace('limitValue: "100"', f"limitValue: {limit}"), PROVIDER.replace("237", str(records))
    with laptop(tmp_path, spec, proof=proof_file, provider=provider) as here:
        report = here.prove(no_try=True)
        assert report.outcome == outcome, report.steps
        assert ("whether a page was turned is not known" in why(report, "count")) is (outcome == "unknown")


def test_a_source_without_pagination_turns_no_page(tmp_path: Path) -> None:
    start, end = SPEC.index("        type: OFFSET"), SPEC.index("      scheduleParams")
    spec = SPEC[:start] + "        type: NONE\n" + SPEC[end:]
    proof_file = PROOF[: PROOF.index("  records")] + "  records: 5\ntargets: [local]\n"
    with laptop(tmp_path, spec, proof=proof_file, provider=PROVIDER.replace("237", "5")) as here:
        assert here.prove(no_try=True).outcome == "proved"
        assert here.prove().outcome == "proved"


def test_a_record_may_become_several_rows(tmp_path: Path) -> None:
    content = 'contentPath: {path: "$.members"}'
    spec = SPEC.replace(content, f'{content}\n      explodeEntityPath: {{path: "$.members.acts"}}')
    provider = PROVIDER.replace('changed: "{date}"}', 'changed: "{date}", acts: [{a: 1}, {a: 2}]}')
    with laptop(tmp_path, spec, provider=provider) as here:
        report = here.prove()
        assert report.outcome == "proved", report.steps
        assert (report.counts.tried, report.counts.input, report.counts.output) == (237, 237, 474)
        (window,) = report.counts.by_window
        assert window.output == 2 * (window.input or 0)


def test_counts_that_appear_after_the_end_of_a_run_are_waited_for(here: Laptop) -> None:
    here.emulator.service.behaviour = Behaviour(metrics_delay=30)
    report = here.prove()
    assert report.outcome == "proved", report.steps
    assert report.counts.by_window[0].input is not None


def test_counts_that_never_appear_are_not_waited_for_until_the_limit(here: Laptop) -> None:
    here.emulator.service.behaviour = Behaviour(metrics_delay=10**6)
    began = here.clock.time
    report = here.prove(skip=("windows", "schedule"))
    assert outcomes(report)["count"] == "unknown"
    assert 180 < here.clock.time - began < 240


def test_what_is_left_after_a_refusal_is_not_only_a_refusal() -> None:
    assert proof(outcome="refused").exit_code is ExitCode.REFUSED
    left = (LeftOver("flow", "f", "reconciler-proof/x", "in use"),)
    assert proof(outcome="refused", left=left).exit_code is ExitCode.UNFINISHED


def test_a_run_whose_rows_have_no_field_of_the_mapping_is_not_proved(here: Laptop) -> None:
    """A preview of whole answers does not show how the engine names the fields of a row."""
    here.emulator.service.behave(Behaviour(explore_shape="raw", engine={"row.wrapped": "bare"}))
    report = here.prove()
    assert outcomes(report)["explore"] == "proved"
    assert report.outcome == "failed"
    assert "the mapping does not fit" in why(report, "count")


def test_a_service_whose_clock_is_a_day_ahead_runs_the_flow_all_the_same(here: Laptop) -> None:
    here.emulator.service.behave(Behaviour(clock_skew=86_400, past_start="refuse"))
    report = here.prove()
    assert report.outcome == "proved", report.steps


def test_without_a_trial_the_proof_file_decides(here: Laptop) -> None:
    report = here.prove(no_try=True)
    assert report.outcome == "proved", report.steps
    assert [step.id for step in report.steps][:5] == ["spec", "connection", "auth", "explore", "schema"]
    assert report.counts.tried is None


def test_a_part_of_the_steps_is_no_proof(here: Laptop) -> None:
    report = here.prove(only=("auth",))
    assert outcomes(report) == dict.fromkeys(("try", "spec", "connection", "auth", "cleanup"), "proved")
    assert (report.outcome, report.exit_code) == ("unknown", ExitCode.UNFINISHED)
    assert "not proved: some steps were left out, so this is not a proof" in prove_text(report)
    assert here.left() == {}


def test_resources_can_be_kept_and_cleaned_up_later(here: Laptop) -> None:
    report = here.prove(keep_resources=True)
    assert report.outcome == "proved"
    assert {one.type for one in report.kept} == {
        *("flow", "sourceConnection", "targetConnection", "connection"),
        *("dataset", "schema", "fieldgroup", "mappingSet"),
    }
    assert len(here.left()) == 8
    cleaned = here.clean_up()
    assert (cleaned.cleaned.left, cleaned.exit_code) == ((), ExitCode.DONE)
    assert here.left() == ONLY_MAPPING


def test_schema_and_dataset_are_kept_for_the_next_proof(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=PROOF + "cleanup: {keep: [schema, dataset]}\n") as here:
        assert here.prove().outcome == "proved"
        kept = {"dataSets": 1, "schemas": 1, "fieldgroups": 1, "mappingSets": 1}
        assert here.left() == kept
        report = here.prove()
        assert report.outcome == "proved", report.steps
        assert "was kept by an earlier proof" in why(report, "schema")
        assert here.left() == kept


def test_evidence_is_written_only_for_a_proved_source(here: Laptop) -> None:
    proven = here.proven(keep=True)
    names = [file.name for file, _ in proven.files]
    assert names[0] == "proved-local.json"
    assert isinstance(proven.report, ProveReport)
    assert proven.report.target.emulated
    assert here.proven(keep=True, only=("auth",)).files == ()


def test_the_question_lists_what_is_made_and_what_stays(here: Laptop) -> None:
    here.prove()
    (plan,) = here.asked
    assert [call.makes for call in plan.made("permanent")] == ["mappingSet", "run", "run"]
    assert len(plan.made("deleted")) == 7


def test_a_dry_run_makes_the_same_calls_and_sends_nothing(here: Laptop) -> None:
    before = len(here.emulator.store.requests())
    plan = here.planned()
    assert len(here.emulator.store.requests()) == before
    here.wire = Wire(here.emulator)
    here.prove()
    posts = [path.rpartition("/")[2] for method, path in here.wire.sent if method == "POST" and "ims" not in path]
    planned = [call.path.rpartition("/")[2] for call in plan.calls if call.method == "POST"]
    assert list(dict.fromkeys(posts)) == list(dict.fromkeys(planned))
    assert "${PASSWORD}" in str([call.body for call in plan.calls])


@pytest.mark.parametrize(
    ("proof", "code"),
    [(PROOF.replace("targets: [local]", ""), "target-not-listed"), (PROOF + "target: {dataset: {id: 5e}}\n", "schema-needed")],
)
def test_what_the_proof_file_leaves_open_is_refused_before_anything_is_sent(tmp_path: Path, proof: str, code: str) -> None:
    with laptop(tmp_path, proof=proof) as here:
        here.wire = Wire(here.emulator)
        with pytest.raises(ProofRefused) as refused:
            here.prove()
        assert refused.value.problems[0].code == code
        assert here.wire.sent == []


def test_a_spec_that_differs_from_its_file_is_refused(here: Laptop) -> None:
    file = here.specs / "sources" / KEY / "connection-spec.yaml"
    file.write_text(SPEC.replace('"100"', '"50"'))
    with pytest.raises(ProofRefused) as refused:
        here.prove()
    assert refused.value.problems[0].code == "not-applied"
    assert "apply" in str(refused.value.hint)
    assert here.left() == {}


def test_an_unknown_key_is_an_error(here: Laptop) -> None:
    with pytest.raises(UsageError, match="unknown key 'nobody'"):
        here.proven("nobody")


def test_of_several_sources_one_that_cannot_be_proved_does_not_stop_the_others(here: Laptop) -> None:
    report = here.proven("nobody", KEY).report
    assert isinstance(report, ProveAllReport)
    assert [type(one).__name__ for one in report.results] == ["NotProved", "ProveReport"]
    assert report.exit_code is ExitCode.WRONG


def test_a_signal_ends_the_proof_and_cleans_up(here: Laptop) -> None:
    def interrupt(message: str) -> None:
        if "waiting for the run" in message:
            here.stop.request(ExitCode.SIGINT)

    here.progress.on_step = interrupt
    report = here.prove()
    assert report.interrupted
    assert (report.outcome, report.exit_code) == ("unknown", ExitCode.UNFINISHED)
    assert outcomes(report)["run"] == "unknown"
    assert outcomes(report)["count"] == "skipped"
    assert here.left() == ONLY_MAPPING


def test_no_journal_has_a_value_of_the_connection(here: Laptop) -> None:
    here.prove()
    (journal,) = here.journals()
    text = journal.read_text()
    assert "PASSWORD" not in text
    assert '"listId"' not in text
    assert journal.stat().st_mode & 0o777 == 0o600
